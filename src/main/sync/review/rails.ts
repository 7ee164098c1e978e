import { SIDES } from '../../../shared/domain.ts';
import type { ChangeOp, GroupChange, Kind, Pair, Side, Value } from '../../../shared/domain.ts';
import type { ChangeDraft, MismatchDraft } from '../drafts.ts';

export interface Limit {
  readonly count: number;
  /** Of the kind's links, 0..1. */
  readonly share: number;
}

/** The numbers of section 13; an operator may change them. */
export interface RailLimits {
  readonly mass: Readonly<Record<'create' | 'update' | 'clear' | 'archive' | 'bothEdited', Limit>>;
  readonly group: Limit;
  /** From this many links on, a plan that touches every one of them is stopped. */
  readonly everyLinkFrom: number;
  readonly shrunken: Limit;
  /** S3: share of the linked ids that a full collection must still hold, or so many missing, if half of them are there. */
  readonly linkedSeen: { readonly share: number; readonly missing: number };
  readonly timeShift: Limit;
}

export const RAIL_LIMITS: RailLimits = {
  mass: {
    create: { count: 10, share: 0.1 },
    update: { count: 25, share: 0.2 },
    clear: { count: 5, share: 0.02 },
    archive: { count: 3, share: 0.02 },
    bothEdited: { count: 10, share: 0.05 },
  },
  group: { count: 10, share: 0.5 },
  everyLinkFrom: 5,
  shrunken: { count: 10, share: 0.2 },
  linkedSeen: { share: 0.9, missing: 2 },
  timeShift: { count: 5, share: 0.8 },
};

export type RailId = 'S1' | 'S2' | 'S3' | 'S6' | 'S7';
export type RailOp = ChangeOp | 'clear' | 'bothEdited' | 'everyLink' | `group:${string}`;

export interface TrippedRail {
  readonly rail: RailId;
  readonly kind: Kind;
  /** S1: the side that would be written. S2, S3: the side that was read. Null: both. */
  readonly side: Side | null;
  readonly op: RailOp | null;
  readonly count: number;
  /** The most (S3: the least) that would have passed. */
  readonly limit: number;
  /** The changes and mismatches counted; passing covers exactly these. */
  readonly fingerprints: readonly string[];
  /** S7 after a changed mapping: what it holds. Absent: all of the kind. */
  readonly only?: TouchedByMapping;
}

/** What a changed mapping is about (S5): only that is held for one run. */
export interface TouchedByMapping {
  readonly groups: readonly string[];
  /** The match keys changed: who gets a counterpart may be another question than before. */
  readonly creates: boolean;
}

/** What a collection of one side showed. */
export interface CollectionFacts {
  /** Records of the full collection before; null if there was none. */
  readonly previous: number | null;
  readonly now: number;
  /** Ids with an active link, and how many of them this collection holds. */
  readonly linked: number;
  readonly linkedSeen: number;
}

/** What the rails look at of one group. */
export interface GroupFacts extends Pick<GroupChange, 'group' | 'row'> {
  /** Every value of the group is taken away. A create has nothing to take away. */
  readonly isClear: boolean;
}

/** What the rails look at of one change: little enough to hold it of each, however many there are. */
export interface ChangeFacts extends Pick<ChangeDraft, 'kind' | 'op' | 'target' | 'linkId' | 'fingerprint'> {
  readonly groups: readonly GroupFacts[];
}

export const groupFactsOf = ({ group, row, members }: ChangeDraft['groups'][number]): GroupFacts => ({
  group,
  row,
  isClear:
    row !== 'create' &&
    members.every(({ desired }) => desired === null) &&
    members.some(({ expected }) => expected !== null),
});

/** Everything about one kind that the rails look at, before the first write. */
export interface RailFacts {
  readonly kind: Kind;
  /** Active links of the kind. */
  readonly links: number;
  readonly changes: readonly ChangeFacts[];
  /** Findings that both sides of a pair were edited. */
  readonly bothEdited: readonly Pick<MismatchDraft, 'linkId' | 'fingerprint'>[];
  /** Null for a side that was not read in full in this run. */
  readonly collections: Pair<CollectionFacts | null>;
  /** Base URL, key digest and company id are as at set-up (S3). */
  readonly tenantAsBefore: Pair<boolean>;
  /** Every date or time that differs between the sides, in changes and mismatches alike (S6). */
  readonly timeDifferences: readonly { readonly offsetMs: number; readonly fingerprint: string }[];
  /** Whether all of this kind may only be previewed, or what of it; null: nothing (S7). */
  readonly previewOnly: 'all' | TouchedByMapping | null;
}

/** Section 13: the rails that this plan trips for one kind. A tripped rail stops writes until it is passed (I13). */
export function trippedRails(facts: RailFacts, limits: RailLimits = RAIL_LIMITS): TrippedRail[] {
  return [
    ...SIDES.flatMap((side) => massChange(facts, side, limits)),
    ...bothEdited(facts, limits),
    ...SIDES.flatMap((side) => shrunkenSource(facts, side, limits)),
    ...SIDES.flatMap((side) => wrongTenant(facts, side, limits)),
    ...timeShift(facts, limits),
    ...previewOnly(facts),
  ];
}

/** How a person stands to a tripped rail. `typedAll` is the CLI's `--approve all` and the demo's *Apply all*. */
export type RailApproval =
  | { readonly how: 'none' }
  | { readonly how: 'typedCount'; readonly count: number; readonly fingerprints: readonly string[] }
  | { readonly how: 'typedAll'; readonly fingerprints: readonly string[] };

/**
 * Section 13: S1 and S7 pass for exactly the fingerprints that a person saw and confirmed, by the typed count or by
 * `--approve all` for the plan just stored. Nothing passes S2, S3 or S6.
 */
export function mayPass(rail: TrippedRail, approval: RailApproval): boolean {
  if ((rail.rail !== 'S1' && rail.rail !== 'S7') || approval.how === 'none') return false;
  const confirmed = new Set(approval.fingerprints);
  const covers = rail.fingerprints.every((fingerprint) => confirmed.has(fingerprint));
  return covers && (approval.how === 'typedAll' || approval.count === rail.count);
}

/** Whether the rail stops this change. S1 stops its direction; what doubts a whole system or plan stops the kind. */
export function blocks(rail: TrippedRail, change: Pick<ChangeFacts, 'kind' | 'target'> & Touching): boolean {
  if (rail.kind !== change.kind || (rail.only !== undefined && !isTouched(change, rail.only))) return false;
  return rail.rail !== 'S1' || rail.side === null || rail.side === change.target;
}

/** Milliseconds from Customerp's date or time to Tidsbanken's; null if either is empty or they do not differ (S6). */
export function timeDifference(customerp: Value, tidsbanken: Value): number | null {
  if (customerp === null || tidsbanken === null) return null;
  const offset = Date.parse(tidsbanken) - Date.parse(customerp);
  return Number.isNaN(offset) || offset === 0 ? null : offset;
}

/** Shares are binary fractions: 0.07 of 100 is a little over 7, 0.29 of 100 a little under 29. */
const ROUNDING = 1e-9;

const limitOf = ({ count, share }: Limit, links: number): number =>
  Math.max(count, Math.floor(share * links + ROUNDING));

/** How many changes of one sort may pass unseen (S1). */
export const massLimit = (op: ChangeOp, links: number, limits: RailLimits = RAIL_LIMITS): number =>
  limitOf(limits.mass[op], links);

function massChange(facts: RailFacts, side: Side, limits: RailLimits): TrippedRail[] {
  const changes = facts.changes.filter(({ target }) => target === side);
  const byOp = (op: RailOp, limit: number, counted: readonly ChangeFacts[]): TrippedRail[] =>
    counted.length <= limit
      ? []
      : [{ rail: 'S1', kind: facts.kind, side, op, count: counted.length, limit, fingerprints: prints(counted) }];
  const ops = (['create', 'update', 'archive'] as const).flatMap((op) =>
    byOp(
      op,
      limitOf(limits.mass[op], facts.links),
      changes.filter((change) => change.op === op),
    ),
  );
  const clears = changes.filter(({ groups }) => groups.some(({ isClear }) => isClear));
  return [
    ...ops,
    ...byOp('clear', limitOf(limits.mass.clear, facts.links), clears),
    ...everyLink(facts, byOp, changes, limits),
    ...massGroups(facts, byOp, changes, limits),
  ];
}

type ByOp = (op: RailOp, limit: number, counted: readonly ChangeFacts[]) => TrippedRail[];

function everyLink(facts: RailFacts, byOp: ByOp, changes: readonly ChangeFacts[], limits: RailLimits): TrippedRail[] {
  const linked = changes.filter(({ linkId }) => linkId !== null);
  const touched = new Set(linked.map(({ linkId }) => linkId)).size;
  const isEvery = facts.links >= limits.everyLinkFrom && touched >= facts.links;
  return isEvery ? byOp('everyLink', facts.links - 1, linked) : [];
}

function massGroups(facts: RailFacts, byOp: ByOp, changes: readonly ChangeFacts[], limits: RailLimits): TrippedRail[] {
  const byGroup = new Map<string, ChangeFacts[]>();
  for (const change of changes) {
    if (change.op === 'create') continue;
    for (const { group } of change.groups) gather(byGroup, group, change);
  }
  const limit = limitOf(limits.group, facts.links);
  return [...byGroup].flatMap(([group, touching]) => byOp(`group:${group}`, limit, touching));
}

/** Asked about or decided by the policy, both were edited; counted once a record. */
function bothEdited(facts: RailFacts, limits: RailLimits): TrippedRail[] {
  const { kind, links, changes } = facts;
  const found = [...facts.bothEdited, ...changes.filter(({ groups }) => groups.some(({ row }) => row === 'R12'))];
  const count = new Set(found.map(({ linkId }) => linkId)).size;
  const limit = limitOf(limits.mass.bothEdited, links);
  if (count <= limit) return [];
  return [{ rail: 'S1', kind, side: null, op: 'bothEdited', count, limit, fingerprints: prints(found) }];
}

function shrunkenSource({ kind, collections }: RailFacts, side: Side, { shrunken }: RailLimits): TrippedRail[] {
  const facts = collections[side];
  if (facts === null || facts.previous === null) return [];
  const lost = facts.previous - facts.now;
  const limit = limitOf(shrunken, facts.previous);
  const isEmptied = facts.now === 0 && facts.previous > 0;
  return isEmptied || lost > limit ? [{ rail: 'S2', kind, side, op: null, count: lost, limit, fingerprints: [] }] : [];
}

/** The fewest linked ids that speak for the same company. Of five links, one that is gone is no other company yet. */
function fewestSeen(linked: number, { share, missing }: RailLimits['linkedSeen']): number {
  const byShare = Math.ceil(linked * share - ROUNDING);
  return Math.min(byShare, Math.max(linked - missing, Math.ceil(linked / 2)));
}

function wrongTenant(facts: RailFacts, side: Side, limits: RailLimits): TrippedRail[] {
  const { linked, linkedSeen } = facts.collections[side] ?? { linked: 0, linkedSeen: 0 };
  const limit = fewestSeen(linked, limits.linkedSeen);
  if (facts.tenantAsBefore[side] && linkedSeen >= limit) return [];
  return [{ rail: 'S3', kind: facts.kind, side, op: null, count: linkedSeen, limit, fingerprints: [] }];
}

function timeShift({ kind, timeDifferences }: RailFacts, limits: RailLimits): TrippedRail[] {
  const byOffset = new Map<number, string[]>();
  for (const { offsetMs, fingerprint } of timeDifferences) {
    gather(byOffset, offsetMs, fingerprint);
  }
  const most = [...byOffset.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
  const total = timeDifferences.length;
  const { count, share } = limits.timeShift;
  if (total < count || most.length < share * total - ROUNDING) return [];
  return [{ rail: 'S6', kind, side: null, op: null, count: most.length, limit: count - 1, fingerprints: unique(most) }];
}

function previewOnly({ kind, changes, previewOnly: what }: RailFacts): TrippedRail[] {
  const held = what === null ? [] : what === 'all' ? changes : changes.filter((change) => isTouched(change, what));
  if (held.length === 0) return [];
  const rail = { rail: 'S7', kind, side: null, op: null, count: held.length, limit: 0 } as const;
  const only = what === null || what === 'all' ? {} : { only: what };
  return [{ ...rail, fingerprints: prints(held), ...only }];
}

type Touching = Pick<ChangeFacts, 'op'> & { readonly groups: readonly Pick<GroupChange, 'group'>[] };

const isTouched = ({ op, groups }: Touching, only: TouchedByMapping): boolean =>
  (op === 'create' && only.creates) || groups.some(({ group }) => only.groups.includes(group));

function gather<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

const unique = (fingerprints: readonly string[]): string[] => [...new Set(fingerprints)].toSorted();

const prints = (items: readonly { readonly fingerprint: string }[]): string[] =>
  unique(items.map(({ fingerprint }) => fingerprint));
