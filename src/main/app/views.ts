import type { z } from 'zod';
import type {
  CandidateView,
  ChangeRow,
  GroupView,
  LinkView,
  MismatchRow,
  PropertyView,
  RecordRow,
} from '../../shared/contract/views.ts';
import { DIRECTIONS, flowOf, otherSide } from '../../shared/domain.ts';
import type { Direction, GroupChange, Pair, Props, Value } from '../../shared/domain.ts';
import type { CompiledFlow, CompiledProperty } from '../mapping/compile.ts';
import { shownText } from '../mapping/conceal.ts';
import { groupOf } from '../mapping/mapping.ts';
import { hasOrgNoCheckDigit } from '../mapping/numbered.ts';
import { sameValue } from '../mapping/equality.ts';
import type { StoredChange } from '../store/changes.ts';
import type { StoredLink } from '../store/links.ts';
import type { StoredMismatch } from '../store/mismatches.ts';
import type { RecordListRow, StoredRecord } from '../store/records.ts';
import { problemView } from './runs/run-view.ts';

/** Stored rows as the contract shows them. Of what stands for a sensitive value only the mask leaves this file (I19). */

const SUMMARY_PARTS = 3;

export interface PairInView {
  readonly link: StoredLink | null;
  readonly customerp: StoredRecord | null;
  readonly tidsbanken: StoredRecord | null;
}

/** Every mapped property of a pair, side by side with its base. */
export function propertyViews(flow: CompiledFlow, pair: PairInView, only?: readonly string[]): PropertyView[] {
  return flow.properties
    .filter((p) => only === undefined || only.includes(p.name))
    .map((property) => {
      const seen = {
        customerp: pair.customerp?.props[property.name],
        tidsbanken: pair.tidsbanken?.props[property.name],
      };
      const base = pair.link === null ? undefined : baseOf(pair.link.base, property.name);
      return {
        property: property.name,
        group: groupOf(property),
        fields: { customerp: property.customerp, tidsbanken: property.tidsbanken },
        type: property.type,
        sensitive: property.sensitive,
        ...(seen.customerp === undefined ? {} : { customerp: shown(property, seen.customerp) }),
        ...(seen.tidsbanken === undefined ? {} : { tidsbanken: shown(property, seen.tidsbanken) }),
        ...(base === undefined
          ? {}
          : { base: { customerp: shown(property, base.customerp), tidsbanken: shown(property, base.tidsbanken) } }),
        differs: differs(property, seen),
        ...(hasOddCheckDigit(property, [seen.customerp, seen.tidsbanken]) ? { warning: 'checkDigit' as const } : {}),
      };
    });
}

/** 2.2: it warns, and blocks nothing. */
const hasOddCheckDigit = (property: CompiledProperty, values: readonly (Value | undefined)[]): boolean =>
  property.type === 'orgNo' && values.some((value) => typeof value === 'string' && !hasOrgNoCheckDigit(value));

function baseOf(base: Pair<Props>, name: string): Pair<Value> | undefined {
  const customerp = base.customerp[name];
  const tidsbanken = base.tidsbanken[name];
  return customerp === undefined || tidsbanken === undefined ? undefined : { customerp, tidsbanken };
}

const shown = (property: CompiledProperty, value: Value): Value =>
  property.sensitive && value !== null ? shownText(value) : value;

/** References are compared by link elsewhere; here a native id on each side says nothing about equality. */
function differs(
  property: CompiledProperty,
  seen: { customerp: Value | undefined; tidsbanken: Value | undefined },
): boolean {
  if (seen.customerp === undefined || seen.tidsbanken === undefined) return false;
  if (property.reference !== undefined) return (seen.customerp === null) !== (seen.tidsbanken === null);
  return !sameValue(property, seen.customerp, seen.tidsbanken);
}

export function changeRow(flow: CompiledFlow | undefined, change: StoredChange): ChangeRow {
  const approved = change.groups.filter((g) => g.approved).length;
  return {
    id: change.id,
    flow: flowOf(change.kind),
    op: change.op,
    target: change.target,
    label: change.label,
    customerpId: change.customerpId,
    tidsbankenId: change.tidsbankenId,
    state: change.state,
    needs: change.needs,
    approved: approved === 0 ? 'none' : approved === change.groups.length ? 'all' : 'some',
    groups: change.groups.map((g) => g.group),
    summary: summaryOf(flow, change),
    ...changedOf(flow, change),
    rail: change.rail,
    problem: change.problem === null ? null : problemView(change.problem),
    createdAt: change.createdAt,
  };
}

const movedMembers = (change: StoredChange) =>
  change.groups.flatMap((g) => g.members).filter((m) => m.desired !== m.expected);

/** The first changed properties, told as parts. */
function changedOf(flow: CompiledFlow | undefined, change: StoredChange): Pick<ChangeRow, 'changed' | 'changedMore'> {
  const members = movedMembers(change);
  const changed = members.slice(0, SUMMARY_PARTS).map((m) => {
    const property = flow?.property(m.property);
    if (property === undefined) return { property: m.property, type: 'string', to: m.desired };
    const named = { property: m.property, type: property.type };
    return property.reference === undefined ? { ...named, to: shown(property, m.spelling ?? m.desired) } : named;
  });
  return { changed, changedMore: members.length - changed.length };
}

function summaryOf(flow: CompiledFlow | undefined, change: StoredChange): string {
  const members = movedMembers(change);
  const parts = members.slice(0, SUMMARY_PARTS).map((m) => {
    const property = flow?.property(m.property);
    // Which record a reference points to is told where the change is opened.
    if (property?.reference !== undefined) return m.property;
    const value =
      m.desired === null ? '∅' : property === undefined ? m.desired : (shown(property, m.spelling ?? m.desired) ?? '∅');
    return `${m.property}: ${value}`;
  });
  const more = members.length - parts.length;
  return more > 0 ? `${parts.join(', ')} +${String(more)}` : parts.join(', ');
}

/**
 * A group of a change with what will be written beside what is there. `nativeIds` tells which record of the target a
 * reference stands for; one that is still to be created has none.
 */
export function groupView(
  flow: CompiledFlow,
  pair: PairInView,
  group: GroupChange,
  nativeIds: ReadonlyMap<string, string>,
): z.output<typeof GroupView> {
  const members = new Map(group.members.map((m) => [m.property, m]));
  return {
    group: group.group,
    row: group.row,
    needs: group.needs,
    approved: group.approved,
    properties: propertyViews(flow, pair, [...members.keys()]).map((view) => {
      const member = members.get(view.property);
      const property = flow.property(view.property);
      if (member === undefined || property === undefined) return view;
      const desired =
        property.reference === undefined ? (member.spelling ?? member.desired) : referred(member.desired, nativeIds);
      return { ...view, desired: shown(property, desired) };
    }),
  };
}

const TO_BE_CREATED = '(new)';

const referred = (desired: Value, nativeIds: ReadonlyMap<string, string>): Value =>
  desired === null ? null : (nativeIds.get(desired) ?? TO_BE_CREATED);

export const mismatchRow = (m: StoredMismatch): MismatchRow => ({
  id: m.id,
  flow: flowOf(m.kind),
  kind: m.mismatch,
  label: m.label,
  customerpId: m.customerpId,
  tidsbankenId: m.tidsbankenId,
  group: m.group,
  detail: { ...m.detail },
  suggests: m.suggests,
  takes: [...m.takes],
  firstSeenAt: m.firstSeenAt,
  seenCount: m.seenCount,
});

/** How a possible partner compares with the record, key by key. */
export function candidateView(
  flow: CompiledFlow,
  record: StoredRecord | null,
  candidate: StoredRecord,
  linked: boolean,
): CandidateView {
  const own = new Map((record?.keys ?? []).map((k) => [k.key, k.value]));
  const agreesOn = flow.mapping.keys
    .filter((key) => candidate.keys.some((k) => k.key === key.name && k.value === own.get(key.name)))
    .map((key) => `${key.properties.join(' + ')}: ${key.properties.map((p) => candidate.props[p] ?? '').join(', ')}`);
  return {
    side: candidate.side,
    nativeId: candidate.nativeId,
    label: candidate.label,
    agreesOn,
    keys: keyViews(flow, record, candidate),
    linked,
  };
}

const keyText = (properties: readonly string[], of: StoredRecord | null): string | null => {
  const values = properties.map((name) => of?.props[name] ?? null);
  return values.includes(null) ? null : values.join(', ');
};

const keyHeld = (name: string, of: StoredRecord | null): string | undefined =>
  of?.keys.find((k) => k.key === name)?.value;

/** A key that holds a reference tells whether it agrees, but not by which native id. */
function keyViews(flow: CompiledFlow, record: StoredRecord | null, candidate: StoredRecord): CandidateView['keys'] {
  const hasReference = (properties: readonly string[]): boolean =>
    properties.some((name) => flow.property(name)?.reference !== undefined);
  return flow.mapping.keys
    .filter(({ properties }) => !properties.some((name) => flow.property(name)?.sensitive === true))
    .map((key) => {
      const [own, theirs] = [keyHeld(key.name, record), keyHeld(key.name, candidate)];
      const outcome = own === undefined || theirs === undefined ? 'missing' : own === theirs ? 'agrees' : 'differs';
      const silent = hasReference(key.properties);
      return {
        key: key.name,
        strength: key.strength,
        outcome,
        own: silent ? null : keyText(key.properties, record),
        theirs: silent ? null : keyText(key.properties, candidate),
      } as const;
    })
    .filter((view) => view.outcome !== 'missing' || view.own !== null || view.theirs !== null);
}

export const linkView = (link: StoredLink): z.output<typeof LinkView> => ({
  id: link.id,
  state: link.state,
  customerpId: link.customerpId,
  tidsbankenId: link.tidsbankenId,
  origin: link.origin,
  keys: Object.keys(link.keys),
  direction: link.direction,
  madeAt: link.madeAt,
});

export const recordRow = (row: RecordListRow): RecordRow => ({
  flow: flowOf(row.kind),
  side: row.side,
  nativeId: row.nativeId,
  label: row.label,
  number: row.number,
  bucket: row.bucket,
  reason: row.reason,
  partnerId: row.partnerId,
  linkId: row.linkId,
  direction: DIRECTIONS.find((d): d is Direction => d === row.direction) ?? null,
  missing: row.missingSince !== null,
});

export const asListRow = (record: StoredRecord, link: StoredLink | null): RecordListRow => ({
  ...record,
  linkId: link?.id ?? null,
  partnerId: link === null ? null : otherSide(record.side) === 'customerp' ? link.customerpId : link.tidsbankenId,
  direction: link?.direction ?? null,
});
