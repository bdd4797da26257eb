/** A request as the core sees it, whatever server it came through. Header names are lower-case. */
export interface HttpRequest {
  readonly method: string;
  /** What follows the function's name in the URL: `/` or a longer path. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address the connection, or the nearest trusted proxy, reports. */
  readonly address: string;
  /** The body as it arrives, compressed if the caller compressed it. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** In place of a body: bytes that come as they are read, their number told by `content-length` where that may be sent. */
  readonly bytes?: AsyncIterable<Uint8Array>;
}
