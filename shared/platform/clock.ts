/** Milliseconds since 1970. Orders nothing: it only stamps and expires. */
export interface Clock {
  now(): number;
}
