/** How `nightvault` ends. The numbers stay as they are. */
export const exitCodes = {
  ok: { code: 0, about: 'all is well' },
  failed: { code: 1, about: 'something unexpected; please report it' },
  usage: { code: 2, about: 'the command line is not one, or what it needs was not given' },
  login: { code: 3, about: 'there is no session, or the address, passphrase or code is wrong' },
  unreachable: { code: 4, about: 'no answer from the server' },
  refused: { code: 5, about: 'the server refused' },
  attention: { code: 6, about: 'done, but something needs to be looked at: a conflict, or a file that is not synced' },
  distrust: { code: 7, about: "what the server said was not trusted, or a key was not taken for its owner's" },
  local: { code: 8, about: 'a file or folder here is not as it must be' },
  interrupted: { code: 130, about: 'interrupted (Ctrl-C)' },
} as const;

export type ExitName = keyof typeof exitCodes;
