import { join } from 'node:path';
import type { Problem, Result } from '../../../shared/domain.ts';
import { restoreStore } from '../../store/restore.ts';
import type { Restored } from '../../store/restore.ts';
import { readWorkspace, STORE_FILE } from '../workspace/workspace-file.ts';

/** Puts a backup in the place of a workspace's store. The workspace must not be open: a damaged one cannot be. */
export async function restoreWorkspace(dir: string, file: string, person: string): Promise<Result<Restored, Problem>> {
  const config = await readWorkspace(dir);
  if (!config.ok) return config;
  return restoreStore({ storePath: join(dir, STORE_FILE), file, person, now: Date.now });
}
