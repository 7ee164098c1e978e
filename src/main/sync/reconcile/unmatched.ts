import type {
  Bucket,
  Direction,
  GroupChange,
  Kind,
  MemberChange,
  MismatchKind,
  Side,
  Take,
  Value,
} from '../../../shared/domain.ts';
import type { NumberRange } from '../../mapping/mapping.ts';
import type { ChangeDraft, CollectedRecord, MismatchDraft, RecordRef, Versions } from '../drafts.ts';
import { changeFingerprint } from '../review/fingerprint.ts';
import type { Ids } from '../review/fingerprint.ts';
import { allows } from './group-table.ts';
import { mismatchDraft } from './mismatch.ts';
import { linkText, openText } from './references.ts';
import type { LinkOf } from './rules.ts';

/** A property as a create sees it. The caller leaves out what the target cannot take, such as read-only fields. */
export interface CreateProperty {
  readonly name: string;
  readonly group: string;
  readonly direction: Direction;
  readonly sensitive: boolean;
  readonly required: boolean;
  /** Left out at creation and written in a later pass (O1). */
  readonly deferred: boolean;
  readonly reference: Kind | null;
  /** What the new record gets where the source is empty. */
  readonly onCreate: Value;
}

/** How counterparts on one side come to be. */
export interface CreateRules {
  readonly kind: Kind;
  readonly target: Side;
  readonly rule: 'every' | 'never';
  /** Creates of this kind need no review (D3). */
  readonly automatic: boolean;
  readonly properties: readonly CreateProperty[];
  /** The target's key when the creator chooses it (K8); null when the system numbers by itself. */
  readonly chosenId: ChosenId | null;
}

export interface ChosenId {
  readonly property: string;
  readonly isValid: (id: string) => boolean;
  /** Seen in any collection, intent or tombstone, or given to another record that is still to be created. */
  readonly isTaken: (id: string) => boolean;
  /** The range that a number is taken from where the source's own cannot be; null: the operator has not switched that on. */
  readonly range: NumberRange | null;
  /** The next free number of the range, the same one for this record whenever it is asked for; null: there is none left. */
  readonly nextFree: () => string | null;
}

export interface UnmatchedFacts {
  readonly linkOf: LinkOf;
  readonly active: boolean;
  /** A create for this very record is open already (X3). */
  readonly openCreate: boolean;
  /** A record on the target's side that has no part in the sync and holds one of its strong keys (C4, C7), or null. */
  readonly heldBy: string | null;
  /** A person asked for the create: the creation rule no longer stands in its way. */
  readonly asked: boolean;
}

export interface UnmatchedOutcome {
  readonly change: ChangeDraft | null;
  readonly mismatches: readonly MismatchDraft[];
  readonly bucket: Bucket;
  readonly reason: string | null;
}

/**
 * What to do about a record that matched nothing (X3, M5): propose its counterpart, or show it with the ways out.
 * Sensitive and switched-off properties are never sent, nor is what is empty (N5) or unobserved (N1).
 */
export function reconcileUnmatched(
  record: CollectedRecord,
  rules: CreateRules,
  facts: UnmatchedFacts,
  versions: Versions,
): UnmatchedOutcome {
  if (facts.openCreate) return { change: null, mismatches: [], bucket: 'skipped', reason: 'createOpen' };
  if (!facts.active) return { change: null, mismatches: [], bucket: 'skipped', reason: 'inactive' };
  const c: Case = { record, rules, versions, ids: idsOf(record) };
  if (!facts.asked && rules.rule === 'never') return shown([onlyHere(c, ['create', 'link', 'ignore', 'later'])]);

  // The look before the create would find it, in this run and in every later one (K2).
  if (facts.heldBy !== null) return shown([heldByLeftOut(c, facts.heldBy)]);
  const chosen = chooseId(record, rules.chosenId);
  if (chosen.kind === 'ask') {
    return shown([finding(c, 'idCollision', chosen.detail, ['link', 'ignore', 'later'])]);
  }
  const payload = payloadOf(record, rules, facts.linkOf, chosen.id);
  const invalid = invalidFindings(c);
  const isBlocked = payload.unlinked.length > 0 || payload.missing.length > 0;
  if (isBlocked) return shown([...invalid, ...blockingFindings(c, payload)]);
  const bucket = invalid.length > 0 ? 'mismatch' : 'proposed';
  return { change: createDraft(c, payload), mismatches: invalid, bucket, reason: null };
}

/** The record with the rules it is judged by; made once and handed to the steps. */
interface Case {
  readonly record: CollectedRecord;
  readonly rules: CreateRules;
  readonly versions: Versions;
  readonly ids: Ids;
}

const idsOf = ({ side, nativeId }: CollectedRecord): Ids => ({
  linkId: null,
  customerpId: side === 'customerp' ? nativeId : null,
  tidsbankenId: side === 'tidsbanken' ? nativeId : null,
});

const shown = (mismatches: readonly MismatchDraft[]): UnmatchedOutcome => ({
  change: null,
  mismatches,
  bucket: 'mismatch',
  reason: null,
});

interface GivenId {
  readonly property: string;
  readonly value: string;
  /** The source has another number, or none: this one is of the operator's range. */
  readonly isFromRange: boolean;
}

type Chosen =
  | { readonly kind: 'use'; readonly id: GivenId | null }
  | { readonly kind: 'ask'; readonly detail: Readonly<Record<string, string>> };

/** K8: the source's number if free and valid; else the next free one where the operator switched that on; else ask. */
function chooseId(record: CollectedRecord, chosen: ChosenId | null): Chosen {
  if (chosen === null) return { kind: 'use', id: null };
  const { property, range } = chosen;
  const own = record.props[property] ?? null;
  const isValid = own !== null && chosen.isValid(own);
  if (isValid && !chosen.isTaken(own)) return { kind: 'use', id: { property, value: own, isFromRange: false } };
  const next = range === null ? null : chosen.nextFree();
  if (next !== null) return { kind: 'use', id: { property, value: next, isFromRange: true } };
  const detail = { property, id: own ?? '', why: isValid ? 'taken' : 'invalid' };
  if (range === null) return { kind: 'ask', detail };
  return { kind: 'ask', detail: { ...detail, why: 'usedUp', from: String(range.from), to: String(range.to) } };
}

interface Payload {
  readonly groups: ReadonlyMap<string, readonly MemberChange[]>;
  readonly waitsFor: readonly RecordRef[];
  /** Required references to records that have no link and no open create (O2). */
  readonly unlinked: readonly { readonly property: string; readonly ref: RecordRef }[];
  /** Required properties without a value. */
  readonly missing: readonly string[];
}

type Member = { readonly change: MemberChange | null; readonly waitsFor?: RecordRef; readonly unlinked?: RecordRef };

function payloadOf(record: CollectedRecord, rules: CreateRules, linkOf: LinkOf, id: GivenId | null): Payload {
  const wanted = rules.properties.filter(
    (p) => p.name === id?.property || (allows(p.direction, rules.target) && !p.sensitive && !p.deferred),
  );
  const groups = new Map<string, MemberChange[]>();
  const waitsFor: RecordRef[] = [];
  const unlinked: { property: string; ref: RecordRef }[] = [];
  const missing: string[] = [];
  const unobserved = unobservedGroups(wanted, record, id);
  for (const property of wanted) {
    const member =
      id !== null && property.name === id.property
        ? chosenMember(record, id)
        : memberOf(record, property, rules.kind, linkOf);
    if (member.unlinked !== undefined) unlinked.push({ property: property.name, ref: member.unlinked });
    const isLeftOut = member.change === null || unobserved.has(property.group);
    if (property.required && property.reference === null && isLeftOut) missing.push(property.name);
    if (member.change === null || isLeftOut) continue;
    if (member.waitsFor !== undefined) waitsFor.push(member.waitsFor);
    groups.set(property.group, [...(groups.get(property.group) ?? []), member.change]);
  }
  return { groups, waitsFor, unlinked, missing };
}

/** N4: one unobserved member makes the group unobserved; half an address is not an address. */
const unobservedGroups = (
  wanted: readonly CreateProperty[],
  record: CollectedRecord,
  id: { readonly property: string } | null,
): ReadonlySet<string> =>
  new Set(
    wanted.filter(({ name }) => name !== id?.property && record.props[name] === undefined).map(({ group }) => group),
  );

function chosenMember(record: CollectedRecord, { property, value, isFromRange }: GivenId): Member {
  if (isFromRange)
    return { change: { property, expected: null, desired: value, instead: record.props[property] ?? null } };
  const spelling = record.props[property] === value ? record.spellings[property] : undefined;
  return { change: change(property, value, spelling) };
}

function memberOf(record: CollectedRecord, property: CreateProperty, kind: Kind, linkOf: LinkOf): Member {
  const value = record.props[property.name] ?? null;
  if (value === null) {
    // Unobserved is not empty (N1): nobody knows whether the source has a value of its own.
    const fallback = record.props[property.name] === null ? property.onCreate : null;
    return { change: fallback === null ? null : change(property.name, fallback, undefined) };
  }
  if (property.reference === null) return { change: change(property.name, value, record.spellings[property.name]) };
  const ref: RecordRef = { side: record.side, kind: property.reference, nativeId: value };
  const link = linkOf(ref.kind, ref.side, ref.nativeId);
  if (typeof link === 'number') return { change: change(property.name, linkText(link), undefined) };
  // Records of one kind may refer to each other in a circle (two managers): waiting for one's own kind could last for ever.
  const mayWait = link === 'open' && (property.required || ref.kind !== kind);
  if (mayWait) return { change: change(property.name, openText(value), undefined), waitsFor: ref };
  return property.required ? { change: null, unlinked: ref } : { change: null };
}

const change = (property: string, desired: Value, spelling: string | undefined): MemberChange =>
  spelling === undefined ? { property, expected: null, desired } : { property, expected: null, desired, spelling };

function createDraft(c: Case, { groups, waitsFor }: Payload): ChangeDraft {
  const needs = c.rules.automatic ? 'auto' : 'review';
  const changes = [...groups].map(([group, members]) => createGroup(c, group, members, needs));
  return {
    ...c.ids,
    kind: c.rules.kind,
    op: 'create',
    target: c.rules.target,
    groups: changes,
    needs,
    fingerprint: fingerprintOf(c, groups),
    waitsFor,
    label: c.record.label,
  };
}

const createGroup = (
  c: Case,
  group: string,
  members: readonly MemberChange[],
  needs: 'auto' | 'review',
): GroupChange => ({
  group,
  row: 'create',
  needs,
  members,
  fingerprint: fingerprintOf(c, new Map([[group, members]])),
  approved: false,
});

function fingerprintOf(c: Case, groups: Payload['groups']): string {
  const evidence = [...groups].map(([group, members]) => {
    const seen = members.flatMap(({ desired, instead }) => (instead === undefined ? [desired] : [desired, instead]));
    const observed = { customerp: null, tidsbanken: null, [c.record.side]: seen };
    return { group, members: members.map(({ property }) => property), base: null, observed };
  });
  const { kind, target } = c.rules;
  return changeFingerprint({ ...c.ids, kind, op: 'create', target, groups: evidence }, c.versions);
}

const finding = (
  c: Case,
  mismatch: MismatchKind,
  detail: Readonly<Record<string, string>>,
  takes: readonly Take[],
): MismatchDraft =>
  mismatchDraft({ ...c.ids, kind: c.rules.kind, label: c.record.label, mismatch, detail, takes }, c.versions);

const onlyHere = (c: Case, takes: readonly Take[]): MismatchDraft =>
  finding(c, c.record.side === 'customerp' ? 'onlyInCustomerp' : 'onlyInTidsbanken', {}, takes);

const heldByLeftOut = (c: Case, nativeId: string): MismatchDraft =>
  mismatchDraft(
    {
      ...c.ids,
      kind: c.rules.kind,
      label: c.record.label,
      mismatch: 'idCollision',
      detail: { id: nativeId, why: 'leftOut', side: c.record.side },
      takes: ['link', 'ignore', 'later'],
      candidates: [nativeId],
    },
    c.versions,
  );

function blockingFindings(c: Case, { unlinked, missing }: Payload): MismatchDraft[] {
  const isInvalid = (property: string): boolean => c.record.invalid.some((invalid) => invalid.property === property);
  return [
    ...unlinked.map(({ property, ref }) =>
      finding(c, 'unlinkedReference', { side: ref.side, property, kind: ref.kind, nativeId: ref.nativeId }, ['later']),
    ),
    ...missing
      .filter((property) => !isInvalid(property))
      .map((property) => finding(c, 'invalidValue', { property, reason: 'required' }, ['ignore', 'later'])),
  ];
}

/** Values that failed their type (N4), of the properties that would have been sent. */
function invalidFindings(c: Case): MismatchDraft[] {
  const sent = new Set(
    c.rules.properties.filter((p) => allows(p.direction, c.rules.target) && !p.sensitive).map(({ name }) => name),
  );
  return c.record.invalid
    .filter(({ property }) => sent.has(property))
    .map(({ property, reason }) => finding(c, 'invalidValue', { side: c.record.side, property, reason }, ['later']));
}
