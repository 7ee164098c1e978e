import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SIDES, fail, ok } from '../../../shared/domain.ts';
import type { Pair, Problem, Result } from '../../../shared/domain.ts';
import { WORKSPACE_FILE } from './workspace-file.ts';

/** Who synchronises a pair of tenants on this computer. The file names a folder, and holds no secret. */
const Claim = z.object({ workspace: z.string() });

/** A place for claims, and the name of this workspace's pair in it. */
export interface PairClaim {
  readonly folder: string;
  readonly digest: string;
}

/** Names a pair of tenants: the two addresses with the keys that lead to the companies there. Tells none of them. */
export function pairDigest(
  systems: Pair<{ readonly url: string; readonly secrets: Readonly<Record<string, string>> }>,
) {
  const mac = createHmac('sha256', 'pair of tenants');
  for (const side of SIDES) {
    const { url, secrets } = systems[side];
    mac.update(JSON.stringify([side, url, Object.entries(secrets).toSorted(([a], [b]) => (a < b ? -1 : 1))]));
  }
  return mac.digest('hex').slice(0, 32);
}

/**
 * S10: one installation for a pair of tenants. The first workspace that synchronises it keeps it for as long as its
 * folder is there; another one is refused (`otherInstallation`). Where no claim can be kept, nobody is refused: what two
 * installations do to each other is still shown (W6).
 */
export async function claimPair({ folder, digest }: PairClaim, workspaceDir: string): Promise<Result<null, Problem>> {
  const path = join(folder, `${digest}.json`);
  const own = realpathSync(workspaceDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (await isMade(path, own)) return ok(null);
    const other = await holderOf(path);
    if (other === own) return ok(null);
    if (other !== null && existsSync(join(other, WORKSPACE_FILE))) return fail(otherInstallation(other, own, path));
    await rm(path, { force: true });
    return (await isMade(path, own)) ? ok(null) : claimPair({ folder, digest }, workspaceDir);
  } catch {
    return ok(null);
  }
}

/** Whole or not at all, and only where there is none: of two that start at once one is refused. */
async function isMade(path: string, workspace: string): Promise<boolean> {
  const part = `${path}.${randomUUID()}.part`;
  await writeFile(part, `${JSON.stringify({ workspace })}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(part, path);
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

/** The workspace that a claim names; null for a claim that cannot be read. */
async function holderOf(path: string): Promise<string | null> {
  try {
    const claim = Claim.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return claim.success ? claim.data.workspace : null;
  } catch {
    return null;
  }
}

const otherInstallation = (other: string, own: string, path: string): Problem => ({
  kind: 'otherInstallation',
  what: `The two systems are synchronised by another workspace on this computer already: ${other} (rail S10).`,
  notDone: 'Nothing was read or written: two installations would undo each other’s work.',
  todo: `Use that workspace. If ${own} is to take its place, move the other folder away, or remove ${path}, and sync again.`,
});
