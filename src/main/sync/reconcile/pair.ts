import { SIDES, otherSide } from '../../../shared/domain.ts';
import type {
  Bucket,
  ChangeOp,
  Direction,
  GroupChange,
  MemberChange,
  Pair,
  Props,
  Side,
  Take,
  Value,
} from '../../../shared/domain.ts';
import type { ChangeDraft, CollectedRecord, LinkedPair, MismatchDraft, PairOutcome, Versions } from '../drafts.ts';
import { shownText } from '../../mapping/conceal.ts';
import { changeFingerprint } from '../review/fingerprint.ts';
import type { GroupEvidence, Ids } from '../review/fingerprint.ts';
import { allows, canBecome, decideGroup, equalTuples } from './group-table.ts';
import type { EditTimes, GroupOutcome, Write } from './group-table.ts';
import { identityChanges } from './identity.ts';
import { mismatchDraft } from './mismatch.ts';
import { resolveReferences } from './references.ts';
import type { ResolvedRecord } from './references.ts';
import type { FlowRules, GroupRule, Tuple, WorldFacts } from './rules.ts';

/** Everything one pair is judged by; made once and handed to the steps. */
interface Case {
  readonly pair: LinkedPair;
  readonly ids: Ids;
  readonly rules: FlowRules;
  readonly versions: Versions;
  readonly seen: Pair<ResolvedRecord>;
  readonly times: EditTimes;
}

/** One group with what was seen of it and what the table says. */
interface Judged {
  readonly rule: GroupRule;
  readonly e: Tuple | 'unobserved';
  readonly t: Tuple | 'unobserved';
  readonly base: Pair<Tuple> | null;
  readonly outcome: GroupOutcome;
}

const NOTHING: Pair<Props> = { customerp: {}, tidsbanken: {} };

/**
 * What to do about one linked pair whose records are both present (5.1 per group).
 * At most one change per side; `base` holds only properties whose base really moves. A paused pair (D6) is skipped,
 * and a pair whose identity changed (M6) waits as a whole.
 */
export function reconcilePair(pair: LinkedPair, rules: FlowRules, world: WorldFacts, versions: Versions): PairOutcome {
  if (pair.direction === 'off') return skipped('paused');
  const c = openCase(pair, rules, world, versions);
  const identity = identityMismatch(c, world);
  if (identity !== null)
    return { changes: [], mismatches: [identity], base: NOTHING, bucket: 'mismatch', reason: null };

  const judged = rules
    .groupsFor(pair.customerp.props, pair.tidsbanken.props)
    .map((rule) => judge(c, { ...rule, direction: narrow(rule.direction, pair.direction) }))
    .filter(({ rule }) => rule.direction !== 'off');
  const changes = SIDES.flatMap((target) => changeFor(c, target, judged) ?? []);
  const mismatches = judged.flatMap((group) => [...groupFindings(c, group), ...memberFindings(c, group)]);
  return { changes, mismatches, base: movedBases(c, judged), ...bucketOf(changes, mismatches, judged, c) };
}

/**
 * Whether that side's record drifted from its base in any group (5.2, `goneVersusEdited`). Groups with base none or an
 * unobserved member have not drifted (N1).
 */
export function hasDrifted(record: CollectedRecord, base: Props, rules: FlowRules, world: WorldFacts): boolean {
  const { props } = resolveReferences(record, rules.references, world.linkOf);
  return rules
    .groupsFor(record.props, record.props)
    .filter(({ direction }) => direction !== 'off')
    .some(({ members }) =>
      members.some((property) => {
        const now = props[property];
        return now !== undefined && Object.hasOwn(base, property) && now !== base[property];
      }),
    );
}

/** D6: a link may narrow the direction of a property, never widen it. */
export function narrow(property: Direction, link: Direction): Direction {
  if (link === 'both' || property === link) return property;
  return property === 'both' ? link : 'off';
}

function openCase(pair: LinkedPair, rules: FlowRules, world: WorldFacts, versions: Versions): Case {
  const { customerp, tidsbanken, linkId } = pair;
  return {
    pair,
    rules,
    versions,
    ids: { linkId, customerpId: customerp.nativeId, tidsbankenId: tidsbanken.nativeId },
    seen: {
      customerp: resolveReferences(customerp, rules.references, world.linkOf),
      tidsbanken: resolveReferences(tidsbanken, rules.references, world.linkOf),
    },
    times: {
      modifiedAt: { customerp: customerp.modifiedAt, tidsbanken: tidsbanken.modifiedAt },
      explainedByUs: {
        customerp: world.explainedByUs(linkId, 'customerp'),
        tidsbanken: world.explainedByUs(linkId, 'tidsbanken'),
      },
      marginMs: rules.newestMarginMs,
    },
  };
}

function judge(c: Case, rule: GroupRule): Judged {
  const e = tupleOf(c.seen.customerp.props, rule.members);
  const t = tupleOf(c.seen.tidsbanken.props, rule.members);
  const base = baseOf(c, rule);
  const outcome = decideGroup({
    e,
    t,
    base,
    same: (a, b) => rule.members.every((property, i) => c.rules.same(property, a[i] ?? null, b[i] ?? null)),
    direction: rule.direction,
    clearable: rule.clearable,
    master: rule.master,
    policy: rule.conflict,
    against: rule.against,
    needsReview: rule.needsReview || rule.sensitive || rule.name === c.rules.lifecycle?.group,
    times: c.times,
  });
  return { rule, e, t, base, outcome: hardened(c, { rule, e, t, base, outcome }) };
}

/** What the table cannot know: removed references need review (D3), and not every system can archive (2.3). */
function hardened(c: Case, { rule, e, t, outcome }: Judged): GroupOutcome {
  if (outcome.kind !== 'write' || e === 'unobserved' || t === 'unobserved') return outcome;
  const current = outcome.to === 'customerp' ? e : t;
  if (turnsInactive(c, rule, current, outcome.desired) && !c.rules.archive[outcome.to]) {
    return { kind: 'info', row: outcome.row, why: 'cannotArchive' };
  }
  const removesReference = rule.members.some(
    (property, i) => property in c.rules.references && outcome.desired[i] === null && current[i] !== null,
  );
  return removesReference ? { ...outcome, needs: 'review' } : outcome;
}

function turnsInactive(c: Case, rule: GroupRule, current: Tuple, desired: Tuple): boolean {
  const { lifecycle } = c.rules;
  if (lifecycle === null || rule.name !== lifecycle.group) return false;
  const flag = rule.members.indexOf(lifecycle.property);
  return desired[flag] === lifecycle.inactive && current[flag] !== lifecycle.inactive;
}

/** N4: a group is unobserved if any member is. */
function tupleOf(props: Props, members: readonly string[]): Tuple | 'unobserved' {
  const values: Value[] = [];
  for (const property of members) {
    const value = props[property];
    if (value === undefined) return 'unobserved';
    values.push(value);
  }
  return values;
}

/** The group's base pair, or null (none) if a member has none on either side. */
function baseOf(c: Case, rule: GroupRule): Pair<Tuple> | null {
  const customerp = tupleOf(c.pair.base.customerp, rule.members);
  const tidsbanken = tupleOf(c.pair.base.tidsbanken, rule.members);
  return customerp === 'unobserved' || tidsbanken === 'unobserved' ? null : { customerp, tidsbanken };
}

function movedBases(c: Case, judged: readonly Judged[]): Pair<Props> {
  const moved: Pair<Record<string, Value>> = { customerp: {}, tidsbanken: {} };
  for (const { rule, base, outcome } of judged) {
    if (outcome.kind !== 'inStep') continue;
    const kept = base !== null && SIDES.every((side) => equalTuples(base[side], outcome.base[side]));
    if (kept) continue;
    for (const side of SIDES) {
      rule.members.forEach((property, i) => {
        moved[side][property] = outcome.base[side][i] ?? null;
      });
    }
  }
  return moved;
}

type WriteJudged = Judged & { readonly outcome: Write };

const isWrite = (group: Judged): group is WriteJudged => group.outcome.kind === 'write';

const isFrozen = (c: Case, group: Judged): boolean => c.pair.frozen[group.rule.name] !== undefined;

function changeFor(c: Case, target: Side, judged: readonly Judged[]): ChangeDraft | null {
  const writes = judged.filter(isWrite).filter((g) => g.outcome.to === target && !isFrozen(c, g));
  if (writes.length === 0) return null;
  const groups = writes.map((group) => groupChange(c, group));
  const op = writes.some((group) => opOf(c, group) === 'archive') ? 'archive' : 'update';
  const evidence = { ...c.ids, kind: c.rules.kind, op, target, groups: writes.map((group) => evidenceOf(group)) };
  return {
    ...c.ids,
    kind: c.rules.kind,
    op,
    target,
    groups,
    needs: groups.some(({ needs }) => needs === 'review') ? 'review' : 'auto',
    fingerprint: changeFingerprint({ ...evidence, op }, c.versions),
    waitsFor: [],
    label: c.pair.customerp.label,
  };
}

function opOf(c: Case, { rule, e, t, outcome }: WriteJudged): ChangeOp {
  const current = outcome.to === 'customerp' ? e : t;
  return current !== 'unobserved' && turnsInactive(c, rule, current, outcome.desired) ? 'archive' : 'update';
}

/** A group has a fingerprint of its own op, so that its approval outlives what happens to the groups beside it (V2). */
function groupChange(c: Case, group: WriteJudged): GroupChange {
  const { rule, outcome } = group;
  const evidence = {
    ...c.ids,
    kind: c.rules.kind,
    op: opOf(c, group),
    target: outcome.to,
    groups: [evidenceOf(group)],
  };
  return {
    group: rule.name,
    row: outcome.row,
    needs: outcome.needs,
    members: membersOf(c, group),
    fingerprint: changeFingerprint(evidence, c.versions),
    approved: false,
  };
}

function membersOf(c: Case, { rule, e, t, outcome }: WriteJudged): MemberChange[] {
  const current = outcome.to === 'customerp' ? e : t;
  const source = c.pair[otherSide(outcome.to)];
  return rule.members.map((property, i) => {
    const spelling = property in c.rules.references ? undefined : source.spellings[property];
    const expected = current === 'unobserved' ? null : (current[i] ?? null);
    const change = { property, expected, desired: outcome.desired[i] ?? null };
    return spelling === undefined ? change : { ...change, spelling };
  });
}

const evidenceOf = ({ rule, e, t, base }: Judged): GroupEvidence => ({
  group: rule.name,
  members: rule.members,
  base,
  observed: { customerp: e === 'unobserved' ? null : e, tidsbanken: t === 'unobserved' ? null : t },
});

function identityMismatch(c: Case, world: WorldFacts): MismatchDraft | null {
  const changes = identityChanges(c.pair, c.rules, world);
  if (changes.length === 0) return null;
  const detail = Object.fromEntries(
    changes.map(({ side, key, was, is }) => [`${side}.${key}`, `${was ?? '-'} → ${is ?? '-'}`]),
  );
  return finding(c, { mismatch: 'identityChanged', detail, takes: ['accept', 'unlink', 'later'] });
}

/** A frozen group that would be written or asked about is shown as what it is frozen for (W3, W6). */
function groupFindings(c: Case, group: Judged): MismatchDraft[] {
  const { outcome, rule } = group;
  if (outcome.kind !== 'ask' && outcome.kind !== 'write') return [];
  const frozen = c.pair.frozen[rule.name];
  const mismatch = frozen ?? (outcome.kind === 'ask' ? outcome.mismatch : null);
  if (mismatch === null) return [];
  return [
    finding(c, {
      mismatch,
      group: rule.name,
      detail: { row: outcome.row, ...valuesOf(c, rule) },
      suggests: mismatch !== frozen && outcome.kind === 'ask' ? outcome.suggests : null,
      takes: groupTakes(c, group),
      evidence: evidenceJson(evidenceOf(group)),
    }),
  ];
}

/** D5. Taking a side's value is offered only where it may flow and can be laid down. */
function groupTakes(c: Case, { rule, e, t }: Judged): Take[] {
  const tuples = { customerp: e, tidsbanken: t };
  const sides = SIDES.filter((side) => {
    const to = otherSide(side);
    const [desired, current] = [tuples[side], tuples[to]];
    if (desired === 'unobserved' || current === 'unobserved') return false;
    const archives = turnsInactive(c, rule, current, desired);
    return (
      allows(rule.direction, to) &&
      canBecome(current, desired, rule.clearable[to]) &&
      (!archives || c.rules.archive[to])
    );
  });
  return [...sides, 'accept', 'later'];
}

/** The values side by side, as each system spells its references. Of sensitive ones the mask (I19). */
const valuesOf = (c: Case, rule: GroupRule): Record<string, string> =>
  Object.fromEntries(
    SIDES.flatMap((side) =>
      rule.members.map((property) => [`${side}.${property}`, shownText(c.pair[side].props[property] ?? '')]),
    ),
  );

const evidenceJson = ({ group, members, base, observed }: GroupEvidence) => ({
  group,
  members: [...members],
  base: base && { customerp: [...base.customerp], tidsbanken: [...base.tidsbanken] },
  observed: {
    customerp: observed.customerp && [...observed.customerp],
    tidsbanken: observed.tidsbanken && [...observed.tidsbanken],
  },
});

/** Why a group is unobserved, member by member: values that failed their type (N4) and references without a link (O2). */
function memberFindings(c: Case, { rule }: Judged): MismatchDraft[] {
  const isFaultless = (side: Side): boolean =>
    c.pair[side].invalid.length === 0 && Object.keys(c.seen[side].unlinked).length === 0;
  if (SIDES.every(isFaultless)) return [];
  return SIDES.flatMap((side) => [
    ...c.pair[side].invalid
      .filter(({ property }) => rule.members.includes(property))
      .map(({ property, reason }) =>
        finding(c, {
          mismatch: 'invalidValue',
          group: rule.name,
          detail: { side, property, reason: rule.sensitive ? '' : reason },
          takes: ['later'],
        }),
      ),
    ...rule.members.flatMap((property) => {
      const ref = c.seen[side].unlinked[property];
      if (ref === undefined) return [];
      const detail = { side, property, kind: ref.kind, nativeId: ref.nativeId };
      return [finding(c, { mismatch: 'unlinkedReference', group: rule.name, detail, takes: ['later'] })];
    }),
  ]);
}

type FindingParts = Omit<Parameters<typeof mismatchDraft>[0], keyof Ids | 'kind' | 'label'>;

const finding = (c: Case, parts: FindingParts): MismatchDraft =>
  mismatchDraft({ ...c.ids, kind: c.rules.kind, label: c.pair.customerp.label, ...parts }, c.versions);

const skipped = (reason: string): PairOutcome => ({
  changes: [],
  mismatches: [],
  base: NOTHING,
  bucket: 'skipped',
  reason,
});

/** I5, V4: the first bucket that fits. An unobserved group beside observed ones does not keep a pair from being in step. */
function bucketOf(
  changes: readonly ChangeDraft[],
  mismatches: readonly MismatchDraft[],
  judged: readonly Judged[],
  c: Case,
): { readonly bucket: Bucket; readonly reason: string | null } {
  if (mismatches.length > 0) return { bucket: 'mismatch', reason: null };
  if (changes.length > 0) return { bucket: 'proposed', reason: null };
  const info = judged.map(({ outcome }) => outcome).find((outcome) => outcome.kind === 'info');
  if (info !== undefined) return { bucket: 'skipped', reason: info.why };
  const waits = judged.some(({ rule }) =>
    rule.members.some((property) => SIDES.some((side) => c.seen[side].waiting[property] !== undefined)),
  );
  if (waits) return { bucket: 'skipped', reason: 'waitsForReference' };
  const seen = judged.some(({ outcome }) => outcome.kind !== 'skip');
  return seen ? { bucket: 'inStep', reason: null } : { bucket: 'skipped', reason: 'nothingObserved' };
}
