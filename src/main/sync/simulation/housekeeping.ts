import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { newestSoundBackup } from '../../store/backup.ts';
import { backupsOf, openDatabase } from '../../store/database.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';
import { restoreStore } from '../../store/restore.ts';
import type { Store } from '../../store/store.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';
import type { Oracle } from './oracle.ts';
import type { House } from './story.ts';
import { TOUCHED, mappingOf, remapped } from './traits.ts';
import type { Traits } from './traits.ts';

/** What is done to a store in a file, and to the mapping. Each deed answers with what it came to; null: nothing. */
export class Housekeeping {
  readonly #fakes: Fakes;
  readonly #oracle: Oracle;
  readonly #backups: string[] = [];
  #mapping: (flow: FlowMapping) => FlowMapping;

  constructor(fakes: Fakes, oracle: Oracle, traits: Traits) {
    this.#fakes = fakes;
    this.#oracle = oracle;
    this.#mapping = mappingOf(traits);
  }

  async perform(house: House): Promise<string | null> {
    if (house.do === 'remap') return this.#remap(house);
    if (this.#fakes.folder === null) return null;
    switch (house.do) {
      case 'backUp':
        return this.#backUp(this.#fakes.folder);
      case 'restore':
        return this.#restore(house.at);
      case 'dieInBackup':
        return this.#dieInBackup(this.#fakes.folder);
      case 'dieInMigration':
        return this.#dieInMigration();
    }
  }

  #remap({ kind, how }: Extract<House, { do: 'remap' }>): string {
    const before = this.#mapping;
    const change = remapped(how, kind);
    this.#mapping = (flow) => change(before(flow));
    this.#fakes.remap(this.#mapping);
    this.#oracle.remapped(kind, TOUCHED[kind]);
    return `the mapping of ${kind} is changed: ${how}`;
  }

  async #backUp(folder: string): Promise<string> {
    const target = join(folder, `backup-${String(this.#backups.length)}.db`);
    const made = await this.#fakes.store.backUp(target);
    this.#oracle.backedUp(made.ok, 'a backup was not made');
    if (made.ok) this.#backups.push(target);
    return `backup ${String(this.#backups.length - 1)} is made`;
  }

  /** What is in the older store is what was known then; what the systems hold has gone on. */
  async #restore(at: number): Promise<string | null> {
    const index = Math.floor(at * this.#backups.length);
    const file = this.#backups[index];
    if (file === undefined) return null;
    const { path, clock } = this.#fakes;
    const request = { storePath: path, file, person: 'tester', now: () => clock.now() };
    const restored = await this.#fakes.whileClosed(() => restoreStore(request));
    this.#oracle.backedUp(restored.ok, 'a sound backup was not restored');
    if (!restored.ok) return `restoring backup ${String(index)} failed: ${restored.failure.what}`;
    this.#oracle.restored();
    return `backup ${String(index)} is restored`;
  }

  /** Z10: nothing has the backup's name until it is whole, and the store itself is as before. */
  async #dieInBackup(folder: string): Promise<string> {
    const { path } = this.#fakes;
    const before = await contentOf(this.#fakes.store);
    const target = join(folder, `cut-short-${String(this.#backups.length)}.db`);
    const begun = this.#fakes.store.backUp(target);
    // The process ends while the copy is on its way: nobody is left to finish it, or to tidy up after it.
    this.#fakes.reopen();
    const made = await begun.catch((): Result<never, Problem> => fail(gone));
    writeFileSync(`${target}.left-over.part`, readFileSync(path).subarray(0, 4_096 * 3));
    this.#oracle.backedUp(!made.ok && !existsSync(target), 'a backup that was cut short has its name');
    this.#oracle.backedUp((await contentOf(this.#fakes.store)) === before, 'a backup cut short changed the store');
    const again = await this.#fakes.store.backUp(target);
    this.#oracle.backedUp(again.ok, 'what a backup cut short has left is in the way of the next one');
    return 'the process dies while it makes a backup';
  }

  /** Z10: a verified backup, and then all of a migration or nothing of it. */
  async #dieInMigration(): Promise<string> {
    const { path, clock } = this.#fakes;
    const before = await contentOf(this.#fakes.store);
    const opened = await this.#fakes.whileClosed(async () => openDatabase(path, DYING, () => clock.now()));
    this.#oracle.backedUp(!opened.ok, 'a migration that dies was taken for done');
    this.#oracle.backedUp((await contentOf(this.#fakes.store)) === before, 'a migration that died changed the store');
    const kept = newestSoundBackup(backupsOf(path), MIGRATIONS.length);
    this.#oracle.backedUp(kept !== null, 'there is no sound backup from before the migration');
    if (kept !== null) this.#backups.push(kept);
    return 'the process dies while it migrates the store';
  }
}

/** A next version whose step does half of its work. */
const DYING = [
  ...MIGRATIONS,
  {
    version: MIGRATIONS.length + 1,
    name: 'dies half-way',
    sql: 'CREATE TABLE half_done (id INTEGER); DELETE FROM mismatches; INSERT INTO not_there VALUES (1);',
  },
];

const gone: Problem = { kind: 'backupFailed', what: 'The process is gone.', notDone: '', todo: '' };

/** All that a store says of changes, links and findings, to compare by. */
async function contentOf(store: Store): Promise<string> {
  const content: unknown[] = [await store.journal.list({}, 0, 1_000_000)];
  for (const table of [store.changes, store.links, store.mismatches])
    for (let id = 1; ; id++) {
      const row = await table.get(id);
      if (row === null) break;
      content.push(row);
    }
  return JSON.stringify(content);
}
