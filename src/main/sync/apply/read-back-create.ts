import type { Props, Value } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe, withLinks } from '../observe.ts';
import type { Observed } from '../observe.ts';
import { allows } from '../reconcile/group-table.ts';
import { judge, sameAcross } from '../verify/verify.ts';
import { failureText, SYSTEM_NAME } from '../words.ts';
import { changeProblem, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { row, valuesOf } from './read-back.ts';

/** K6: reads the new record back, sets the base, and makes the link active. Also what recovery does after Z6. */
export async function readBackCreate(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const { target, kind, linkId } = change;
  const nativeId = idIn(change, target);
  if (nativeId === null || linkId === null) throw new Error(`Change ${String(change.id)} has no new record.`);
  const flow = flowFor(ctx, kind);
  const seen = await observe(ctx, target, kind, nativeId, flow.fieldsToRead(target));
  if (!seen.ok || seen.value === null) {
    const why = seen.ok
      ? `${SYSTEM_NAME[target]} says that the record is not there.`
      : failureText(target, seen.failure);
    const problem = changeProblem(
      change,
      'notReadBack',
      `the record was created, but could not be read back. ${why}`,
      'Sync again; it is checked first.',
      {
        notDone: 'It is not counted as done.',
      },
    );
    await ctx.store.changes.advance(change.id, {
      state: 'acked',
      problem,
      journal: [row(ctx, change, 'readBackFailed', { why })],
    });
    ctx.report(problem);
    return { kind: 'failed' };
  }
  return activate(ctx, change, linkId, seen.value);
}

async function activate(ctx: SyncContext, change: StoredChange, linkId: number, seen: Observed): Promise<Turn> {
  const flow = flowFor(ctx, change.kind);
  const side = sourceOf(change);
  const sourceId = idIn(change, side);
  const source = sourceId === null ? null : await ctx.store.records.get(change.kind, side, sourceId);
  const written = change.groups.filter((g) => g.members.some((m) => m.desired !== null));
  const odd = written.filter((group) => judge(flow, group, seen.props) !== 'asDesired');
  const oddNames = new Set(odd.flatMap((g) => g.members.map((m) => m.property)));
  const sourceProps = source === null ? {} : await withLinks(ctx, flow, side, source.props);
  await ctx.store.changes.advance(change.id, {
    state: odd.length === 0 ? 'verified' : 'transformed',
    activateLink: linkId,
    base: { linkId, base: baseAfterCreate(flow, change, sourceProps, seen.props, oddNames), mapping: flow.version },
    ...(odd.length === 0 ? {} : { freeze: { linkId, groups: odd.map((g) => g.group), why: 'transformed' } }),
    journal: [
      row(ctx, change, odd.length === 0 ? 'verified' : 'transformed', {
        groups: odd.map((g) => g.group),
        values: valuesOf(ctx, change, written),
      }),
    ],
  });
  if (odd.length === 0) return { kind: 'verified' };
  ctx.report(
    changeProblem(
      change,
      'transformed',
      `the new record holds something else than what was sent (${odd.map((g) => g.group).join(', ')}).`,
      'Open Mismatches: accept the pair, or correct one of the sides.',
      {
        notDone: 'These properties are not counted as in step.',
      },
    ),
  );
  return { kind: 'failed' };
}

/**
 * The new pair agrees on what was written, and on what the system filled in by itself. A reference left out for want of
 * a link stands as empty on the source's side, so that it comes later by R7 or R8 (O2).
 */
function baseAfterCreate(
  flow: CompiledFlow,
  change: StoredChange,
  source: Props,
  readBack: Props,
  odd: ReadonlySet<string>,
): { customerp: Props; tidsbanken: Props } {
  const sourceBase: Record<string, Value> = {};
  const targetBase: Record<string, Value> = {};
  const sent = new Map(change.groups.flatMap((g) => g.members).map((m) => [m.property, m.desired]));
  for (const [name, value] of Object.entries(readBack)) {
    if (odd.has(name)) continue;
    const [wanted, seen] = [sent.get(name) ?? null, source[name]];
    if (wanted === null && !isAgreedEmpty(flow, change, name, seen)) continue;
    // An edit of the source since then has not been carried over, so it is no part of the base.
    sourceBase[name] = seen !== undefined && wanted !== null && sameAcross(flow, name, seen, wanted) ? seen : wanted;
    targetBase[name] = value;
  }
  return change.target === 'tidsbanken'
    ? { customerp: sourceBase, tidsbanken: targetBase }
    : { customerp: targetBase, tidsbanken: sourceBase };
}

/** I7: what its direction keeps on the source's side, or what could not be read there, is not agreed to be empty (N1). */
function isAgreedEmpty(flow: CompiledFlow, change: StoredChange, name: string, seen: Value | undefined): boolean {
  const property = flow.property(name);
  if (property?.reference !== undefined) return true; // O2
  return seen !== undefined && allows(property?.direction ?? 'both', change.target);
}
