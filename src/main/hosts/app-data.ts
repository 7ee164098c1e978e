import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The platform's place for the data of an app, with our folder in it: where a workspace lives unless told otherwise. */
export function appDataDir(env: Env, platform: NodeJS.Platform = process.platform, home = homedir()): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'tidsbro');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'tidsbro');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'tidsbro');
}

/** Where the workspaces of this account are told from each other (S10). */
export const pairsDir = (env: Env): string => join(appDataDir(env), 'pairs');

/** Who decides, for the journal. An account without a name (some containers) still decides as somebody. */
export function personOf(env: Env): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? env['USERNAME'] ?? 'operator';
  }
}
