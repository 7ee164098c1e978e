import type { GroupChange, Kind, MemberChange, Props } from '../../../shared/domain.ts';
import type { NewChange, StoredChange } from '../../store/changes.ts';
import type { NewMismatch, StoredMismatch } from '../../store/mismatches.ts';
import type { ChangeDraft, MismatchDraft } from '../drafts.ts';
import { openText } from '../reconcile/references.ts';
import { lapse } from '../review/lapse.ts';
import type { LapseRules } from '../review/lapse.ts';

/** What becomes of open items when their records are judged anew. Pure: the store applies it. */
export interface Merged {
  readonly insert: NewChange | null;
  readonly supersede: readonly number[];
  /** The change that stands for this target now, old or new, if any. */
  readonly groups: readonly GroupChange[];
}

export interface MergeFacts extends LapseRules {
  /** Fingerprints of groups that a person has refused. */
  readonly rejected: ReadonlySet<string>;
  /** Fingerprints of this pair's mismatches that could be decided so now: what was decided on them still stands. */
  readonly standing: ReadonlySet<string>;
  /** Of a create: what its source holds, and which of its properties are references to what. */
  readonly source?: { readonly props: Props; readonly references: Readonly<Record<string, Kind>> };
}

/**
 * V2: an approval passes to an item with the same fingerprint, and only an item that differs supersedes it. A group that
 * a person decided stands as long as its mismatch is still the one that was decided.
 */
export function mergeChange(existing: StoredChange | null, draft: ChangeDraft | null, facts: MergeFacts): Merged {
  const wanted = notRefused(draft, facts);
  if (existing !== null && draft?.op === 'create' && stillCovers(existing, wanted, facts))
    return { insert: null, supersede: [], groups: existing.groups };
  const isOther = draft?.op === 'create' && !sameFingerprints(existing?.groups ?? [], wanted);
  const approvals = isOther ? new Set<string>() : approvedFingerprints(existing, facts);
  const decided = (existing?.groups ?? []).filter(
    (g) => g.row === 'decision' && facts.standing.has(g.fingerprint) && approvals.has(g.fingerprint),
  );
  const drafted = wanted
    .filter((g) => !decided.some((d) => d.group === g.group))
    .map((g) => ({ ...g, approved: approvals.has(g.fingerprint) }));
  const groups = [...drafted, ...decided];
  if (groups.length === 0) return { insert: null, supersede: existing === null ? [] : [existing.id], groups };
  if (existing !== null && sameGroups(existing.groups, groups)) return { insert: null, supersede: [], groups };
  const about = draft ?? existing;
  if (about === null) throw new Error('Groups came from nowhere.');
  return {
    insert: toChange(about, groups, existing, facts),
    supersede: existing === null ? [] : [existing.id],
    groups,
  };
}

/**
 * What a person refused stays out. A create is one record: refused as a whole it is either that very record, or another
 * one and proposed anew; never what is left of it (V1, I14).
 */
function notRefused(draft: ChangeDraft | null, facts: MergeFacts): readonly GroupChange[] {
  const groups = draft?.groups ?? [];
  const kept = groups.filter((g) => !facts.rejected.has(g.fingerprint));
  const isWhole = draft?.op === 'create' && kept.length > 0;
  return isWhole ? groups : kept;
}

/**
 * O2: which links the sync has made since is nobody's edit. An approved create stands as it was shown; a reference that
 * could not be written then comes in a later pass (R7).
 */
function stillCovers(existing: StoredChange, wanted: readonly GroupChange[], facts: MergeFacts): boolean {
  const approvals = approvedFingerprints(existing, facts);
  if (!existing.groups.every((g) => approvals.has(g.fingerprint))) return false;
  const shown = new Map(membersOf(existing.groups).map((m) => [m.property, m]));
  const now = new Map(membersOf(wanted).map((m) => [m.property, m]));
  const isReference = (property: string): boolean => Object.hasOwn(facts.source?.references ?? {}, property);
  return (
    [...shown.values()].every((m) => isSameMember(m, now.get(m.property), facts)) &&
    [...now.keys()].every((property) => shown.has(property) || isReference(property))
  );
}

const membersOf = (groups: readonly GroupChange[]): MemberChange[] => groups.flatMap((g) => g.members);

/** The same value, or a reference that waited for its record and has found its link. */
function isSameMember(shown: MemberChange, now: MemberChange | undefined, { source }: MergeFacts): boolean {
  if (now === undefined) return false;
  if (now.desired === shown.desired) return true;
  const awaited = source?.references[shown.property] === undefined ? null : (source.props[shown.property] ?? null);
  return awaited !== null && shown.desired === openText(awaited);
}

const sameFingerprints = (a: readonly GroupChange[], b: readonly GroupChange[]): boolean =>
  a.length === b.length && a.every((group) => b.some((other) => other.fingerprint === group.fingerprint));

function approvedFingerprints(existing: StoredChange | null, facts: MergeFacts): ReadonlySet<string> {
  if (existing === null || existing.approvedAt === null) return new Set();
  if (lapse({ at: existing.approvedAt, versions: existing.versions }, facts) !== null) return new Set();
  return new Set(existing.groups.filter((g) => g.approved).map((g) => g.fingerprint));
}

const sameGroups = (a: readonly GroupChange[], b: readonly GroupChange[]): boolean =>
  a.length === b.length &&
  a.every((group) => b.some((other) => other.fingerprint === group.fingerprint && other.approved === group.approved));

function toChange(
  about: ChangeDraft | StoredChange,
  groups: readonly GroupChange[],
  existing: StoredChange | null,
  facts: MergeFacts,
): NewChange {
  const approved = groups.some((g) => g.approved);
  return {
    kind: about.kind,
    op: about.op,
    target: about.target,
    linkId: about.linkId,
    customerpId: about.customerpId,
    tidsbankenId: about.tidsbankenId,
    groups,
    needs: groups.some((g) => g.needs === 'review') ? 'review' : 'auto',
    fingerprint: about.fingerprint,
    versions: facts.versions,
    waitsFor: about.waitsFor,
    label: about.label,
    state: approved ? 'approved' : 'planned',
    // M5: what a person wanted created stays wanted, whatever the creation rule says.
    origin: about.op === 'create' && existing?.origin === 'decision' ? 'decision' : 'plan',
    approvedBy: approved ? (existing?.approvedBy ?? null) : null,
    approvedAt: approved ? (existing?.approvedAt ?? null) : null,
    // S1: what waits for its number to be typed goes on waiting; every other rail is looked at anew.
    rail: existing?.rail ?? null,
  };
}

export interface MergedMismatches {
  readonly insert: readonly NewMismatch[];
  readonly seenAgain: readonly number[];
  readonly gone: readonly number[];
}

/**
 * The same finding stays one finding, with its age, as long as it has the same ways out; what is no longer found is
 * gone.
 */
export function mergeMismatches(
  existing: readonly StoredMismatch[],
  drafts: readonly MismatchDraft[],
): MergedMismatches {
  const merge = new MismatchMerge();
  for (const mismatch of existing) merge.known(mismatch);
  const insert = drafts.filter((draft) => merge.isNew(draft));
  return { insert, ...merge.end() };
}

/** The same for more findings than are held at once: the known ones first, then what is found, one after the other. */
export class MismatchMerge {
  readonly #known = new Map<string, number[]>();
  readonly #found = new Set<string>();

  known(mismatch: StoredMismatch): void {
    const shown = shownAs(mismatch);
    const same = this.#known.get(shown);
    if (same === undefined) this.#known.set(shown, [mismatch.id]);
    else same.push(mismatch.id);
  }

  /** Whether it was neither shown before nor found twice. */
  isNew(draft: MismatchDraft): boolean {
    const shown = shownAs(draft);
    if (this.#found.has(shown)) return false;
    this.#found.add(shown);
    return !this.#known.has(shown);
  }

  end(): Omit<MergedMismatches, 'insert'> {
    const known = [...this.#known];
    return {
      seenAgain: known.flatMap(([shown, ids]) => (this.#found.has(shown) ? ids : [])),
      gone: known.flatMap(([shown, ids]) => (this.#found.has(shown) ? [] : ids)),
    };
  }
}

/** The ways out are no part of what a decision binds to, and a narrowed direction takes some away (D1, D6). */
const shownAs = ({ fingerprint, suggests, takes }: MismatchDraft): string =>
  [fingerprint, suggests ?? '', ...takes].join(' ');

/** Open changes that a new judgement may replace; all others are under way and left alone. */
export const isWaiting = (change: Pick<StoredChange, 'state'>): boolean =>
  change.state === 'planned' || change.state === 'approved' || change.state === 'deferred';
