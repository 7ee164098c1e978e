import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FolderList } from '../../../shared/contract/setup.ts';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { WORKSPACE_FILE } from '../workspace/workspace-file.ts';

const MOST = 500;

const isWorkspace = (path: string): boolean => existsSync(join(path, WORKSPACE_FILE));

/** The folders in one folder, by name; hidden ones are left out. Problem: `folderUnusable`. */
export async function listFolders(folder: string): Promise<Result<FolderList, Problem>> {
  const path = resolve(folder);
  const parent = dirname(path);
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .toSorted((a, b) => a.localeCompare(b));
    return ok({
      path,
      parent: parent === path ? null : parent,
      isWorkspace: isWorkspace(path),
      folders: names.slice(0, MOST).map((name) => {
        const own = join(path, name);
        return { name, path: own, isWorkspace: isWorkspace(own) };
      }),
      isCut: names.length > MOST,
    });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    return fail({
      kind: 'folderUnusable',
      what: `The folder ${path} cannot be looked into (${why}).`,
      notDone: 'Nothing was opened.',
      todo: 'Choose another folder.',
      facts: { path },
    });
  }
}
