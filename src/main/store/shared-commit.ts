import type { Db } from './db.ts';

interface Job {
  readonly work: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One commit for all that several callers want to be durable at this moment: a flush to disk takes milliseconds, and
 * four records written at the same time need not wait for four of them. Each caller goes on only when its part is on
 * disk; what fails is undone alone.
 */
export class SharedCommit {
  readonly #db: Db;
  #jobs: Job[] = [];

  constructor(db: Db) {
    this.#db = db;
  }

  /** Resolves once the work is committed. */
  run(work: () => void): Promise<void> {
    return new Promise((done, failed) => {
      this.#jobs.push({ work, done, failed });
      // Whoever else has got an answer in this turn of the loop comes along.
      if (this.#jobs.length === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    const failures = new Map<Job, unknown>();
    try {
      this.#db
        .transaction(() => {
          for (const job of jobs) this.#try(job, failures);
        })
        .immediate();
    } catch (error) {
      for (const job of jobs) failures.set(job, error);
    }
    for (const job of jobs) {
      if (failures.has(job)) job.failed(failures.get(job));
      else job.done();
    }
  }

  #try(job: Job, failures: Map<Job, unknown>): void {
    try {
      this.#db.transaction(job.work)();
    } catch (error) {
      // A disk that is full has ended the whole transaction, and with it what the others did.
      if (!this.#db.inTransaction) throw error;
      failures.set(job, error);
    }
  }
}
