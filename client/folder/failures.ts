/** There is no sync folder here: nothing says which group it belongs to. */
export class NoSyncFolder extends Error {
  static readonly code = 'NO_SYNC_FOLDER';
  readonly code = NoSyncFolder.code;

  constructor(path: string) {
    super(`${path} and the folders above it are no sync folders: nothing in them says which group they belong to.`);
    this.name = 'NoSyncFolder';
  }
}

/** Another program syncs this folder now. */
export class FolderBusy extends Error {
  static readonly code = 'FOLDER_BUSY';
  readonly code = FolderBusy.code;

  /** @param lock the file that says so */
  constructor(path: string, pid: number, lock: string) {
    super(`${path} is being synced by another program: process ${pid}, says ${lock}.`);
    this.name = 'FolderBusy';
  }
}

/** What this program had written down of a folder is not whole. Nothing was changed. */
export class FolderStateUnusable extends Error {
  static readonly code = 'FOLDER_STATE_UNUSABLE';
  readonly code = FolderStateUnusable.code;

  constructor(path: string) {
    super(`${path} is not what this program wrote there.`);
    this.name = 'FolderStateUnusable';
  }
}

/** What was to be brought to a group did not come to rest: somebody else changes the same all the time. */
export class NeverSettled extends Error {
  static readonly code = 'NEVER_SETTLED';
  readonly code = NeverSettled.code;

  constructor(rounds: number) {
    super(`After ${rounds} rounds others had changed the same again. Nothing is lost.`);
    this.name = 'NeverSettled';
  }
}
