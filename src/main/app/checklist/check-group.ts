import { otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side, Value } from '../../../shared/domain.ts';
import { lengthOn } from '../../mapping/equality.ts';
import type { CompiledFlow, CompiledProperty, Group } from '../../mapping/compile.ts';
import { isTurned } from '../../mapping/canon.ts';
import { propertyItem } from '../../dataflow/verify/checklist.ts';
import type { FailureWhy, NotApplicable } from '../../../shared/contract/checklist-views.ts';
import type { Finding } from '../../dataflow/verify/finding.ts';
import { looksLike } from '../../dataflow/verify/looks-like.ts';
import { canPutBack, spoiltValue, testValue } from '../../dataflow/verify/test-value.ts';
import type { Restore, RestoreMember } from '../../store/checklists.ts';
import type { SyncContext } from '../../sync/context.ts';
import { strongKeys } from '../../sync/plan/flow-rules.ts';
import { allows } from '../../sync/reconcile/group-table.ts';
import { sameAcross } from '../../sync/verify/verify.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import { carry, judgePair } from './carry.ts';
import type { Carried } from './carry.ts';
import { rawAt, readPair, spelledOn } from './pair.ts';
import type { PairNow } from './pair.ts';
import { putBack } from './put-back.ts';
import type { PutBack } from './put-back.ts';
import { arrived, writeForTest } from './test-write.ts';
import type { Written } from './test-write.ts';

export interface GroupTest {
  readonly kind: Kind;
  readonly linkId: number;
  readonly group: Group;
  /** The side that the values are to arrive at. */
  readonly to: Side;
  readonly salt: number;
  /** What a property of type reference may point to, as `link:ID`. */
  readonly references: (property: CompiledProperty) => readonly string[];
}

interface Tested {
  readonly property: CompiledProperty;
  readonly value: string;
}

/**
 * One group in one direction: a distinct value for each of its properties on one side, the sync, the other side read,
 * and both given back what they held. Where the group fails as a whole, each property is tried by itself, so that the
 * fault is found where it is.
 */
export async function checkGroup(ctx: SyncContext, test: GroupTest): Promise<Finding[]> {
  const read = await readPair(ctx, test.linkId);
  if (!read.ok) return test.group.properties.map((p) => failed(ctx, test, p, 'notWritten', read.failure));
  const pair = read.value;
  const standing = await stillTested(ctx, test.linkId);
  const findings: Finding[] = [];
  const tested: Tested[] = [];
  for (const property of test.group.properties) {
    const chosen = standing.has(property.name) ? { why: 'stillTested' as const } : choose(pair, test, property);
    if ('value' in chosen) tested.push(chosen);
    else if ('detail' in chosen) findings.push(failed(ctx, test, property, 'notConverted', chosen.detail));
    else findings.push(finding(ctx, test, property, { verdict: 'notApplicable', why: chosen.why }));
  }
  if (tested.length === 0) return findings;
  const together = await tryOut(ctx, pair, test, tested);
  if (!together.isBlocked || tested.length === 1) return [...findings, ...together.findings];
  for (const one of tested) {
    if (ctx.stop.aborted || together.putBack === 'open') findings.push(failed(ctx, test, one.property, 'stopped', ''));
    else findings.push(...(await tryOut(ctx, pair, test, [one])).findings);
  }
  return findings;
}

/** Properties that hold a test value which could not be taken back: what another test found there is not theirs to keep. */
async function stillTested({ store }: SyncContext, linkId: number): Promise<ReadonlySet<string>> {
  const open = (await store.checklists.unfinished()).filter((restore) => restore.linkId === linkId);
  return new Set(open.flatMap(({ members }) => members.map(({ property }) => property)));
}

/** The value for one property, or why it is not tested on this pair. */
function choose(
  { flow, props, spellings, link }: PairNow,
  { group, to, salt, references }: GroupTest,
  property: CompiledProperty,
): Tested | { readonly detail: string } | { readonly why: NotApplicable } {
  if (!allows(group.direction, to) || link.direction !== 'both') return { why: 'direction' };
  if (group.sensitive) return { why: 'sensitive' };
  const { name } = property;
  const current = { customerp: props.customerp[name], tidsbanken: props.tidsbanken[name] };
  if (current.customerp === undefined || current.tidsbanken === undefined) return { why: 'unobserved' };
  const was = { customerp: current.customerp, tidsbanken: current.tidsbanken };
  const facts = { flow, property, current: was, references: references(property), salt };
  // Before all else: what a conversion makes of a value is what lets the two sides differ, and keeps them from being put back.
  const spoilt = spoiltValue(facts);
  if (spoilt !== null) return { detail: `${SYSTEM_NAME[spoilt.side]}: ${spoilt.value}` };
  if (!inStep(flow, group, props)) return { why: 'differs' };
  const canGoBack = (side: Side): boolean => canPutBack(flow, property, side, was[side], spellings[side][name]);
  if (!canGoBack('customerp') || !canGoBack('tidsbanken')) return { why: 'notPutBack' };
  const made = testValue(facts);
  return made.ok ? { property, value: made.value } : { why: made.why };
}

const inStep = (flow: CompiledFlow, group: Group, { customerp, tidsbanken }: PairNow['props']): boolean =>
  group.properties.every(({ name }) => {
    const [e, t] = [customerp[name], tidsbanken[name]];
    return e !== undefined && t !== undefined && sameAcross(flow, name, e, t);
  });

interface Tried {
  readonly findings: readonly Finding[];
  /** Nothing arrived: what failed may be one property of several. */
  readonly isBlocked: boolean;
  readonly putBack: PutBack;
}

async function tryOut(ctx: SyncContext, pair: PairNow, test: GroupTest, tested: readonly Tested[]): Promise<Tried> {
  const restore = await keepWhatIsThere(ctx, pair, test, tested);
  const from = otherSide(test.to);
  const values = tested.map(({ property: { name }, value }) => ({
    property: name,
    expected: pair.props[from][name] ?? null,
    desired: value,
  }));
  const purpose = `put:${String(restore.id)}`;
  const { link, label } = pair;
  const written = await writeForTest(ctx, {
    link,
    label,
    side: from,
    group: test.group.name,
    members: values,
    purpose,
  });
  const carried = arrived(written) ? await carryOver(ctx, pair, test, tested) : null;
  const now = await readPair(ctx, link.id);
  const members = now.ok
    ? withSeen(restore.members, now.value, spoiltSides(test.to, written, carried))
    : restore.members;
  if (now.ok) await ctx.store.checklists.learn(restore.id, members);
  const back = await putBack(ctx, { ...restore, members });
  if (back !== 'open') await settle(ctx, pair, test.group.name);
  const facts: Facts = { pair, now: now.ok ? now.value : null, written, carried, back };
  const findings = tested.map((one) => judge(ctx, test, one, facts));
  return { findings, isBlocked: findings.every(({ verdict }) => verdict === 'failed'), putBack: back };
}

async function carryOver(
  ctx: SyncContext,
  pair: PairNow,
  test: GroupTest,
  tested: readonly Tested[],
): Promise<Carried> {
  const { link, flow } = pair;
  // A named record's number may change for the test: that they still are the same two was said by naming it (M6).
  const now = await readPair(ctx, link.id);
  if (now.ok && touchesKey(flow, tested))
    await ctx.store.links.setKeys(link.id, keysOf(flow, now.value.props), {
      event: 'checklistKeys',
      runId: ctx.runId,
      item: `link:${String(link.id)}`,
      detail: { kind: link.kind },
    });
  const about = { linkId: link.id, kind: link.kind, customerpId: link.customerpId };
  return carry(ctx, about, test.to, tested[0]?.property.name ?? '');
}

const touchesKey = ({ mapping }: CompiledFlow, tested: readonly Tested[]): boolean =>
  mapping.keys.some(
    (key) => key.strength === 'strong' && tested.some(({ property }) => key.properties.includes(property.name)),
  );

function keysOf(flow: CompiledFlow, props: PairNow['props']): Record<string, Pair<string | null>> {
  const [e, t] = [strongKeys(flow, props.customerp), strongKeys(flow, props.tidsbanken)];
  return Object.fromEntries(
    [...new Set([...Object.keys(e), ...Object.keys(t)])].map((name) => [
      name,
      { customerp: e[name] ?? null, tidsbanken: t[name] ?? null },
    ]),
  );
}

/** Durable before anything is written: what both sides hold of the group, and of what joins it when it turns inactive. */
async function keepWhatIsThere(
  ctx: SyncContext,
  pair: PairNow,
  { group }: GroupTest,
  tested: readonly Tested[],
): Promise<Restore> {
  const { link, flow, props } = pair;
  const values = new Map(tested.map(({ property, value }) => [property.name, value]));
  const joining = group.lifecycle ? (flow.mapping.lifecycle?.joinsWhenInactive ?? []) : [];
  const members = [...new Set([...values.keys(), ...joining])].map((property): RestoreMember => {
    const value = values.get(property);
    const wrote = value === undefined ? [] : [value];
    return {
      property,
      was: { customerp: props.customerp[property] ?? null, tidsbanken: props.tidsbanken[property] ?? null },
      spelling: {
        customerp: spelledOn(pair, property, 'customerp'),
        tidsbanken: spelledOn(pair, property, 'tidsbanken'),
      },
      wrote: { customerp: wrote, tidsbanken: wrote },
    };
  });
  const restore = { linkId: link.id, runId: ctx.runId, group: group.name, members, keys: link.keys };
  const id = await ctx.store.checklists.begin(restore, {
    event: 'checklistBegun',
    runId: ctx.runId,
    item: `link:${String(link.id)}`,
    detail: {
      kind: link.kind,
      customerpId: link.customerpId,
      tidsbankenId: link.tidsbankenId,
      properties: members.map((m) => m.property),
    },
  });
  return { ...restore, id, begunAt: ctx.clock.now() };
}

/** Sides that made something else of what was written to them. What differs elsewhere is somebody's edit. */
function spoiltSides(to: Side, written: Written, carried: Carried | null): Side[] {
  if (!arrived(written)) return [otherSide(to)];
  return carried?.kind === 'notArrived' && carried.why === 'notVerified' ? [to] : [];
}

/** What a side made of the value is as much our doing as the value itself. */
const withSeen = (members: readonly RestoreMember[], now: PairNow, sides: readonly Side[]): RestoreMember[] =>
  members.map((m) => {
    const seen = (side: Side): readonly Value[] => {
      const value = now.props[side][m.property];
      return value === undefined || !sides.includes(side) ? m.wrote[side] : [...new Set([...m.wrote[side], value])];
    };
    return { ...m, wrote: { customerp: seen('customerp'), tidsbanken: seen('tidsbanken') } };
  });

/** Both sides hold again what they held: that is the base from which the next test is judged (R2), and nothing is frozen by it (W3). */
async function settle(ctx: SyncContext, { link }: PairNow, group: string): Promise<void> {
  if (link.frozen[group] === undefined) await ctx.store.links.unfreeze(link.id, group);
  await judgePair(ctx, link.kind, link.customerpId);
}

interface Facts {
  readonly pair: PairNow;
  readonly now: PairNow | null;
  readonly written: Written;
  readonly carried: Carried | null;
  readonly back: PutBack;
}

/** Each property is judged by what the other side shows, whatever became of the write as a whole. */
function judge(ctx: SyncContext, test: GroupTest, { property, value }: Tested, facts: Facts): Finding {
  const { pair, now, written, carried, back } = facts;
  const { to } = test;
  const { name } = property;
  const evidence = {
    record: { customerp: pair.link.customerpId, tidsbanken: pair.link.tidsbankenId },
    was: { customerp: pair.props.customerp[name] ?? null, tidsbanken: pair.props.tidsbanken[name] ?? null },
    wrote: value,
    to,
    ...(now?.props[to][name] === undefined ? {} : { readBack: now.props[to][name] }),
    shown: now === null ? null : shownText(now, property, to),
    requests: [written.request, carried?.request ?? ''].filter((request) => request !== ''),
    putBack: back,
  } satisfies Finding['evidence'];
  const { why, detail } = verdictOf(pair.flow, property, value, to, facts);
  return finding(ctx, test, property, { verdict: why === null ? 'passed' : 'failed', why, detail, evidence });
}

function verdictOf(
  flow: CompiledFlow,
  property: CompiledProperty,
  value: string,
  to: Side,
  { now, written, carried }: Facts,
): { readonly why: FailureWhy | null; readonly detail: string | null } {
  const { name } = property;
  if (now === null) return { why: 'notVerified', detail: null };
  const first = now.props[otherSide(to)][name];
  if (!arrived(written) || first === undefined || !sameAcross(flow, name, first, value))
    return { why: 'notWritten', detail: written.problem };
  const there = now.props[to][name];
  if (there === undefined || !sameAcross(flow, name, there, value)) {
    if (carried?.kind === 'notArrived' && carried.why !== 'notVerified') return carried;
    return { why: 'otherValue', detail: carried?.kind === 'notArrived' ? carried.detail : null };
  }
  return { why: looksWrong(now, property, value, to) ? 'otherSpelling' : null, detail: null };
}

/** A value that is converted, or made of several fields, is meant to look different there. */
function looksWrong({ raw }: PairNow, property: CompiledProperty, value: string, to: Side): boolean {
  const [part, ...more] = property.parts[to];
  if (part === undefined || more.length > 0 || property.convert?.[to] !== undefined) return false;
  const spelled = Object.entries(property.values ?? {}).map(([key, spelling]) => [key, spelling[to]] as const);
  const look = {
    type: property.type,
    isTurned: isTurned(property, to),
    length: lengthOn(property, to, property.fields[to]),
    ...(spelled.length === 0 ? {} : { spelled: Object.fromEntries(spelled) }),
  };
  return looksLike(value, rawAt(raw[to], part.path), look) === false;
}

/** What stands in the fields of that side; several are told one after the other. */
function shownText({ raw }: PairNow, property: CompiledProperty, side: Side): string | null {
  const shown = property.parts[side].map(({ path }) => rawAt(raw[side], path));
  const texts = shown.filter((one) => one !== undefined && one !== null && typeof one !== 'object');
  return texts.length === 0 ? null : texts.map(String).join(' + ');
}

const failed = (
  ctx: SyncContext,
  test: GroupTest,
  property: CompiledProperty,
  why: FailureWhy,
  detail: string,
): Finding => finding(ctx, test, property, { verdict: 'failed', why, detail });

const finding = (
  ctx: SyncContext,
  { kind, to }: GroupTest,
  property: CompiledProperty,
  found: Pick<Finding, 'verdict' | 'why'> & Partial<Pick<Finding, 'detail' | 'evidence'>>,
): Finding => ({
  kind,
  item: propertyItem({ property: property.name, to }),
  detail: null,
  evidence: null,
  at: ctx.clock.now(),
  ...found,
});
