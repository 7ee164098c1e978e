import type { ChangeOp, GroupChange, MemberChange, Props, Value } from '../../../shared/domain.ts';
import type { CompiledFlow, CompiledProperty } from '../../mapping/compile.ts';
import { holdsWhole } from '../../mapping/equality.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import { allows } from '../reconcile/group-table.ts';
import { sameAcross } from '../verify/verify.ts';

/** Why a value is kept, in the words of the contract. */
export type KeptWhy = 'editedSince' | 'alreadyBack';

/** Why a write cannot be taken back. */
export type CannotWhy =
  | 'sensitive' // only a mask and a MAC of the former value are kept (J1)
  | 'cannotClose' // the kind has no flag by which a record is closed (2.3), and nothing is ever deleted (X1)
  | 'notVerified' // nobody knows for sure what was written
  | 'flowOff'
  | 'otherSystem' // it was written to another company's system (S3)
  | 'linkEnded'
  | 'identityChanged' // M6: every write for the pair waits
  | 'gone'
  | 'unreadable' // what is there now was not observed (N1)
  | 'againstDirection' // I11
  | 'mappingChanged' // its values were made another way (S5)
  | 'unlinkedReference' // I15
  | 'notWritable' // N5: the field cannot hold the former value, or cannot be emptied
  | 'outOfScope' // C7: a filter leaves the record out
  | 'openChange' // 2.5: another change of the record is under way or was decided
  | 'alreadyProposed';

/** One value as it was written, as it stands now (absent: not observed), and as it was before. */
export interface UndoMember {
  readonly property: string;
  readonly written: Value;
  readonly now?: Value;
  readonly before: Value;
}

/** What undo comes to for one group of one written change (7.5). */
export type UndoVerdict = { readonly group: string; readonly members: readonly UndoMember[] } & (
  | { readonly outcome: 'reversed'; readonly op: Exclude<ChangeOp, 'create'>; readonly back: readonly MemberChange[] }
  | { readonly outcome: 'kept'; readonly why: KeptWhy }
  | { readonly outcome: 'cannot'; readonly why: CannotWhy }
);

/** All that the decision needs to know beside the change itself, as last read. */
export interface UndoFacts {
  /** Undefined: the flow is switched off. */
  readonly flow: CompiledFlow | undefined;
  readonly isSameSystem: boolean;
  readonly link: Pick<StoredLink, 'state' | 'direction' | 'base'> | null;
  readonly identityChanged: boolean;
  /** C7: a filter leaves one of the two records out. */
  readonly outOfScope: boolean;
  /** The record that was written, its references as links; null: not there any more. */
  readonly target: Props | null;
  /** The open change of that record, if there is one (2.5). */
  readonly open: Pick<StoredChange, 'state' | 'origin' | 'groups'> | null;
  /** Groups whose values another mapping has touched since. */
  readonly touched: readonly string[] | 'all';
  /** Whether the target can close a record of this kind (2.3). */
  readonly canClose: boolean;
  /** Whether a reference, `link:ID`, still points to an active link. */
  readonly isLinked: (reference: string) => boolean;
}

/**
 * 7.5: what would become of each group of a written change if it were taken back. The desired value is the one before,
 * the expected one is what is there now if it is what was written; what was edited since is kept. A created record is
 * proposed for closing, never deleted (X1). Pure: the same facts give the same rows.
 */
export function undoRows(change: StoredChange, facts: UndoFacts): UndoVerdict[] {
  const { flow, target } = facts;
  if (flow === undefined) return refuseAll(change, facts, 'flowOff');
  const hindrance = hindranceOf(change, facts);
  if (hindrance !== null || target === null) return refuseAll(change, facts, hindrance ?? 'gone');
  if (change.op === 'create') return [closing(change, { ...facts, flow, target })];
  return change.groups.map((group) => takingBack(change, group, { ...facts, flow, target }));
}

type Known = UndoFacts & { readonly flow: CompiledFlow; readonly target: Props };

/** What stands against every group of the change alike. */
function hindranceOf(change: StoredChange, { isSameSystem, link, ...facts }: UndoFacts): CannotWhy | null {
  if (change.state !== 'verified') return 'notVerified';
  if (!isSameSystem) return 'otherSystem';
  if (link?.state !== 'active') return 'linkEnded';
  if (facts.identityChanged) return 'identityChanged';
  if (facts.outOfScope) return 'outOfScope';
  return allows(link.direction, change.target) ? null : 'againstDirection';
}

const refuseAll = (change: StoredChange, facts: UndoFacts, why: CannotWhy): UndoVerdict[] => {
  const groups = change.op === 'create' ? [wholeRecord(change)] : change.groups;
  return groups.map((group) => ({
    group: group.group,
    members: membersOf(facts.flow, group, facts.target),
    outcome: 'cannot' as const,
    why,
  }));
};

/** A create is one record: it is told as one. */
const wholeRecord = (change: StoredChange): Pick<GroupChange, 'group' | 'members'> => ({
  group: 'create',
  members: change.groups.flatMap((group) => group.members).filter((member) => member.desired !== null),
});

/** Of a sensitive value nothing is told (I19). */
const membersOf = (
  flow: CompiledFlow | undefined,
  { members }: Pick<GroupChange, 'members'>,
  target: Props | null,
): UndoMember[] =>
  members
    .filter(({ property }) => flow?.property(property)?.sensitive === false)
    .map(({ property, desired, expected }) => {
      const now = target?.[property];
      return { property, written: desired, before: expected, ...(now === undefined ? {} : { now }) };
    });

function takingBack(change: StoredChange, group: GroupChange, facts: Known): UndoVerdict {
  const { flow, target } = facts;
  const row = { group: group.group, members: membersOf(flow, group, target) };
  const members = group.members.map((m) => ({
    property: m.property,
    expected: target[m.property] ?? null,
    desired: m.expected,
  }));
  const barred = barredBy(change, group, facts);
  if (barred !== null) return { ...row, outcome: 'cannot', why: barred };
  if (!holds(flow, target, group.members, 'desired')) {
    const isBack = holds(flow, target, group.members, 'expected');
    return { ...row, outcome: 'kept', why: isBack ? 'alreadyBack' : 'editedSince' };
  }
  const hindrance = writeHindrance(change, members, facts) ?? openHindrance(group.group, facts);
  if (hindrance !== null) return { ...row, outcome: 'cannot', why: hindrance };
  return { ...row, outcome: 'reversed', op: turnsInactive(flow, members) ? 'archive' : 'update', back: members };
}

/** What the group itself stands against, whatever is there now. */
function barredBy(change: StoredChange, group: GroupChange, { flow, target, touched }: Known): CannotWhy | null {
  const properties = group.members.map((m) => flow.property(m.property));
  const known = properties.filter((p): p is CompiledProperty => p !== undefined);
  if (known.some((p) => p.sensitive)) return 'sensitive';
  if (known.length < properties.length || touched === 'all' || touched.includes(group.group)) return 'mappingChanged';
  if (!known.every((p) => allows(p.direction, change.target))) return 'againstDirection';
  return known.every((p) => target[p.name] !== undefined) ? null : 'unreadable';
}

const holds = (
  flow: CompiledFlow,
  target: Props,
  members: readonly MemberChange[],
  which: 'desired' | 'expected',
): boolean =>
  members.every((m) => {
    const now = target[m.property];
    return now !== undefined && sameAcross(flow, m.property, m[which], now);
  });

/** N5, I15: the target must be able to hold what was there before. */
function writeHindrance(
  change: StoredChange,
  members: readonly MemberChange[],
  { flow, isLinked }: Known,
): CannotWhy | null {
  for (const { property, expected, desired } of members) {
    if (desired === expected) continue;
    const compiled = flow.property(property);
    const isReference = compiled?.reference !== undefined && desired !== null;
    if (isReference && !isLinked(desired)) return 'unlinkedReference';
    if (compiled !== undefined && !holdsWhole(compiled, change.target, desired)) return 'notWritable';
    if (!isReference && flow.write(change.target, property, desired, undefined, 'update').kind === 'leaveOut')
      return 'notWritable';
  }
  return null;
}

/** 2.5: a proposal of the sync gives way, since it comes again by itself; what a person decided does not. */
function openHindrance(group: string, { open }: UndoFacts): CannotWhy | null {
  if (open === null) return null;
  if (open.origin === 'undo' && open.groups.some((g) => g.group === group)) return 'alreadyProposed';
  const givesWay = open.state === 'planned' && (open.origin === 'plan' || open.origin === 'undo');
  return givesWay ? null : 'openChange';
}

/** X1: what was created is closed, where the kind can be closed, and if nobody has worked on it since. */
function closing(change: StoredChange, facts: Known): UndoVerdict {
  const { flow, target, canClose } = facts;
  const { lifecycle } = flow.mapping;
  const whole = wholeRecord(change);
  const row = { group: whole.group, members: membersOf(flow, whole, target) };
  if (lifecycle === undefined || !canClose) return { ...row, outcome: 'cannot', why: 'cannotClose' };
  const now = target[lifecycle.property];
  if (now === undefined) return { ...row, outcome: 'cannot', why: 'unreadable' };
  if (now === lifecycle.inactive) return { ...row, outcome: 'kept', why: 'alreadyBack' };
  if (wasEdited(change, facts)) return { ...row, outcome: 'kept', why: 'editedSince' };
  const back = [{ property: lifecycle.property, expected: now, desired: lifecycle.inactive }];
  const isOneWay = !allows(flow.property(lifecycle.property)?.direction ?? 'off', change.target);
  const why = isOneWay ? 'againstDirection' : writeHindrance(change, back, facts);
  const hindrance = why ?? openHindrance(lifecycleGroup(flow, lifecycle.property), facts);
  if (hindrance !== null) return { ...row, outcome: 'cannot', why: hindrance };
  return { ...row, outcome: 'reversed', op: 'archive', back };
}

/** What a field holds that was sent empty is the system's own, unless it is no longer what was read back then. */
function wasEdited(change: StoredChange, { flow, target, link }: Known): boolean {
  return change.groups
    .flatMap((group) => group.members)
    .some(({ property, desired }) => {
      const now = target[property];
      if (flow.property(property) === undefined || now === undefined) return false;
      const base = link?.base[change.target][property];
      if (desired === null) return base !== undefined && now !== base;
      return !sameAcross(flow, property, desired, now);
    });
}

const lifecycleGroup = (flow: CompiledFlow, property: string): string =>
  flow.groups.find((group) => group.lifecycle)?.name ?? property;

/** The group that a verdict is proposed as: a created record is closed by its lifecycle (2.3). */
export const groupOfVerdict = (flow: CompiledFlow, { group }: Pick<UndoVerdict, 'group'>): string =>
  group === 'create' ? lifecycleGroup(flow, flow.mapping.lifecycle?.property ?? group) : group;

const turnsInactive = ({ mapping: { lifecycle } }: CompiledFlow, members: readonly MemberChange[]): boolean =>
  lifecycle !== undefined &&
  members.some(
    (m) => m.property === lifecycle.property && m.desired === lifecycle.inactive && m.expected !== lifecycle.inactive,
  );

/**
 * Whether a proposed undo still stands: at least one of its groups is still there to be taken back, and the pair may be
 * written that way (D6). What was edited since is kept; groups that dropped out are sorted out at A3.
 */
export const stillStands = (
  change: Pick<StoredChange, 'target' | 'groups'>,
  target: Props,
  link: Pick<StoredLink, 'direction'>,
): boolean =>
  allows(link.direction, change.target) &&
  change.groups.some((group) => group.members.every((m) => target[m.property] === m.expected));
