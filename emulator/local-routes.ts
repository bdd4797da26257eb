import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../shared/protocol/problems.ts';
import type { Route } from './front.ts';

/** What `/_local/NAME` shows, as JSON. */
export type Views = Readonly<Record<string, () => unknown>>;

const folder = new URL('page/', import.meta.url);

/** The page's files, by path. */
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/page/header.css': ['header.css', 'text/css; charset=utf-8'],
  '/page/lists.css': ['lists.css', 'text/css; charset=utf-8'],
  '/page/store.css': ['store.css', 'text/css; charset=utf-8'],
  '/page/usage.css': ['usage.css', 'text/css; charset=utf-8'],
  '/page/icon.svg': ['../../client/pages/icon.svg', 'image/svg+xml'],
  '/page/lock.svg': ['lock.svg', 'image/svg+xml'],
  '/page/main.js': ['main.js', 'text/javascript; charset=utf-8'],
  '/page/dom.js': ['dom.js', 'text/javascript; charset=utf-8'],
  '/page/mailbox.js': ['mailbox.js', 'text/javascript; charset=utf-8'],
  '/page/store.js': ['store.js', 'text/javascript; charset=utf-8'],
  '/page/secrecy.js': ['secrecy.js', 'text/javascript; charset=utf-8'],
  '/page/usage.js': ['usage.js', 'text/javascript; charset=utf-8'],
  '/page/traffic.js': ['traffic.js', 'text/javascript; charset=utf-8'],
};

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page at `/`, and `/_local/…` behind it. */
export function localRoutes(views: Views): { page: Route; local: Route } {
  const file = async (response: ServerResponse, path: string) => {
    const [name, type] = files[path] ?? [];
    if (name === undefined)
      throw new Problem('FUNCTION_NOT_FOUND', `There is nothing at /_local${path.slice(0, 100)}.`);
    const bytes = await readFile(new URL(name, folder));
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': bytes.length }).end(bytes);
  };
  return {
    page: async (request, response) => {
      guard(request);
      await file(response, '/');
    },
    local: async (request, response, url) => {
      guard(request);
      const path = url.split('?')[0] ?? '/';
      const view = views[path.slice(1)];
      if (view === undefined) return file(response, path);
      const bytes = Buffer.from(JSON.stringify(await view()));
      response
        .writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': bytes.length })
        .end(bytes);
    },
  };
}

/** A page of another site can make its name point at 127.0.0.1, but not this header name it. */
const ownHosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

function guard({ method = '', headers: { host = '' } }: IncomingMessage): void {
  if (method !== 'GET' && method !== 'HEAD') {
    throw new Problem('METHOD_NOT_ALLOWED', `${method} is not for this address; GET is.`, { allowed: ['GET', 'HEAD'] });
  }
  if (!ownHosts.test(host)) throw new Problem('FUNCTION_NOT_FOUND', 'This is shown to 127.0.0.1 and localhost only.');
}
