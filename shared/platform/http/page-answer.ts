import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Platform } from '../context.ts';
import type { Frame, PageFile } from '../pages.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

export async function frameOf({ pages, settings }: Pick<Platform, 'pages' | 'settings'>): Promise<Frame> {
  return { pages: await pages(), base: `${new URL(settings.baseUrl).pathname.replace(/\/$/, '')}/` };
}

/** A file that is kept for good: another content would have another name. */
export function fileAnswer(file: PageFile, { headers: asked }: HttpRequest): HttpResponse {
  const headers = { ...fileHeaders, 'content-type': file.type };
  if (!/\bgzip\b/.test(asked['accept-encoding'] ?? '')) return { status: 200, headers, body: file.text };
  const bytes = compressed(file);
  return {
    status: 200,
    headers: { ...headers, 'content-encoding': 'gzip', 'content-length': String(bytes.length) },
    bytes: Readable.from([bytes]),
  };
}

const known = new WeakMap<PageFile, Buffer>();

/** Once a process: anybody may ask for files, as often as they like. */
function compressed(file: PageFile): Buffer {
  const bytes = known.get(file) ?? gzipSync(file.text);
  known.set(file, bytes);
  return bytes;
}

const hardened = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A page runs our own files and nothing else: no other origin, nothing inline, no text made into code or markup. */
export const pageHeaders = {
  ...hardened,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types nightvault',
  ].join('; '),
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-robots-tag': 'noindex',
};

/** A worker's policy is its own file's. */
const fileHeaders = {
  ...hardened,
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; connect-src 'self'",
  vary: 'Accept-Encoding',
};
