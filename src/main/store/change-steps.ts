import type { ChangeState, GroupChange, Problem, Side } from '../../shared/domain.ts';
import type { BaseMove, Bases } from './bases.ts';
import type { ChangeRows } from './change-rows.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Links } from './links.ts';
import type { Mismatches, NewMismatch } from './mismatches.ts';
import { toChange } from './stored-change.ts';
import type { ChangeRow } from './stored-change.ts';
import type { Records, SeenNow } from './records.ts';
import type { NewLink, UnverifiedEnd } from './stored-link.ts';

/** One step of one change, in one transaction with its consequences and its journal rows. */
export interface Step {
  readonly state: ChangeState;
  readonly attempt?: number;
  readonly sentAt?: number | null;
  /** The run that sends it. */
  readonly sentRun?: number;
  readonly problem?: Problem | null;
  readonly groups?: readonly GroupChange[];
  readonly intent?: {
    readonly chosenId: string | null;
    readonly marker: string | null;
    readonly payloadDigest: string;
  };
  /** The native id a create came to; with `newLink` the link is made: unverified until it was read back (K5), or active. */
  readonly nativeId?: string;
  readonly newLink?: NewLink & { readonly state: 'unverified' | 'active' };
  readonly activateLink?: number;
  /** A link that never became active, since its new record is not there or not ours. Told of by the finding. */
  readonly endLink?: { readonly linkId: number; readonly why: UnverifiedEnd };
  readonly base?: BaseMove;
  readonly freeze?: {
    readonly linkId: number;
    readonly groups: readonly string[];
    readonly why: 'transformed' | 'notPersisted' | 'flapping';
  };
  /** Strong keys that the write has set on its side: the pair goes by them from now on (M6). */
  readonly keys?: {
    readonly linkId: number;
    readonly side: Side;
    readonly values: Readonly<Record<string, string | null>>;
  };
  readonly mismatch?: NewMismatch;
  /** Groups that nobody has approved live on as a change of their own. */
  readonly remainder?: readonly GroupChange[];
  readonly dirtyLink?: number;
  /** What a write was read back as (A8, K6); `dirtyLink` or `activateLink` goes with it. */
  readonly seen?: SeenNow;
  readonly journal: readonly JournalEntry[];
}

/** States in which a write of ours was read back: the time that the record bears is its time (D4). */
const WAS_SENT: ReadonlySet<ChangeState> = new Set(['verified', 'transformed', 'notPersisted']);

/** What a create that made no record ends or waits in: its source is judged anew. */
const COMES_TO_NOTHING: ReadonlySet<ChangeState> = new Set(['failed', 'stale', 'unknown', 'manual', 'notPersisted']);

/** What a step needs to know of its change. */
type TakenChange = Pick<
  ChangeRow,
  'id' | 'plan_id' | 'kind' | 'op' | 'target' | 'link_id' | 'customerp_id' | 'tidsbanken_id'
>;

const SET_NATIVE_ID = `, customerp_id = iif(target = 'customerp', :nativeId, customerp_id),
  tidsbanken_id = iif(target = 'tidsbanken', :nativeId, tidsbanken_id)`;

/** The steps of changes on their way to a system, with all that each brings about. */
export class ChangeSteps {
  readonly #db: Db;
  readonly #rows: ChangeRows;
  readonly #journal: Journal;
  readonly #records: Records;
  readonly #links: Links;
  readonly #bases: Bases;
  readonly #mismatches: Mismatches;
  readonly #now: () => number;

  constructor(
    db: Db,
    rows: ChangeRows,
    journal: Journal,
    records: Records,
    links: Links,
    bases: Bases,
    mismatches: Mismatches,
    now: () => number,
  ) {
    this.#db = db;
    this.#rows = rows;
    this.#journal = journal;
    this.#records = records;
    this.#links = links;
    this.#bases = bases;
    this.#mismatches = mismatches;
    this.#now = now;
  }

  /** For use inside another repository's transaction: whether the link that the step makes still can be made (I9). */
  isPossible({ newLink, endLink }: Step): boolean {
    return newLink === undefined || this.#links.isFree(newLink, endLink?.linkId ?? null);
  }

  /** For use inside another repository's transaction. Throws when there is no such change. */
  take(id: number, step: Step): void {
    if (step.seen !== undefined) this.#records.put(step.seen);
    if (step.endLink !== undefined) this.#links.endUnverified(step.endLink.linkId, step.endLink.why);
    const change = this.#update(id, step, step.newLink === undefined ? null : this.#makeLink(step.newLink));
    this.#recordIntent(change, step);
    this.#changeLink(change, step);
    if (change.op === 'create' && COMES_TO_NOTHING.has(step.state)) this.#markSourceDirty(change);
    if (step.mismatch !== undefined) this.#mismatches.insert(change.plan_id, step.mismatch);
    if (step.remainder !== undefined && step.remainder.length > 0) this.#keepRemainder(id, step.remainder);
    this.#journal.append(step.journal);
  }

  #makeLink(newLink: NonNullable<Step['newLink']>): number {
    return this.#links.insert(newLink, newLink.state, (link, linkId) => ({
      event: 'linkMade',
      item: `link:${String(linkId)}`,
      detail: {
        kind: link.kind,
        customerpId: link.customerpId,
        tidsbankenId: link.tidsbankenId,
        origin: link.origin,
      },
    }));
  }

  /** The change as it is from now on. Only what the step says is set: each index over what is set is written anew. */
  #update(id: number, step: Step, newLinkId: number | null): TakenChange {
    const set = {
      attempt: step.attempt ?? null,
      sent_at: step.sentAt ?? null,
      sent_run: step.sentRun ?? null,
      groups: step.groups === undefined ? null : JSON.stringify(step.groups),
      link_id: newLinkId,
    };
    const names = Object.entries(set).flatMap(([name, value]) => (value === null ? [] : [name]));
    const change = this.#db
      .prepare<[object], TakenChange>(
        `UPDATE changes SET state = :state, problem = :problem, updated_at = :now${names.map((name) => `, ${name} = :${name}`).join('')}
           ${step.nativeId === undefined ? '' : SET_NATIVE_ID} WHERE id = :id
         RETURNING id, plan_id, kind, op, target, link_id, customerp_id, tidsbanken_id`,
      )
      .get({
        ...set,
        id,
        state: step.state,
        problem: step.problem === undefined || step.problem === null ? null : JSON.stringify(step.problem),
        nativeId: step.nativeId ?? null,
        now: this.#now(),
      });
    if (change === undefined) throw new Error(`Change ${String(id)} does not exist.`);
    return change;
  }

  /** What nobody has approved of it. */
  #keepRemainder(id: number, groups: readonly GroupChange[]): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#rows.insertRemainder(toChange(row), groups);
  }

  /** Intents are durable before the first byte leaves (I8); each attempt is counted on the same intent, id and marker. */
  #recordIntent(change: TakenChange, { state, intent, attempt, sentAt, nativeId }: Step): void {
    const sent = state === 'sending' ? { attempt: attempt ?? 1, sentAt: sentAt ?? null } : null;
    if (intent !== undefined)
      this.#db
        .prepare(
          `INSERT INTO intents (change_id, kind, target, op, chosen_id, marker, payload_digest, committed_at, attempt, sent_at)
           VALUES (:id, :kind, :target, :op, :chosenId, :marker, :payloadDigest, :now, coalesce(:attempt, 0), :sentAt)
           ON CONFLICT (change_id) DO UPDATE SET payload_digest = excluded.payload_digest,
             attempt = coalesce(:attempt, attempt), sent_at = iif(:attempt IS NULL, sent_at, :sentAt)`,
        )
        .run({
          id: change.id,
          kind: change.kind,
          target: change.target,
          op: change.op,
          ...intent,
          now: this.#now(),
          attempt: sent?.attempt ?? null,
          sentAt: sent?.sentAt ?? null,
        });
    else if (sent !== null)
      this.#db
        .prepare('UPDATE intents SET attempt = ?, sent_at = ? WHERE change_id = ?')
        .run(sent.attempt, sent.sentAt, change.id);
    if (nativeId !== undefined)
      this.#db.prepare('UPDATE intents SET native_id = ? WHERE change_id = ?').run(nativeId, change.id);
  }

  /** What the step means for the pair: it lives, its base moves, its groups are frozen, it is looked at again. */
  #changeLink(change: TakenChange, step: Step): void {
    const linkId = step.activateLink ?? step.dirtyLink ?? change.link_id;
    const isActivated = step.activateLink !== undefined;
    const writtenTo = WAS_SENT.has(step.state) && change.link_id !== null ? change.target : null;
    if (linkId !== null)
      this.#links.mark(linkId, { isActivated, isDirty: isActivated || step.dirtyLink !== undefined, writtenTo });
    if (step.base !== undefined) this.#bases.move(step.base);
    if (step.keys !== undefined) this.#links.takeKeys(step.keys.linkId, step.keys.side, step.keys.values);
    if (step.freeze === undefined) return;
    for (const group of step.freeze.groups) this.#links.setFrozen(step.freeze.linkId, group, step.freeze.why);
  }

  /** In the transaction of the step itself: a crash right after it must not leave the source unjudged (I16). */
  #markSourceDirty(change: TakenChange): void {
    const [side, nativeId] =
      change.target === 'tidsbanken' ? ['customerp', change.customerp_id] : ['tidsbanken', change.tidsbanken_id];
    this.#db
      .prepare('UPDATE records SET dirty = 1 WHERE kind = ? AND side = ? AND native_id = ?')
      .run(change.kind, side, nativeId);
  }
}
