import type Database from 'better-sqlite3';
import type { Db } from './db.ts';
import type { DiskFlush } from './disk-flush.ts';

interface Job {
  readonly work: () => void;
  readonly isUrgent: boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One commit for all that several callers want to be kept at this moment: records that are written at the
 * same time need not wait for one each. What fails is undone alone; the others are then done a second time, so what a
 * work does outside of the store must bear that. The flush to the disk, which takes milliseconds, is done beside, and
 * waited for by those only who must not go on without it.
 */
export class SharedCommit {
  readonly #db: Db;
  readonly #disk: Pick<DiskFlush, 'isPossible' | 'flush'>;
  /** Made once: every record that is written comes by here several times. */
  readonly #transaction: Database.Transaction<(act: () => void) => void>;
  #jobs: Job[] = [];

  constructor(db: Db, disk: Pick<DiskFlush, 'isPossible' | 'flush'>) {
    this.#db = db;
    this.#disk = disk;
    this.#transaction = db.transaction((act: () => void) => act());
  }

  /** Resolves once the work is committed and on disk (A5, K3: nothing may leave before). */
  durably(work: () => void): Promise<void> {
    return this.#run(work, true);
  }

  /**
   * Resolves once the work is committed: everybody sees it, and it outlives this process. Should the power fail before
   * the next flush, it is gone together with all that was committed after it, and never without.
   */
  run(work: () => void): Promise<void> {
    return this.#run(work, false);
  }

  #run(work: () => void, isUrgent: boolean): Promise<void> {
    return new Promise((done, failed) => {
      this.#jobs.push({ work, isUrgent, done, failed });
      // Whoever else has got an answer in this turn of the loop comes along.
      if (this.#jobs.length === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    const isFlushedBeside = this.#disk.isPossible();
    // Never changed inside a transaction; whatever commits by itself flushes by itself, as section 10 wants it.
    if (isFlushedBeside) this.#db.exec('PRAGMA synchronous = NORMAL');
    const failures = this.#keep(jobs);
    if (isFlushedBeside) this.#db.exec('PRAGMA synchronous = FULL');
    const kept = jobs.filter((job) => !failures.has(job));
    for (const [job, error] of failures) job.failed(error);
    for (const job of kept) if (!job.isUrgent || !isFlushedBeside) job.done();
    if (isFlushedBeside) void this.#flushFor(kept.filter(({ isUrgent }) => isUrgent));
  }

  async #flushFor(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.#disk.flush();
      for (const job of jobs) job.done();
    } catch (error) {
      for (const job of jobs) job.failed(error);
    }
  }

  /**
   * Who failed, and why. Together there is no way back for one alone: a savepoint each would copy every page that a job
   * changes. So where one fails all are undone, and each is done for itself.
   */
  #keep(jobs: readonly Job[]): ReadonlyMap<Job, unknown> {
    const failures = new Map<Job, unknown>();
    let failing: Job | null = null;
    try {
      this.#transaction.immediate(() => {
        for (failing of jobs) failing.work();
        failing = null;
      });
    } catch (error) {
      // A commit that failed is told to all of them, and not tried again.
      if (failing === null || jobs.length === 1) for (const job of jobs) failures.set(job, error);
      else for (const job of jobs) for (const [one, why] of this.#keep([job])) failures.set(one, why);
    }
    return failures;
  }
}
