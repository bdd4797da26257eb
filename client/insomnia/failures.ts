/** The file is no Insomnia export that this program can take apart. */
export class InsomniaFileRefused extends Error {
  static readonly code = 'INSOMNIA_FILE_REFUSED';
  readonly code = InsomniaFileRefused.code;

  constructor(reason: string) {
    super(`This is no Insomnia export file that can be imported: ${reason}.`);
    this.name = 'InsomniaFileRefused';
  }
}

/** What stands in a group as an Insomnia project cannot be joined to a file. */
export class InsomniaProjectUnusable extends Error {
  static readonly code = 'INSOMNIA_PROJECT_UNUSABLE';
  readonly code = InsomniaProjectUnusable.code;

  constructor(reason: string) {
    super(`The project cannot be joined to a file: ${reason}.`);
    this.name = 'InsomniaProjectUnusable';
  }
}
