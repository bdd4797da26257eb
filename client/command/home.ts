import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where `nightvault` keeps what it must remember: `NIGHTVAULT_HOME`, else the place for such things on this system.
 */
export function homeOf(env: Environment): string {
  if (env.NIGHTVAULT_HOME) return env.NIGHTVAULT_HOME;
  const home = env.HOME ?? homedir();
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'nightvault');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'nightvault');
  return join(env.XDG_STATE_HOME ?? join(home, '.local', 'state'), 'nightvault');
}
