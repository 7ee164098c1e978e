import * as fc from 'fast-check';
import { DIRECTIONS } from '../../../shared/domain.ts';
import type { Direction, Pair, Props, RuleRow, Side, Value } from '../../../shared/domain.ts';
import type { CollectedRecord, LinkedPair, PairOutcome, Versions } from '../drafts.ts';
import { decideGroup } from '../reconcile/group-table.ts';
import type { GroupInput, GroupOutcome } from '../reconcile/group-table.ts';
import { reconcilePair } from '../reconcile/pair.ts';
import type { FlowRules, GroupRule, Tuple, WorldFacts } from '../reconcile/rules.ts';
import { secondGroup, secondReconciler } from './second-reconciler.ts';
import type { Question, SecondOpinion, Verdict } from './second-reconciler.ts';

/** Random groups and pairs, judged by the product and by the second reconciler, side by side. */

export interface AgreementOptions {
  readonly runs: number;
  readonly seed: number;
}

const VERSIONS: Versions = { mapping: 'm', policy: 'p', tenant: 't' };
const MARGIN = 1000;

const pairOf = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Pair<T>> =>
  fc.record({ customerp: arbitrary, tidsbanken: arbitrary });
const side = fc.constantFrom<Side>('customerp', 'tidsbanken');
const direction = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Direction>('both') },
  { weight: 3, arbitrary: fc.constantFrom<Direction>(...DIRECTIONS) },
);
const policy = fc.constantFrom<GroupRule['conflict']>('ask', 'customerp', 'tidsbanken', 'newest');
const against = fc.constantFrom<GroupRule['against']>('report', 'restore');
const instant = fc.option(fc.constantFrom(0, 1, MARGIN - 1, MARGIN, MARGIN + 1, 2 * MARGIN + 2));

/** Texts that are equal between the sides when cut to two code points, and not when uncut. */
const text = fc.constantFrom<Value>(null, 'a', 'ab', 'abc', 'abd', 'b');
const CUT = 2;
const cutEqual = (e: Value, t: Value): boolean =>
  e === t || (e !== null && t !== null && e.slice(0, CUT).trimEnd() === t.slice(0, CUT).trimEnd());

/** The four values of one property: what each side holds, and held. Quiet ones are frequent, or groups would never be. */
interface Four {
  readonly e: Value;
  readonly t: Value;
  readonly baseE: Value;
  readonly baseT: Value;
}
const four = (value: fc.Arbitrary<Value>): fc.Arbitrary<Four> =>
  fc.oneof(
    { weight: 3, arbitrary: value.map((v): Four => ({ e: v, t: v, baseE: v, baseT: v })) },
    { weight: 2, arbitrary: fc.tuple(value, value).map(([v, w]): Four => ({ e: w, t: v, baseE: v, baseT: v })) },
    { weight: 2, arbitrary: fc.tuple(value, value).map(([v, w]): Four => ({ e: v, t: w, baseE: v, baseT: v })) },
    { weight: 2, arbitrary: fc.record({ e: value, t: value, baseE: value, baseT: value }) },
    { weight: 1, arbitrary: fc.tuple(value, value).map(([v, w]): Four => ({ e: v, t: w, baseE: v, baseT: w })) },
    { weight: 1, arbitrary: fc.record({ e: fc.constant(null), t: value, baseE: value, baseT: value }) },
    { weight: 1, arbitrary: fc.record({ e: value, t: fc.constant(null), baseE: value, baseT: value }) },
  );

// ---------------------------------------------------------------- groups

const anyGroup: fc.Arbitrary<GroupInput> = fc
  .record({
    members: fc.array(four(text), { minLength: 1, maxLength: 3 }),
    blind: fc.constantFrom<'e' | 't' | ''>('', '', '', '', '', '', 'e', 't'),
    fresh: fc.constantFrom(false, false, false, true),
    cut: fc.boolean(),
    clears: pairOf(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean())),
    direction,
    master: side,
    policy,
    against,
    needsReview: fc.boolean(),
    times: fc.record({
      modifiedAt: pairOf(instant),
      explainedByUs: pairOf(fc.constantFrom(false, false, true)),
      marginMs: fc.constant(MARGIN),
    }),
  })
  .map(({ members, blind, fresh, cut, clears, ...rest }) => ({
    ...rest,
    e: blind === 'e' ? ('unobserved' as const) : members.map(({ e }) => e),
    t: blind === 't' ? ('unobserved' as const) : members.map(({ t }) => t),
    base: fresh
      ? null
      : { customerp: members.map(({ baseE }) => baseE), tidsbanken: members.map(({ baseT }) => baseT) },
    same: (e: Tuple, t: Tuple) =>
      e.every((value, i) => (cut ? cutEqual(value, t[i] ?? null) : value === (t[i] ?? null))),
    clearable: {
      customerp: clears.customerp.slice(0, members.length),
      tidsbanken: clears.tidsbanken.slice(0, members.length),
    },
  }));

const asQuestion = (g: GroupInput): Question => ({
  e: g.e === 'unobserved' ? 'absent' : g.e,
  t: g.t === 'unobserved' ? 'absent' : g.t,
  baseE: g.base?.customerp ?? 'none',
  baseT: g.base?.tidsbanken ?? 'none',
  equal: g.e !== 'unobserved' && g.t !== 'unobserved' && g.same(g.e, g.t),
  direction: g.direction,
  clearableE: g.clearable.customerp,
  clearableT: g.clearable.tidsbanken,
  master: g.master,
  policy: g.policy,
  against: g.against,
  alwaysReview: g.needsReview,
  modifiedE: g.times.modifiedAt.customerp,
  modifiedT: g.times.modifiedAt.tidsbanken,
  oursE: g.times.explainedByUs.customerp,
  oursT: g.times.explainedByUs.tidsbanken,
  marginMs: g.times.marginMs,
});

/** The product's outcome in the words of the second reconciler. */
function asVerdict(outcome: GroupOutcome): Verdict {
  const empty = { to: null, desired: null, needs: null, mismatch: null, suggests: null };
  const { row } = outcome;
  if (outcome.kind === 'write') {
    return { ...empty, row, does: 'write', to: outcome.to, desired: outcome.desired, needs: outcome.needs };
  }
  if (outcome.kind === 'ask') {
    return { ...empty, row, does: 'ask', mismatch: outcome.mismatch, suggests: outcome.suggests };
  }
  return { ...empty, row, does: outcome.kind === 'accepted' ? 'nothing' : outcome.kind };
}

const lineOf = ({ row, does, to, desired, needs, mismatch, suggests }: Verdict): string =>
  JSON.stringify([row, does, to, desired, needs, mismatch, suggests]);

/** Throws when the two disagree on this group, or when its R2 base is not (e, t). Returns the row that decided. */
export function groupAgrees(group: GroupInput): RuleRow {
  const outcome = decideGroup(group);
  mustBeSame([lineOf(asVerdict(outcome))], [lineOf(secondGroup(asQuestion(group)))]);
  if (outcome.kind === 'inStep') {
    mustBeSame(
      [JSON.stringify([outcome.base.customerp, outcome.base.tidsbanken])],
      [JSON.stringify([group.e, group.t])],
    );
  }
  return outcome.row;
}

/**
 * Throws with the smallest group on which the two disagree, or whose R2 base is not (e, t). Returns how often each row
 * was reached, so that the caller can see that none was left out.
 */
export function groupsAgree({ runs, seed }: AgreementOptions): Map<RuleRow, number> {
  const reached = new Map<RuleRow, number>();
  const agree = fc.property(anyGroup, (group) => {
    const row = groupAgrees(group);
    reached.set(row, (reached.get(row) ?? 0) + 1);
  });
  fc.assert(agree, { numRuns: runs, seed });
  return reached;
}

// ---------------------------------------------------------------- pairs

const GROUPS: readonly (readonly [name: string, ...members: string[]])[] = [
  ['name', 'name'],
  ['address', 'street', 'postcode', 'city'],
  ['lifecycle', 'active', 'until'],
  ['manager', 'manager'],
  ['team', 'lead', 'room'],
  ['bank', 'account'],
];
const REFERENCES = { manager: 'employee', lead: 'employee' } as const;
const SENSITIVE = new Set(['account']);
const FLAGS = new Set(['active']);

/** M1 and 91 are two ends of one link, M2 and 92 of another; M3 is being created; M9 has no link. */
const LINKS = new Map<string, number | 'open'>([
  ['customerp.M1', 7],
  ['tidsbanken.91', 7],
  ['customerp.M2', 8],
  ['tidsbanken.92', 8],
  ['customerp.M3', 'open'],
]);
const NATIVE: Pair<Readonly<Record<string, string>>> = {
  customerp: { a: 'M1', b: 'M2', open: 'M3', none: 'M9' },
  tidsbanken: { a: '91', b: '92', open: '92', none: '99' },
};
const IN_BASE: Readonly<Record<string, string>> = { a: 'link:7', b: 'link:8', open: 'link:8', none: 'link:7' };

const isReference = (property: string): boolean => Object.hasOwn(REFERENCES, property);

function valueOf(property: string): fc.Arbitrary<Value> {
  if (FLAGS.has(property)) return fc.constantFrom<Value>('true', 'false', null);
  if (isReference(property)) {
    return fc.constantFrom<Value>(null, 'a', 'a', 'a', 'b', 'b', 'open', 'none');
  }
  return text;
}

type How = 'seen' | 'absent' | 'invalid';
const how = fc.oneof(
  { weight: 30, arbitrary: fc.constant<How>('seen') },
  { weight: 1, arbitrary: fc.constant<How>('absent') },
  { weight: 1, arbitrary: fc.constant<How>('invalid') },
);

interface RandomProperty {
  readonly property: string;
  readonly four: Four;
  readonly how: Pair<How>;
  /** Whether that side's base is kept at all. */
  readonly based: Pair<boolean>;
}
const randomProperty = (property: string): fc.Arbitrary<RandomProperty> =>
  fc.record({
    property: fc.constant(property),
    four: four(valueOf(property)),
    how: pairOf(how),
    based: pairOf(fc.constantFrom(true, true, true, true, true, true, true, false)),
  });

const randomGroup = ([name, ...members]: (typeof GROUPS)[number]): fc.Arbitrary<GroupRule> => {
  const clears = fc.tuple(...members.map(() => fc.constantFrom(true, true, false)));
  return fc.record({
    name: fc.constant(name),
    members: fc.constant(members),
    direction,
    master: side,
    sensitive: fc.constant(members.some((member) => SENSITIVE.has(member))),
    clearable: pairOf(clears),
    needsReview: fc.constantFrom(false, false, true),
    conflict: policy,
    against,
  });
};

interface RandomPair {
  readonly pair: LinkedPair;
  readonly rules: FlowRules;
  readonly world: WorldFacts;
}

const whyFrozen = fc.constantFrom<LinkedPair['frozen'][string]>('transformed', 'notPersisted', 'flapping');
const frozen = fc.oneof(
  { weight: 3, arbitrary: fc.constant<LinkedPair['frozen']>({}) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...GROUPS.map(([name]) => name)), whyFrozen, { maxKeys: 2 }) },
);

const anyPair: fc.Arbitrary<RandomPair> = fc
  .record({
    groups: fc.tuple(...GROUPS.map(randomGroup)),
    properties: fc.tuple(...GROUPS.flatMap(([, ...members]) => members.map(randomProperty))),
    direction: fc.oneof({ weight: 3, arbitrary: fc.constant<Direction>('both') }, { weight: 2, arbitrary: direction }),
    frozen,
    modifiedAt: pairOf(instant),
    ours: pairOf(fc.constantFrom(false, false, true)),
    archive: pairOf(fc.constantFrom(true, true, false)),
    cut: fc.boolean(),
  })
  .map((random) => ({
    pair: {
      linkId: 3,
      kind: 'employee',
      direction: random.direction,
      keys: {},
      base: { customerp: baseOf('customerp', random.properties), tidsbanken: baseOf('tidsbanken', random.properties) },
      customerp: recordOf('customerp', random.properties, random.modifiedAt.customerp),
      tidsbanken: recordOf('tidsbanken', random.properties, random.modifiedAt.tidsbanken),
      frozen: random.frozen,
    },
    rules: {
      kind: 'employee',
      groupsFor: () => random.groups,
      same: (property, e, t) => (random.cut && property === 'name' ? cutEqual(e, t) : e === t),
      references: REFERENCES,
      lifecycle: { group: 'lifecycle', property: 'active', inactive: 'false' },
      archive: random.archive,
      strongKeys: () => ({}),
      newestMarginMs: MARGIN,
    },
    world: {
      linkOf: (_kind, of, nativeId) => LINKS.get(`${of}.${nativeId}`) ?? null,
      holders: () => 1,
      explainedByUs: (_linkId, of) => random.ours[of],
    },
  }));

function recordOf(of: Side, properties: readonly RandomProperty[], modifiedAt: number | null): CollectedRecord {
  const props: Record<string, Value> = {};
  for (const { property, four: values, how: seen } of properties) {
    const value = of === 'customerp' ? values.e : values.t;
    if (seen[of] !== 'seen') continue;
    props[property] = isReference(property) && value !== null ? (NATIVE[of][value] ?? null) : value;
  }
  const invalid = properties
    .filter((p) => p.how[of] === 'invalid')
    .map(({ property }) => ({ property, reason: 'bad' }));
  const nativeId = of === 'customerp' ? 'E1' : '1';
  return { side: of, kind: 'employee', nativeId, props, spellings: {}, invalid, modifiedAt, observedAt: 0, label: '' };
}

function baseOf(of: Side, properties: readonly RandomProperty[]): Props {
  const base: Record<string, Value> = {};
  for (const { property, four: values, based } of properties) {
    const value = of === 'customerp' ? values.baseE : values.baseT;
    if (!based[of]) continue;
    base[property] = isReference(property) && value !== null ? (IN_BASE[value] ?? null) : value;
  }
  return base;
}

/** All that counts of an outcome, one line a fact, sorted: so that the first difference can be read. */
function productLines(outcome: PairOutcome, base: Pair<Props>): string[] {
  const lines = outcome.changes.flatMap((change) =>
    change.groups.map((group) => {
      const members = group.members.map(({ property, expected, desired }) => ({ property, expected, desired }));
      return `write ${group.group} ${group.row} ${change.target} ${group.needs} ${JSON.stringify(members)}`;
    }),
  );
  lines.push(...outcome.changes.map(({ op, target, needs }) => `change ${op} ${target} ${needs}`));
  for (const found of outcome.mismatches) {
    if (found.mismatch === 'invalidValue' || found.mismatch === 'unlinkedReference') {
      lines.push(`${found.mismatch} ${String(found.detail['side'])} ${String(found.detail['property'])}`);
    } else lines.push(`${found.mismatch} ${String(found.group)} ${String(found.suggests)}`);
  }
  const moved = {
    customerp: { ...base.customerp, ...outcome.base.customerp },
    tidsbanken: { ...base.tidsbanken, ...outcome.base.tidsbanken },
  };
  return [...lines, ...baseLines(moved)].toSorted();
}

function secondLines({ groups, findings, base }: SecondOpinion): string[] {
  const lines = [...findings, ...baseLines(base)];
  const targets = new Map<Side, { archive: boolean; review: boolean }>();
  for (const { group, row, write, mismatch } of groups) {
    if (mismatch !== null) lines.push(`${mismatch.kind} ${group} ${String(mismatch.suggests)}`);
    if (write === null) continue;
    lines.push(`write ${group} ${row} ${write.to} ${write.needs} ${JSON.stringify(write.members)}`);
    const known = targets.get(write.to);
    targets.set(write.to, {
      archive: write.archive || known?.archive === true,
      review: write.needs === 'review' || known?.review === true,
    });
  }
  for (const [target, { archive, review }] of targets) {
    lines.push(`change ${archive ? 'archive' : 'update'} ${target} ${review ? 'review' : 'auto'}`);
  }
  return lines.toSorted();
}

const baseLines = (base: Pair<Props>): string[] =>
  (['customerp', 'tidsbanken'] as const).flatMap((of) =>
    Object.entries(base[of]).map(([property, value]) => `base ${of} ${property} ${JSON.stringify(value)}`),
  );

/** Throws with the smallest pair on which the two disagree. Returns how often each row was reached. */
export function pairsAgree({ runs, seed }: AgreementOptions): Map<RuleRow, number> {
  const reached = new Map<RuleRow, number>();
  const agree = fc.property(anyPair, ({ pair, rules, world }) => {
    const second = secondReconciler(pair, rules, world);
    for (const { row } of second.groups) reached.set(row, (reached.get(row) ?? 0) + 1);
    mustBeSame(productLines(reconcilePair(pair, rules, world, VERSIONS), pair.base), secondLines(second));
  });
  fc.assert(agree, { numRuns: runs, seed });
  return reached;
}

const only = (mine: readonly string[], theirs: readonly string[]): string =>
  mine.filter((line) => !theirs.includes(line)).join('\n');

/** Throws what only the one and what only the other said. */
function mustBeSame(product: readonly string[], second: readonly string[]): void {
  if (product.join('\n') === second.join('\n')) return;
  throw new Error(`product:\n${only(product, second)}\nsecond reconciler:\n${only(second, product)}`);
}
