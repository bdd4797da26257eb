import about from '../../package.json' with { type: 'json' };

/** Of this program. */
export const version: string = about.version;

/** The oldest Node.js that runs it: major and minor. A test installs the command and runs it there. */
export const oldestNode: readonly [major: number, minor: number] = [20, 16];
