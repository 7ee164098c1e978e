import type { ChangeState, MemberChange, Side } from '../../../shared/domain.ts';
import type { NewChange, StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import { versionsFor } from '../../sync/context.ts';
import type { SyncContext } from '../../sync/context.ts';
import { applyOne, isReady } from '../../sync/apply/apply.ts';

/** One write of a checklist: some members of one group of one named record. */
export interface TestWrite {
  readonly link: StoredLink;
  readonly label: string;
  readonly side: Side;
  readonly group: string;
  readonly members: readonly MemberChange[];
  /** What it is for, so that no two of them are the same item: `put:12`. */
  readonly purpose: string;
}

export interface Written {
  readonly state: ChangeState;
  /** The sentence about what went wrong, if something did. */
  readonly problem: string | null;
  readonly request: string;
}

/**
 * Takes a checklist's write through the apply stage: intent, A2 to A8 and journal are those of every change (7.6). What
 * could not be sent is given up, not left to a later run; what is under way stays so (7.4).
 */
export async function writeForTest(ctx: SyncContext, write: TestWrite): Promise<Written> {
  const added = await ctx.store.changes.addDecided(changeOf(ctx, write), null, [
    {
      event: 'checklistWrite',
      runId: ctx.runId,
      item: `link:${String(write.link.id)}`,
      detail: { side: write.side, group: write.group, purpose: write.purpose, person: ctx.request.person },
    },
  ]);
  if (added === null) return { state: 'manual', problem: 'Another write to that record is under way.', request: '' };
  return applied(ctx, added.changeId);
}

/** Applies one approved change and tells how it ended. */
export async function applied(ctx: SyncContext, id: number): Promise<Written> {
  const approved = await found(ctx, id);
  // What is under way already, or not known to have arrived, is never sent a second time (7.4).
  if (isReady(approved)) await applyOne(ctx, approved, await ctx.store.meta.lastSeenTime());
  let change = await found(ctx, id);
  if (GIVEN_UP.has(change.state) && change.origin === 'checklist') {
    const journal = [{ event: 'checklistWriteGivenUp', runId: ctx.runId, item: `change:${String(id)}`, detail: {} }];
    await ctx.store.changes.advance(id, { state: 'superseded', problem: change.problem, journal }, change);
    change = await found(ctx, id);
  }
  return {
    state: change.state,
    problem: change.problem?.what ?? null,
    request: `change:${String(id)}#${String(change.attempt)}`,
  };
}

const GIVEN_UP: ReadonlySet<ChangeState> = new Set(['planned', 'approved', 'deferred', 'preparing']);

export const arrived = ({ state }: Pick<Written, 'state'>): boolean => state === 'verified' || state === 'noop';

async function found(ctx: SyncContext, id: number): Promise<StoredChange> {
  const change = await ctx.store.changes.get(id);
  if (change === null) throw new Error(`Change ${String(id)} vanished.`);
  return change;
}

function changeOf(ctx: SyncContext, { link, label, side, group, members, purpose }: TestWrite): NewChange {
  const fingerprint = `checklist:${String(ctx.runId)}:${purpose}:${side}:${group}`;
  return {
    kind: link.kind,
    op: 'update',
    target: side,
    linkId: link.id,
    customerpId: link.customerpId,
    tidsbankenId: link.tidsbankenId,
    groups: [{ group, row: 'restore', needs: 'review', members, fingerprint, approved: true }],
    needs: 'review',
    fingerprint,
    versions: versionsFor(ctx, link.kind),
    waitsFor: [],
    label,
    state: 'approved',
    origin: 'checklist',
    approvedBy: ctx.request.person,
    approvedAt: ctx.clock.now(),
    rail: null,
  };
}
