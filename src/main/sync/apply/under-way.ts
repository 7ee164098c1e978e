import type { Pair } from '../../../shared/domain.ts';
import type { ReadyChange } from '../../store/changes.ts';

/**
 * Changes that are being written at the same time: of one kind and operation, so that the order of O1 holds; at most so
 * many per system; and of one pair only one, since each side is the other's source.
 */
export class UnderWay {
  readonly #most: Pair<number>;
  readonly #changes = new Map<number, { readonly change: ReadyChange; readonly done: Promise<void> }>();
  #failure: { readonly error: unknown } | null = null;

  /** @param most per system */
  constructor(most: Pair<number>) {
    this.#most = most;
  }

  get size(): number {
    return this.#changes.size;
  }

  /** One of them threw, which only defects and the machine itself do: nothing more should begin. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Resolves when this change may begin. */
  async roomFor(change: ReadyChange): Promise<void> {
    while (!this.#hasRoom(change)) await Promise.race([...this.#changes.values()].map(({ done }) => done));
  }

  begin(change: ReadyChange, work: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.#failure ??= { error };
      } finally {
        this.#changes.delete(change.id);
      }
    };
    this.#changes.set(change.id, { change, done: run() });
  }

  /** Resolves when all have come to their end; rejects with what the first of them threw. */
  async end(): Promise<void> {
    await Promise.all([...this.#changes.values()].map(({ done }) => done));
    if (this.#failure !== null) throw this.#failure.error;
  }

  #hasRoom(change: ReadyChange): boolean {
    const others = [...this.#changes.values()].map((entry) => entry.change);
    const isTogether = others.every((other) => other.kind === change.kind && other.op === change.op);
    const isAlone = others.every((other) => other.linkId === null || other.linkId !== change.linkId);
    const onSide = others.filter((other) => other.target === change.target).length;
    return isTogether && isAlone && onSide < this.#most[change.target];
  }
}
