import type { Direction, MismatchKind, Pair, Props, RuleRow, Side, Value } from '../../../shared/domain.ts';
import type { LinkedPair } from '../drafts.ts';
import type { FlowRules, GroupRule, WorldFacts } from '../reconcile/rules.ts';

/**
 * Sections 2, 5 and 11 (O2) of the sync semantics, written a second time from the text alone, for tests only. It is
 * naive on purpose: one long table, each side spelled out, nothing mirrored by a helper. What the product decides and
 * what this decides must be the same; where they differ, one of them misread the text.
 */

/** `undefined` is ∅. */
type Cell = Value | undefined;

/** One group of one pair, as the table sees it. All lists are in the order of the members. */
export interface Question {
  readonly e: readonly Value[] | 'absent';
  readonly t: readonly Value[] | 'absent';
  readonly baseE: readonly Value[] | 'none';
  readonly baseT: readonly Value[] | 'none';
  readonly equal: boolean;
  readonly direction: Direction;
  readonly clearableE: readonly boolean[];
  readonly clearableT: readonly boolean[];
  readonly master: Side;
  readonly policy: 'ask' | Side | 'newest';
  readonly against: 'report' | 'restore';
  readonly alwaysReview: boolean;
  readonly modifiedE: number | null;
  readonly modifiedT: number | null;
  readonly oursE: boolean;
  readonly oursT: boolean;
  readonly marginMs: number;
}

export interface Verdict {
  readonly row: RuleRow;
  readonly does: 'skip' | 'inStep' | 'nothing' | 'write' | 'ask' | 'info';
  readonly to: Side | null;
  readonly desired: readonly Value[] | null;
  readonly needs: 'auto' | 'review' | null;
  readonly mismatch: MismatchKind | null;
  readonly suggests: Side | null;
}

const verdict = (row: RuleRow, does: Verdict['does'], more: Partial<Verdict> = {}): Verdict => ({
  row,
  does,
  to: null,
  desired: null,
  needs: null,
  mismatch: null,
  suggests: null,
  ...more,
});

const allEmpty = (values: readonly Value[]): boolean => values.every((value) => value === null);
const differs = (a: readonly Value[], b: readonly Value[]): boolean => a.some((value, i) => value !== b[i]);

/** N5: the write would empty a member that the target cannot empty. What is empty there already needs no clearing. */
const cannotClear = (now: readonly Value[], wanted: readonly Value[], clearable: readonly boolean[]): boolean =>
  wanted.some((value, i) => value === null && now[i] !== null && clearable[i] !== true);

/** Section 5.1, rows R1 to R12, with D1, D3 and D4. */
export function secondGroup(q: Question): Verdict {
  const { e, t, baseE, baseT, direction } = q;
  // R1, and D1: direction off.
  if (direction === 'off' || e === 'absent' || t === 'absent') return verdict('R1', 'skip');
  if (q.equal) return verdict('R2', 'inStep');

  const writeT = (row: RuleRow, review: boolean): Verdict => {
    if (cannotClear(t, e, q.clearableT)) return verdict(row, 'info');
    const needs = review || q.alwaysReview || allEmpty(e) ? 'review' : 'auto';
    return verdict(row, 'write', { to: 'tidsbanken', desired: e, needs });
  };
  const writeE = (row: RuleRow, review: boolean): Verdict => {
    if (cannotClear(e, t, q.clearableE)) return verdict(row, 'info');
    const needs = review || q.alwaysReview || allEmpty(t) ? 'review' : 'auto';
    return verdict(row, 'write', { to: 'customerp', desired: t, needs });
  };
  // N5: what cannot be written is not suggested either.
  const ask = (row: RuleRow, mismatch: MismatchKind, suggests: Side | null): Verdict => {
    const impossible =
      (suggests === 'customerp' && cannotClear(t, e, q.clearableT)) ||
      (suggests === 'tidsbanken' && cannotClear(e, t, q.clearableE));
    return verdict(row, 'ask', { mismatch, suggests: impossible ? null : suggests });
  };
  // D1: what flows one way suggests the value of the side that sends.
  const sender: Side | null =
    direction === 'toTidsbanken' ? 'customerp' : direction === 'toCustomerp' ? 'tidsbanken' : null;

  if (baseE === 'none' || baseT === 'none') {
    if (allEmpty(e)) return direction === 'toTidsbanken' ? verdict('R3', 'info') : writeE('R3', true);
    if (allEmpty(t)) return direction === 'toCustomerp' ? verdict('R4', 'info') : writeT('R4', true);
    return ask('R5', 'firstDifference', sender ?? q.master);
  }

  const cE = differs(e, baseE);
  const cT = differs(t, baseT);
  if (!cE && !cT) return verdict('R6', 'nothing');

  if (cE && !cT) {
    const row = allEmpty(e) ? 'R9' : 'R7';
    if (direction !== 'toCustomerp') return writeT(row, row === 'R9');
    if (q.against === 'restore') return writeE(row, row === 'R9');
    return ask(row, 'againstDirection', 'tidsbanken');
  }
  if (cT && !cE) {
    const row = allEmpty(t) ? 'R10' : 'R8';
    if (direction !== 'toTidsbanken') return writeE(row, row === 'R10');
    if (q.against === 'restore') return writeT(row, row === 'R10');
    return ask(row, 'againstDirection', 'customerp');
  }

  if (allEmpty(e)) return ask('R11', 'clearedVersusEdited', sender ?? 'tidsbanken');
  if (allEmpty(t)) return ask('R11', 'clearedVersusEdited', sender ?? 'customerp');
  if (sender !== null) return ask('R12', 'bothEdited', sender);
  const winner = q.policy === 'newest' ? newest(q) : q.policy;
  // A policy that cannot be carried out leaves the finding as it was: both were edited.
  if (winner === 'customerp' && !cannotClear(t, e, q.clearableT)) return writeT('R12', false);
  if (winner === 'tidsbanken' && !cannotClear(e, t, q.clearableE)) return writeE('R12', false);
  return ask('R12', 'bothEdited', null);
}

/** D4. */
function newest(q: Question): Side | 'ask' {
  if (q.modifiedE === null || q.modifiedT === null || q.oursE || q.oursT) return 'ask';
  if (q.modifiedE - q.modifiedT > q.marginMs) return 'customerp';
  if (q.modifiedT - q.modifiedE > q.marginMs) return 'tidsbanken';
  return 'ask';
}

/** What the second opinion says of one group of a pair. */
export interface GroupVerdict {
  readonly group: string;
  readonly row: RuleRow;
  readonly write: {
    readonly to: Side;
    readonly needs: 'auto' | 'review';
    readonly archive: boolean;
    readonly members: readonly { readonly property: string; readonly expected: Value; readonly desired: Value }[];
  } | null;
  /** Of the group as a whole; findings about one property stand in `findings`. */
  readonly mismatch: { readonly kind: MismatchKind; readonly suggests: Side | null } | null;
}

export interface SecondOpinion {
  readonly groups: readonly GroupVerdict[];
  /** Values that failed their type (N4) and references without a link (O2): `kind side property`. */
  readonly findings: readonly string[];
  /** The whole base after this run's R2, in the form in which the store keeps it. */
  readonly base: Pair<Props>;
}

/** D6: the property's direction, narrowed by the link's. */
function narrowed(property: Direction, link: Direction): Direction {
  const toT = ['both', 'toTidsbanken'].includes(property) && ['both', 'toTidsbanken'].includes(link);
  const toE = ['both', 'toCustomerp'].includes(property) && ['both', 'toCustomerp'].includes(link);
  if (toT && toE) return 'both';
  if (toT) return 'toTidsbanken';
  return toE ? 'toCustomerp' : 'off';
}

/** One linked pair, both sides present (5.2, P/P). Identity (M6) is not looked at. */
export function secondReconciler(pair: LinkedPair, rules: FlowRules, world: WorldFacts): SecondOpinion {
  const findings: string[] = [];
  const baseE: Record<string, Value> = { ...pair.base.customerp };
  const baseT: Record<string, Value> = { ...pair.base.tidsbanken };
  const groups: GroupVerdict[] = [];
  if (pair.direction === 'off') return { groups, findings, base: { customerp: baseE, tidsbanken: baseT } };

  /** N1 and O2: the value of one property on one side, references as links. */
  const cell = (side: Side, property: string): Cell => {
    const record = pair[side];
    const value = Object.hasOwn(record.props, property) ? record.props[property] : undefined;
    if (record.invalid.some((entry) => entry.property === property)) {
      findings.push(`invalidValue ${side} ${property}`);
      return undefined;
    }
    if (value === undefined) return undefined;
    const target = rules.references[property];
    if (target === undefined || value === null) return value;
    const link = world.linkOf(target, side, value);
    if (link === null) findings.push(`unlinkedReference ${side} ${property}`);
    return typeof link === 'number' ? `link:${String(link)}` : undefined;
  };

  for (const group of rules.groupsFor(pair.customerp.props, pair.tidsbanken.props)) {
    const direction = narrowed(group.direction, pair.direction);
    if (direction === 'off') {
      // What is switched off is not looked at, so nothing is found in it either.
      groups.push({ group: group.name, row: 'R1', write: null, mismatch: null });
      continue;
    }
    const e = tupleOf(group.members.map((property) => cell('customerp', property)));
    const t = tupleOf(group.members.map((property) => cell('tidsbanken', property)));
    const decided = secondGroup(questionOf(pair, group, rules, world, direction, e, t));
    if (decided.does === 'inStep' && e !== 'absent' && t !== 'absent') {
      for (const [i, property] of group.members.entries()) {
        baseE[property] = e[i] ?? null;
        baseT[property] = t[i] ?? null;
      }
    }
    groups.push(groupVerdict(pair, group, rules, decided, e, t));
  }
  return { groups, findings, base: { customerp: baseE, tidsbanken: baseT } };
}

/** N4: ∅ if any member is ∅. */
function tupleOf(cells: readonly Cell[]): readonly Value[] | 'absent' {
  const values: Value[] = [];
  for (const one of cells) {
    if (one === undefined) return 'absent';
    values.push(one);
  }
  return values;
}

function questionOf(
  pair: LinkedPair,
  group: GroupRule,
  rules: FlowRules,
  world: WorldFacts,
  direction: Direction,
  e: readonly Value[] | 'absent',
  t: readonly Value[] | 'absent',
): Question {
  const seen = e !== 'absent' && t !== 'absent';
  const stored = (props: Props): readonly Value[] | 'none' => {
    const values = tupleOf(group.members.map((property) => props[property]));
    return values === 'absent' ? 'none' : values;
  };
  return {
    e,
    t,
    baseE: stored(pair.base.customerp),
    baseT: stored(pair.base.tidsbanken),
    equal: seen && group.members.every((property, i) => rules.same(property, e[i] ?? null, t[i] ?? null)),
    direction,
    clearableE: group.clearable.customerp,
    clearableT: group.clearable.tidsbanken,
    master: group.master,
    policy: group.conflict,
    against: group.against,
    // D3: sensitive groups and the lifecycle; removed references are seen to once the target is known.
    alwaysReview: group.needsReview || group.sensitive || group.name === rules.lifecycle?.group,
    modifiedE: pair.customerp.modifiedAt,
    modifiedT: pair.tidsbanken.modifiedAt,
    oursE: world.explainedByUs(pair.linkId, 'customerp'),
    oursT: world.explainedByUs(pair.linkId, 'tidsbanken'),
    marginMs: rules.newestMarginMs,
  };
}

function groupVerdict(
  pair: LinkedPair,
  group: GroupRule,
  rules: FlowRules,
  decided: Verdict,
  e: readonly Value[] | 'absent',
  t: readonly Value[] | 'absent',
): GroupVerdict {
  const plain: GroupVerdict = { group: group.name, row: decided.row, write: null, mismatch: null };
  // W3, W6: a frozen group is shown instead of being written or asked about.
  const frozen = pair.frozen[group.name];
  const asFrozen = frozen === undefined ? null : { ...plain, mismatch: { kind: frozen, suggests: null } };
  if (decided.mismatch !== null) {
    return asFrozen ?? { ...plain, mismatch: { kind: decided.mismatch, suggests: decided.suggests } };
  }
  const { to, desired } = decided;
  const now = to === 'customerp' ? e : t;
  if (to === null || desired === null || decided.needs === null || now === 'absent') return plain;
  const members = group.members.map((property, i) => ({
    property,
    expected: now[i] ?? null,
    desired: desired[i] ?? null,
  }));
  // 2.3: archive only when the flag turns inactive, and only where the target can.
  const flag = members.find(
    ({ property }) => group.name === rules.lifecycle?.group && property === rules.lifecycle.property,
  );
  const inactive = rules.lifecycle?.inactive;
  const archive = flag !== undefined && flag.desired === inactive && flag.expected !== inactive;
  if (archive && !rules.archive[to]) return plain;
  const removed = members.some(
    ({ property, expected, desired: wanted }) =>
      rules.references[property] !== undefined && expected !== null && wanted === null,
  );
  return asFrozen ?? { ...plain, write: { to, needs: removed ? 'review' : decided.needs, archive, members } };
}
