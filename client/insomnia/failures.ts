/** The file is no Insomnia export that this program can take apart. */
export class InsomniaFileRefused extends Error {
  static readonly code = 'INSOMNIA_FILE_REFUSED';
  readonly code = InsomniaFileRefused.code;

  constructor(reason: string) {
    super(`This is no Insomnia export file that can be imported: ${reason}.`);
    this.name = 'InsomniaFileRefused';
  }
}
