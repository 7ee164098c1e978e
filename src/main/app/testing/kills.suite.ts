import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { SIDES } from '../../../shared/domain.ts';
import { openDatabase } from '../../store/database.ts';
import { Journal } from '../../store/journal.ts';
import { AppOnSandbox } from './app-on-sandbox.suite.ts';
import type { Row } from './app-on-sandbox.suite.ts';

/** What became of the store and of both systems after `trials` times kill -9 in the middle of a run (section 10). */
export interface KillFigures {
  readonly trials: number;
  /** The process was in the middle of a run; the others had ended by themselves. */
  readonly killedWhileRunning: number;
  /** The store could not be opened afterwards, or its journal's chain did not verify (I22). */
  readonly corruptStores: number;
  /** Journal rows that were committed before the kill and are not there, as they were, after it (I8). */
  readonly lostRows: number;
  /** Records that one source record came to more than once (I3). */
  readonly duplicates: number;
  /** Edits of either side that did not arrive at the other, or are no longer on their own (I2). */
  readonly lostUpdates: number;
  /** Changes that were still open after the last two syncs (I1). */
  readonly leftOpen: number;
  /** Writes of the sync after those (I4). */
  readonly writesWhenInStep: number;
}

const CLI = resolve('src/main/hosts/cli/index.ts');
/** `apply` reads no lists, so that only the look before a send stands between a lost answer and a second record. */
const COMMANDS = [['sync', '--approve', 'all'], ['apply'], ['sync', '--approve', 'all'], ['apply'], ['apply']];
/** After this time of the demo's systems a late commit must have landed (7.4). */
const SETTLE_MS = 2_100;

/** Kills `count` runs of the CLI at random moments, each on fresh edits of both sides and new records. */
export async function runKills(count: number, seed = 20): Promise<KillFigures> {
  const bench = await KillBench.start(seed);
  try {
    for (let trial = 0; trial < count; trial++) await bench.trial(trial);
    return await bench.figures(count);
  } finally {
    await bench.stop();
  }
}

type Pair = Awaited<ReturnType<AppOnSandbox['linkedCustomers']>>[number];

class KillBench {
  readonly #world: AppOnSandbox;
  readonly #random: () => number;
  readonly #pairs: readonly Pair[];
  /** The newest edit of each pair. */
  readonly #edits = new Map<number, string>();
  /** The newest write of each system that was counted. */
  readonly #looked = { customerp: 0, tidsbanken: 0 };
  #sum = { killedWhileRunning: 0, corruptStores: 0, lostRows: 0 };

  private constructor(world: AppOnSandbox, random: () => number, pairs: readonly Pair[]) {
    this.#world = world;
    this.#random = random;
    this.#pairs = pairs;
  }

  static async start(seed: number): Promise<KillBench> {
    const world = await AppOnSandbox.start({
      customers: 60,
      employees: 10,
      projects: 10,
      overlap: 0.9,
      dirt: 0,
      differ: 0,
      seed: 11,
      latency: 8,
      switches: { 'customerp.uniqueNumbers': false },
    });
    await createCustomersInCustomerp(world);
    await world.reopen();
    await world.sync('all');
    await slowAnswers(world);
    const pairs = await world.linkedCustomers(100);
    await world.app.close();
    const bench = new KillBench(world, numbers(seed), pairs);
    // Who is killed leaves nothing compiled for the next.
    await once(bench.#command(['apply']), 'exit');
    return bench;
  }

  async trial(trial: number): Promise<void> {
    await this.#editBothSides(trial);
    const child = this.#command(COMMANDS[trial % COMMANDS.length] ?? []);
    const ended = new Promise<void>((resolve_) => child.once('exit', () => resolve_()));
    await this.#until(child, 1 + Math.floor(this.#random() * 5));
    // The moment inside the protocol is what is random here; nothing is waited for.
    await delay(this.#random() * 40);
    const durable = this.#lastRow();
    child.kill('SIGKILL');
    await ended;
    if (child.signalCode === 'SIGKILL') this.#sum.killedWhileRunning += 1;
    await this.#look(durable);
  }

  async figures(trials: number): Promise<KillFigures> {
    await delay(SETTLE_MS);
    await this.#world.reopen();
    await this.#world.sync('all', { wait: true });
    await this.#world.sync('all', { wait: true });
    await this.#newWrites();
    await this.#world.sync('all');
    return {
      trials,
      ...this.#sum,
      duplicates: await this.#duplicates(),
      lostUpdates: await this.#lostUpdates(),
      leftOpen: (await this.#world.app.changes({ show: 'open' }, { offset: 0, limit: 1 })).total,
      writesWhenInStep: await this.#newWrites(),
    };
  }

  stop = (): Promise<void> => this.#world.stop();

  async #editBothSides(trial: number): Promise<void> {
    for (const at of [2 * trial, 2 * trial + 1].map((n) => n % this.#pairs.length)) {
      const pair = this.#pairs[at];
      if (pair === undefined) throw new Error('no pairs');
      const token = `k${String(trial)}-${String(at)}.example`;
      this.#edits.set(at, token);
      await this.#world.edit('customerp', 'customers', pair.customerpId, { email: `post@${token}` });
      await this.#world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, { Url: `https://${token}` });
    }
    for (const n of [1, 2]) {
      const body = {
        Id: `8${String(trial).padStart(3, '0')}${String(n)}`,
        Navn: `Kjapp ${String(trial)}-${String(n)} AS`,
      };
      await this.#world.door('tidsbanken', 'records/Kunde', { method: 'POST', body });
    }
  }

  #command(command: readonly string[]): ChildProcess {
    return spawn(process.execPath, [CLI, ...command, '--workspace', this.#world.dir], { stdio: 'ignore' });
  }

  /** Until so many writes have arrived, or the process has nothing more to do. */
  async #until(child: ChildProcess, writes: number): Promise<void> {
    await this.#newWrites();
    let arrived = 0;
    while (child.exitCode === null && child.signalCode === null) {
      arrived += await this.#newWrites();
      if (arrived >= writes) return;
      await delay(5);
    }
  }

  #lastRow(): { seq: number; hash: string } | undefined {
    const db = new Database(this.#store, { readonly: true });
    try {
      return db
        .prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1')
        .get();
    } finally {
      db.close();
    }
  }

  /** Opening checks the file; each row's hash covers all rows before it. */
  async #look(durable: { seq: number; hash: string } | undefined): Promise<void> {
    const opened = openDatabase(this.#store);
    if (!opened.ok || (await new Journal(opened.value, Date.now).firstBrokenRow()) !== null)
      this.#sum.corruptStores += 1;
    if (!opened.ok) return;
    const hash = opened.value
      .prepare('SELECT hash FROM journal WHERE seq = ?')
      .pluck()
      .get(durable?.seq ?? 0);
    if (hash !== durable?.hash) this.#sum.lostRows += 1;
    opened.value.close();
  }

  get #store(): string {
    return join(this.#world.dir, 'store.db');
  }

  /** How many writes the systems have carried out since the last call. */
  async #newWrites(): Promise<number> {
    let count = 0;
    for (const side of SIDES) {
      const arrived = await this.#world.writes(side, this.#looked[side]);
      this.#looked[side] = arrived.at(-1)?.seq ?? this.#looked[side];
      count += arrived.length;
    }
    return count;
  }

  async #duplicates(): Promise<number> {
    const made = await this.#world.records('customerp', 'customers');
    const markers = made.map((row) => row['externalReference']).filter((marker) => marker !== null && marker !== '');
    const names = made.map((row) => String(row['name'])).filter((name) => name.startsWith('Kjapp '));
    return markers.length - new Set(markers).size + (names.length - new Set(names).size);
  }

  async #lostUpdates(): Promise<number> {
    let lost = 0;
    for (const [at, token] of this.#edits) {
      const pair = this.#pairs[at];
      const e = await this.#world.record('customerp', 'customers', pair?.customerpId ?? '');
      const t = await this.#world.record('tidsbanken', 'Kunde', pair?.tidsbankenId ?? '');
      const [email, site] = [`post@${token}`, `https://${token}`];
      const holds = (record: Row, [mail, url]: readonly [string, string]): boolean =>
        record[mail] === email && record[url] === site;
      if (!holds(e, ['email', 'website']) || !holds(t, ['Epost', 'Url'])) lost += 1;
    }
    return lost;
  }
}

/** A small generator with a seed, so that a failing run can be repeated. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** New customers go to Customerp, which numbers its records by itself: only the marker tells a repeated create from a new one. */
async function createCustomersInCustomerp({ dir }: AppOnSandbox): Promise<void> {
  const file = join(dir, 'workspace.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace('inTidsbanken: every, inCustomerp: never', 'inTidsbanken: never, inCustomerp: every'),
  );
}

/** The record is there, and its answer takes a while: the moment at which a kill hurts most. */
const slowAnswers = (world: AppOnSandbox): Promise<void> =>
  world.faults('customerp', [{ method: 'POST', path: 'customers', fault: { kind: 'latency', ms: 60 } }]);
