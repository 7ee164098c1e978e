import { KINDS } from '../../../shared/domain.ts';
import type { Pair, Problem } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe, writesWholeObject } from '../observe.ts';
import { judge } from '../verify/verify.ts';
import { runCounts } from '../run-counts.ts';
import { failureText } from '../words.ts';
import { readBackCreate } from './read-back-create.ts';
import { settledAt, settleLeft } from './settle.ts';
import { settleLookUp } from './settle-look-up.ts';
import { storedSource } from './stored-source.ts';
import { lookUp } from './look-up.ts';
import { changeProblem, idIn } from './outcome.ts';
import { findingOf, readBackUpdate, row } from './read-back.ts';
import { dirty, endStale } from './ends.ts';

/**
 * Section 10: what a crash left open, before anything else is done. Every rule can run again without harm (Z9). Looks
 * at systems, never writes to them.
 */
export async function recover(ctx: SyncContext, tenantAsBefore: Pair<boolean>): Promise<void> {
  await ctx.store.collections.discardUnfinished(); // Z1
  for (const runId of await ctx.store.runs.interrupted(ctx.runId))
    await ctx.store.runs.closeInterrupted(runId, await runCounts(ctx.store, runId, KINDS)); // Z2, Z8
  await backToApproved(ctx); // Z4
  await giveUpTestWrites(ctx); // 7.6
  await sendingIsUnknown(ctx); // Z5
  if (!tenantAsBefore.customerp || !tenantAsBefore.tidsbanken) return; // S3: another company would know nothing of them
  await readBackAcknowledged(ctx); // Z6, Z7
  await resolveUnknown(ctx); // 7.4
}

async function backToApproved(ctx: SyncContext): Promise<void> {
  for (const change of await changesIn(ctx, 'preparing')) {
    await ctx.store.changes.advance(change.id, {
      state: 'approved',
      journal: [row(ctx, change, 'recovered', { from: 'preparing' })],
    });
  }
}

/** A checklist that was cut short puts back what stood there; its test values are for no later run to write (7.6). */
async function giveUpTestWrites(ctx: SyncContext): Promise<void> {
  for (const id of await ctx.store.changes.waitingOf('checklist'))
    await ctx.store.changes.advance(id, {
      state: 'superseded',
      journal: [{ event: 'checklistWriteGivenUp', runId: ctx.runId, item: `change:${String(id)}`, detail: {} }],
    });
}

async function sendingIsUnknown(ctx: SyncContext): Promise<void> {
  for (const change of await changesIn(ctx, 'sending')) {
    await ctx.store.changes.advance(change.id, {
      state: 'unknown',
      ...dirty(change),
      journal: [row(ctx, change, 'outcomeUnknown', { why: 'the app ended while it was under way' })],
    });
  }
}

/** Recovery does not stand and wait for one record to appear (7.4). */
const NO_REREADS = { rereads: [] };

async function readBackAcknowledged(ctx: SyncContext): Promise<void> {
  for (const change of await changesIn(ctx, 'acked')) {
    if (ctx.stop.aborted) return;
    await (change.op === 'create' ? readBackCreate(ctx, change, NO_REREADS) : readBackUpdate(ctx, change, null));
  }
}

/**
 * Looks up every unknown outcome whose settle time is over. With `wait` it waits for the others, too, and for new records
 * that have not appeared yet. Returns the changes that were not applied and may be sent again (7.4).
 */
export async function resolveUnknown(ctx: SyncContext): Promise<number[]> {
  const again: number[] = [];
  const notAppeared = ctx.request.wait ? (await changesIn(ctx, 'acked')).filter((c) => c.op === 'create') : [];
  for (const change of [...(await changesIn(ctx, 'unknown')), ...notAppeared]) {
    if (ctx.stop.aborted) return again;
    const remaining = await settleLeft(ctx, change);
    if (remaining > 0) {
      if (!ctx.request.wait) continue;
      await ctx.clock.sleep(remaining, ctx.stop);
      if (ctx.stop.aborted) return again;
    }
    if (change.state === 'acked') await readBackCreate(ctx, change, NO_REREADS);
    else await (change.op === 'create' ? resolveCreate(ctx, change) : resolveUpdate(ctx, change));
    if ((await ctx.store.changes.get(change.id))?.state === 'approved') again.push(change.id);
  }
  return again;
}

async function resolveUpdate(ctx: SyncContext, change: StoredChange): Promise<void> {
  const { target, kind } = change;
  const flow = flowFor(ctx, kind);
  const nativeId = idIn(change, target);
  if (nativeId === null) throw new Error(`Change ${String(change.id)} has no target record.`);
  const seen = await observe(
    ctx,
    target,
    kind,
    nativeId,
    writesWholeObject(ctx, target, kind) ? 'all' : flow.fieldsToRead(target),
  );
  if (!seen.ok) {
    ctx.report(stillUnknown(change, failureText(target, seen.failure)));
    return;
  }
  if (seen.value === null) {
    await endStale(ctx, change, 'it is no longer there');
    return;
  }
  const { props } = seen.value;
  const approved = change.groups.filter((group) => group.approved);
  const verdicts = approved.map((group) => judge(flow, group, props));
  if (verdicts.every((v) => v === 'asDesired')) await readBackUpdate(ctx, change, null);
  else if (!verdicts.every((v) => v === 'asExpected' || v === 'asDesired'))
    await endStale(ctx, change, 'it was edited meanwhile');
  else if (change.attempt < ctx.settings.attempts) await nextAttempt(ctx, change);
  else {
    const odd = approved.filter((_, index) => verdicts[index] === 'asExpected').map((group) => group.group);
    await notPersisted(ctx, change, odd);
  }
}

async function resolveCreate(ctx: SyncContext, change: StoredChange): Promise<void> {
  const intent = await ctx.store.changes.intent(change.id);
  if (intent === null) throw new Error(`Change ${String(change.id)} was sent without an intent.`);
  const source = await storedSource(ctx, change);
  if (source === null) {
    ctx.report(stillUnknown(change, 'Its source record is not known any more.'));
    return;
  }
  const looked = await lookUp(ctx, change, intent, source, { after: settledAt(ctx, change) });
  if (looked.kind === 'failed') {
    ctx.report(stillUnknown(change, failureText(change.target, looked.failure)));
    return;
  }
  if (looked.kind === 'several') {
    await toManual(ctx, change, 'several records could be the one that was created', looked.ids);
    return;
  }
  if (looked.kind !== 'none') {
    await settleLookUp(ctx, change, looked);
    return;
  }
  const canRepeat = intent.chosenId !== null || intent.marker !== null;
  if (canRepeat && change.attempt < ctx.settings.attempts) await nextAttempt(ctx, change);
  else await toManual(ctx, change, 'it could not be found, and must not be sent again blindly', []);
}

async function nextAttempt(ctx: SyncContext, change: StoredChange): Promise<void> {
  if (change.origin === 'checklist') {
    await endStale(ctx, change, 'the checklist that wanted it is over');
    return;
  }
  await ctx.store.changes.advance(change.id, {
    state: 'approved',
    journal: [row(ctx, change, 'notApplied', { attempt: change.attempt })],
  });
}

async function notPersisted(ctx: SyncContext, change: StoredChange, odd: readonly string[]): Promise<void> {
  const problem = changeProblem(
    change,
    'notPersisted',
    `the change did not arrive in ${String(change.attempt)} attempts.`,
    'Make it in the system itself, or look why it refuses.',
  );
  await ctx.store.changes.advance(change.id, {
    state: 'notPersisted',
    problem,
    ...(change.linkId === null ? {} : { freeze: { linkId: change.linkId, groups: odd, why: 'notPersisted' } }),
    ...dirty(change),
    journal: [row(ctx, change, 'notPersisted')],
  });
  ctx.report(problem);
}

async function toManual(
  ctx: SyncContext,
  change: StoredChange,
  why: string,
  candidates: readonly string[],
): Promise<void> {
  const problem = changeProblem(
    change,
    'outcomeUnknown',
    `it is not known whether the record was created: ${why}.`,
    'Open Mismatches: link it to the record that was created, or ignore it.',
    {
      notDone: 'It was not sent a second time.',
    },
  );
  await ctx.store.changes.advance(change.id, {
    state: 'manual',
    problem,
    mismatch: findingOf(change, 'outcomeUnknown', ['link', 'ignore'], { why }, candidates),
    journal: [row(ctx, change, 'manual', { why })],
  });
  ctx.report(problem);
}

const stillUnknown = (change: StoredChange, why: string): Problem =>
  changeProblem(
    change,
    'outcomeUnknown',
    `it is still not known whether the change arrived. ${why}`,
    'Sync again later; it is looked up first.',
    { notDone: 'It was not sent a second time.' },
  );

async function changesIn(ctx: SyncContext, state: StoredChange['state']): Promise<StoredChange[]> {
  const found: StoredChange[] = [];
  for (const id of await ctx.store.changes.idsIn([state])) {
    const change = await ctx.store.changes.get(id);
    if (change !== null) found.push(change);
  }
  return found;
}
