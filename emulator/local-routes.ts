import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../shared/protocol/problems.ts';
import type { Route } from './front.ts';
import { playWorker } from './play/build.ts';

/** What `/_local/NAME` shows, as JSON. */
export type Views = Readonly<Record<string, () => unknown>>;

const folder = new URL('page/', import.meta.url);
const script = 'text/javascript; charset=utf-8';

/** The one script that is built: the people of the page, with the client library. */
const workerPath = '/page/people.js';

/** The page's files, by path. */
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/page/header.css': ['header.css', 'text/css; charset=utf-8'],
  '/page/lists.css': ['lists.css', 'text/css; charset=utf-8'],
  '/page/store.css': ['store.css', 'text/css; charset=utf-8'],
  '/page/keys.css': ['keys.css', 'text/css; charset=utf-8'],
  '/page/try.css': ['try.css', 'text/css; charset=utf-8'],
  '/page/usage.css': ['usage.css', 'text/css; charset=utf-8'],
  '/page/icon.svg': ['../../client/pages/icon.svg', 'image/svg+xml'],
  '/page/lock.svg': ['lock.svg', 'image/svg+xml'],
  '/page/main.js': ['main.js', script],
  '/page/dom.js': ['dom.js', script],
  '/page/keys.js': ['keys.js', script],
  '/page/mailbox.js': ['mailbox.js', script],
  '/page/play.js': ['play.js', script],
  '/page/store.js': ['store.js', script],
  '/page/secrecy.js': ['secrecy.js', script],
  '/page/usage.js': ['usage.js', script],
  '/page/try.js': ['try.js', script],
  '/page/traffic.js': ['traffic.js', script],
};

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page at `/`, and `/_local/…` behind it. */
export function localRoutes(views: Views): { page: Route; local: Route } {
  const file = async (response: ServerResponse, path: string) => {
    const [name, type] = files[path] ?? [];
    if (name === undefined || type === undefined)
      throw new Problem('FUNCTION_NOT_FOUND', `There is nothing at /_local${path.slice(0, 100)}.`);
    send(response, type, await readFile(new URL(name, folder)));
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
      if (path === workerPath) return send(response, script, Buffer.from(await playWorker()));
      if (view === undefined) return file(response, path);
      send(response, 'application/json', Buffer.from(JSON.stringify(await view())));
    },
  };
}

const send = (response: ServerResponse, type: string, bytes: Buffer): void =>
  void response.writeHead(200, { ...headers, 'content-type': type, 'content-length': bytes.length }).end(bytes);

/** A page of another site can make its name point at 127.0.0.1, but not this header name it. */
const ownHosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

function guard({ method = '', headers: { host = '' } }: IncomingMessage): void {
  if (method !== 'GET' && method !== 'HEAD') {
    throw new Problem('METHOD_NOT_ALLOWED', `${method} is not for this address; GET is.`, { allowed: ['GET', 'HEAD'] });
  }
  if (!ownHosts.test(host)) throw new Problem('FUNCTION_NOT_FOUND', 'This is shown to 127.0.0.1 and localhost only.');
}
