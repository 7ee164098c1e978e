type Use = 'read' | 'write';

interface Waiter {
  readonly enter: () => void;
}

/**
 * How many requests one system is sent at the same time. A place that becomes free goes to a write first: what it is
 * based on was just read and grows old.
 */
export class Places {
  #free: number;
  readonly #queues: Readonly<Record<Use, Waiter[]>> = { write: [], read: [] };

  constructor(most: number) {
    this.#free = most;
  }

  /** Runs the work in a place of its own, which is free again at its end, whatever that is; null: the signal fired while it waited. */
  async hold<T>(use: Use, signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#wait(this.#queues[use], signal))) return null;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #wait(queue: Waiter[], signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        resolve(false);
      };
      const waiter = {
        enter: (): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      queue.push(waiter);
    });
  }

  /** The place is handed on, and never free for somebody who came later. */
  #leave(): void {
    const next = this.#queues.write.shift() ?? this.#queues.read.shift();
    if (next === undefined) this.#free += 1;
    else next.enter();
  }
}
