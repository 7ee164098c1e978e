import type { Problem } from '../../../shared/domain.ts';
import { DAY_MS, newestDaily } from '../backups/backups.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface StoreHealth {
  readonly ok: boolean;
  readonly findings: readonly string[];
  readonly problem: Problem | null;
}

/** Whether the store is whole, its journal's chain unbroken (I22), and its backups are made. */
export async function storeHealth({ store, dir, clock }: Workspace): Promise<StoreHealth> {
  const { integrity, brokenRow } = await store.check();
  const newest = await newestDaily(dir);
  const findings = [
    integrity === 'ok' ? 'integrity: ok' : `integrity: ${integrity}`,
    brokenRow === null ? 'journal: unbroken' : `journal: row ${String(brokenRow)} does not follow from the one before`,
    backupFinding(newest, clock.now()),
  ];
  const problem = integrity !== 'ok' ? damaged(integrity) : brokenRow !== null ? brokenJournal(brokenRow) : null;
  return { ok: problem === null, findings, problem };
}

function backupFinding(newest: number | null, now: number): string {
  if (newest === null) return 'newest daily backup: none yet; the next run makes one';
  const hours = Math.max(0, Math.floor((now - newest) / 3_600_000));
  const age = `newest daily backup: ${String(hours)} hours old`;
  return now - newest > 2 * DAY_MS ? `${age}; a run makes one a day` : age;
}

const damaged = (integrity: string): Problem => ({
  kind: 'storeDamaged',
  what: `The link store is damaged: ${integrity}.`,
  notDone: 'Nothing was changed.',
  todo: 'Do not sync. Close the app and run “tidsbro restore” with the newest file of the folder “backups”.',
});

const brokenJournal = (row: number): Problem => ({
  kind: 'journalBroken',
  what: `Row ${String(row)} of the journal does not follow from the row before: it was changed outside Tidsbro.`,
  notDone: 'Nothing was changed.',
  todo: 'Find out who can write to the workspace folder. What the journal says from that row on is not certain.',
});
