/** What a person has of a mail: its link, or only the code at its end. */
export interface MailedCode {
  readonly code: string;
  /** Of a link: the server's address in it. */
  readonly server?: string;
}

/** Links hold their code as `?token=CODE` or as `#CODE`, behind the name of a function. */
export function mailedCode(given: string): MailedCode {
  const text = given.trim();
  if (!URL.canParse(text)) return { code: text };
  const url = new URL(text);
  const code = url.searchParams.get('token') ?? url.hash.slice(1);
  return { code, server: url.origin + url.pathname.replace(/\/[^/]*$/, '') };
}
