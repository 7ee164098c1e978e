import type { Side } from '../../../shared/domain.ts';
import type { WriteResult } from '../../connectors/connector.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import { backToApproved } from './ends.ts';
import type { Turn } from './outcome.ts';
import { row } from './read-back.ts';

const MAX_SLOW_DOWNS = 5;
/** J3: whoever asks for more than this is not waited for; the change keeps its approval. */
const LONGEST_WAIT_MS = 15 * 60_000;

/** Outcomes that say for sure that nothing was applied (section 8). */
export type NotApplied = Extract<WriteResult, { readonly kind: 'slowDown' | 'notSent' }> | typeof TOO_LATE;

/** A6, K9: what was looked at is too old to be acted on. Nothing left. */
export const TOO_LATE = { kind: 'tooLate', detail: 'looking and preparing took too long' } as const;

/** Whether what was looked at then (monotonic, ms) may still be acted on. */
export const isStillFresh = ({ clock, settings }: Pick<SyncContext, 'clock' | 'settings'>, lookedAt: number): boolean =>
  clock.monotonic() - lookedAt <= settings.sendWithinMs;

/** Since when (monotonic, ms) what a write is based on has been growing old. */
export interface LookedAt {
  /** The record that it is taken from: looked at again if the wait for the system took too long. */
  readonly source: number;
  /** What a write would replace there: looked at again even if its announcement took too long; null: it replaces nothing. */
  readonly target: number | null;
}

export interface Attempted {
  readonly attempt: StoredChange;
  readonly result: WriteResult | typeof TOO_LATE;
}

/**
 * Announces a write and sends it once the limits of its system let it leave: what waits for that is not under way. Null,
 * with nothing announced, when the run is to stop, or when what was looked at has grown too old meanwhile (A2, A6, K9).
 * The durable announcement may have taken long, too: then nothing is sent after it.
 */
export function attemptWrite(
  ctx: SyncContext,
  side: Side,
  { source, target }: LookedAt,
  { announce, send }: { announce: () => Promise<StoredChange>; send: () => Promise<WriteResult> },
): Promise<Attempted | null> {
  const isTargetFresh = (): boolean => target === null || isStillFresh(ctx, target);
  return ctx.connectors[side].admit(ctx.stop, async () => {
    if (!isStillFresh(ctx, source) || !isTargetFresh()) return null;
    const attempt = await announce();
    return { attempt, result: isTargetFresh() ? await send() : TOO_LATE };
  });
}

/** How often one change is tried again after it was surely not applied: from A2 or K2, never the send alone. */
export class Patience {
  readonly #ctx: SyncContext;
  #slowDowns = 0;
  #notSent = 0;

  constructor(ctx: SyncContext) {
    this.#ctx = ctx;
  }

  /** `again`, after the wait that the system asked for; or the turn that ends it, its approval intact. */
  async after(attempt: StoredChange, result: NotApplied): Promise<'again' | Turn> {
    if (result.kind === 'slowDown') return this.#slowedDown(attempt, result.retryAfterMs, result.detail);
    this.#notSent += 1;
    if (this.#notSent < this.#ctx.settings.attempts && !this.#ctx.stop.aborted) {
      await this.#backToPreparing(attempt, 'notSent', { why: result.detail });
      return 'again';
    }
    const turn = await backToApproved(this.#ctx, attempt, result.detail);
    return result.kind === 'tooLate' ? turn : { kind: 'sideDown', side: attempt.target };
  }

  async #slowedDown(attempt: StoredChange, retryAfterMs: number, detail: string): Promise<'again' | Turn> {
    const { stop, clock } = this.#ctx;
    this.#slowDowns += 1;
    if (retryAfterMs > LONGEST_WAIT_MS) return backToApproved(this.#ctx, attempt, detail);
    await this.#backToPreparing(attempt, 'slowedDown', { retryAfterMs });
    if (this.#slowDowns <= MAX_SLOW_DOWNS && !stop.aborted) await clock.sleep(retryAfterMs, stop);
    return this.#slowDowns > MAX_SLOW_DOWNS || stop.aborted ? backToApproved(this.#ctx, attempt, detail) : 'again';
  }

  async #backToPreparing(attempt: StoredChange, event: string, detail: Record<string, unknown>): Promise<void> {
    await this.#ctx.store.changes.advance(attempt.id, {
      state: 'preparing',
      journal: [row(this.#ctx, attempt, event, detail)],
    });
  }
}
