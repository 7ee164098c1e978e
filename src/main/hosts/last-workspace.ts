import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasWorkspace } from './demo.ts';

const FILE = 'last-workspace';

/** Which workspace the next start without a name opens. A folder that cannot be written only costs a choice. */
export async function rememberWorkspace(appData: string, dir: string): Promise<void> {
  try {
    await mkdir(appData, { recursive: true });
    await writeFile(join(appData, `${FILE}.part`), `${dir}\n`);
    await rename(join(appData, `${FILE}.part`), join(appData, FILE));
  } catch {
    // Told nowhere: nothing depends on it, and the next start asks.
  }
}

/** The workspace that was opened last, or the one in the app-data folder; null where there is none: a person chooses. */
export async function lastWorkspace(appData: string): Promise<string | null> {
  const kept = (await readFile(join(appData, FILE), 'utf8').catch(() => '')).trim();
  return [kept, appData].find((dir) => dir !== '' && hasWorkspace(dir)) ?? null;
}
