import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { CONCEAL_KEY_BYTES } from '../mapping/conceal.ts';
import { makeKeyFile } from './key-file.ts';

export const CONCEAL_KEY_FILE = 'conceal.key';

const HEX = new RegExp(`^[0-9a-f]{${String(2 * CONCEAL_KEY_BYTES)}}$`);

/**
 * The workspace's own key, with which sensitive values are concealed (J1); made at random when it is asked for first.
 *
 * It lies in a file of its own beside the store, readable by this account only. The other secrets come from outside and
 * are only read; this one has to be made, and every host (also one without a keychain, such as a scheduled command) has
 * to find the same. Backups hold the store and never this file: a copy of the store alone tells nobody a national id,
 * and a store that is put back elsewhere gets another key, which its bases do not go by (S5).
 *
 * Problems: `concealKeyUnusable`.
 */
export function concealKey(workspaceDir: string): Result<Uint8Array, Problem> {
  const path = join(workspaceDir, CONCEAL_KEY_FILE);
  try {
    if (!existsSync(path)) makeKeyFile(path, `${randomBytes(CONCEAL_KEY_BYTES).toString('hex')}\n`);
    const text = readFileSync(path, 'utf8').trim();
    return HEX.test(text) ? ok(Buffer.from(text, 'hex')) : fail(unusable(path, 'it does not hold a key'));
  } catch (error) {
    return fail(unusable(path, error instanceof Error ? error.message : String(error)));
  }
}

const unusable = (path: string, why: string): Problem => ({
  kind: 'concealKeyUnusable',
  what: `The key that conceals national ids and the like cannot be used (${path}: ${why}).`,
  notDone: 'The workspace was not opened, and nothing was synchronised.',
  todo: 'Put the file back from where you keep it, or remove it: then a new key is made, and these properties are compared anew.',
});
