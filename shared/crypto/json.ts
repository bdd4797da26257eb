/** The value of a JSON text, or undefined where it is none: for texts from a server, whose form is checked next. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
