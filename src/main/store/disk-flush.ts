import { closeSync, existsSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flushFile = promisify(fdatasync);

/**
 * Flushes what was committed to the disk, beside the thread that serves everybody: it is the same flush of the journal
 * file (WAL) with which SQLite ends a commit under `synchronous=FULL`, which takes milliseconds in which nothing else goes
 * on. Flushes that are asked for while one is under way become one.
 */
export class DiskFlush {
  readonly #path: string | null;
  #file: number | null = null;
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  /** `path`: of SQLite's journal file; null: there is none, or commits flush it themselves. */
  constructor(path: string | null) {
    this.#path = path;
  }

  /** Whether commits may leave the flush to this. A store in memory, or one that keeps no such file, may not. */
  isPossible(): boolean {
    if (this.#path === null) return false;
    if (this.#file === null && existsSync(this.#path)) this.#file = openSync(this.#path, 'r+');
    return this.#file !== null;
  }

  /** Resolves when all that was committed before this call is on disk; rejects when the disk refuses. */
  flush(): Promise<void> {
    if (this.#underWay === null) return this.#begin();
    // What is being flushed now may have begun before the last commit.
    this.#next ??= this.#after(this.#underWay);
    return this.#next;
  }

  /** Before the store is closed: a file that is open cannot be removed on every system. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    if (file === null) return;
    if (this.#underWay === null) closeSync(file);
    else void this.#underWay.catch(() => undefined).then(() => closeSync(file));
  }

  #begin(): Promise<void> {
    if (this.#file === null) return Promise.resolve();
    const underWay = flushFile(this.#file).finally(() => {
      if (this.#underWay === underWay) this.#underWay = null;
    });
    this.#underWay = underWay;
    return underWay;
  }

  async #after(former: Promise<void>): Promise<void> {
    await Promise.allSettled([former]);
    this.#next = null;
    return this.#begin();
  }
}
