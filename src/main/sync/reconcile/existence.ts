import type { Kind, MismatchKind, Pair, Side, Take } from '../../../shared/domain.ts';
import type { MismatchDraft, Versions } from '../drafts.ts';
import { mismatchDraft } from './mismatch.ts';

/** What one run saw of one linked record on one side. */
export interface Sighting {
  /** Read in this run, or kept from before and not contradicted by a delta. */
  readonly seen: boolean;
  /** The collection was full and complete (C3, T4), and its mapping and filter are those of before (S5). */
  readonly absenceCounts: boolean;
  /** Of a record that was not seen. `unsupported`: the system has no point reads. */
  readonly pointRead: 'found' | 'notFound' | 'failed' | 'notDone' | 'unsupported';
}

export type Presence = 'present' | 'gone' | 'unknown';

export interface PresenceVerdict {
  readonly presence: Presence;
  /** When an earlier or this run first found it missing, ms UTC; to be kept until the next run. Null: not missing. */
  readonly firstMissedAt: number | null;
}

/**
 * Two-step confirmation of an absence (5.2). `firstMissedAt` is what an earlier run kept; `confirmAfterMs` is how much
 * later the second look must be. A look that proves nothing keeps the first one.
 */
export function presenceOf(
  sighting: Sighting,
  firstMissedAt: number | null,
  now: number,
  confirmAfterMs: number,
): PresenceVerdict {
  if (sighting.seen) return { presence: 'present', firstMissedAt: null };
  // It exists, and yet no complete collection holds it: neither present nor gone may be concluded.
  if (sighting.pointRead === 'found') return { presence: 'unknown', firstMissedAt: null };
  if (!isMissing(sighting)) return { presence: 'unknown', firstMissedAt };
  if (firstMissedAt === null) return { presence: 'unknown', firstMissedAt: now };
  return { presence: now - firstMissedAt >= confirmAfterMs ? 'gone' : 'unknown', firstMissedAt };
}

const isMissing = ({ absenceCounts, pointRead }: Sighting): boolean =>
  absenceCounts && (pointRead === 'notFound' || pointRead === 'unsupported');

export interface ExistenceInput {
  readonly linkId: number;
  readonly kind: Kind;
  readonly customerpId: string;
  readonly tidsbankenId: string;
  readonly label: string;
  readonly sight: Pair<PresenceVerdict>;
  /** Drift of what is present against its own base (`hasDrifted`). */
  readonly drifted: Pair<boolean>;
  readonly active: Pair<boolean>;
  /** Whether that side can make a record inactive (2.3). */
  readonly archive: Pair<boolean>;
}

export type ExistenceOutcome =
  | { readonly kind: 'reconcile' }
  | { readonly kind: 'skip'; readonly reason: 'notObserved' | 'bothMissing' }
  | { readonly kind: 'tombstone'; readonly reason: 'bothGone' | 'survivorInactive' }
  | { readonly kind: 'mismatch'; readonly confirmed: boolean; readonly mismatch: MismatchDraft };

/** The table of 5.2 with X1 (nothing is ever deleted, gone is always review) and X2 (an inactive survivor). */
export function decideExistence(input: ExistenceInput, versions: Versions): ExistenceOutcome {
  const { customerp, tidsbanken } = input.sight;
  if (customerp.presence === 'present' && tidsbanken.presence === 'present') return { kind: 'reconcile' };
  if (customerp.presence === 'gone' && tidsbanken.presence === 'gone') return { kind: 'tombstone', reason: 'bothGone' };
  if (customerp.presence === 'present') return oneSided(input, 'tidsbanken', 'customerp', versions);
  if (tidsbanken.presence === 'present') return oneSided(input, 'customerp', 'tidsbanken', versions);
  return { kind: 'skip', reason: 'bothMissing' };
}

/** One side is present; the other is gone, missed once, or simply not observed. */
function oneSided(input: ExistenceInput, lost: Side, survivor: Side, versions: Versions): ExistenceOutcome {
  const { presence, firstMissedAt } = input.sight[lost];
  if (presence === 'unknown') {
    if (firstMissedAt === null) return { kind: 'skip', reason: 'notObserved' };
    return { kind: 'mismatch', confirmed: false, mismatch: goneDraft(input, lost, survivor, false, versions) };
  }
  if (!input.active[survivor]) return { kind: 'tombstone', reason: 'survivorInactive' };
  return { kind: 'mismatch', confirmed: true, mismatch: goneDraft(input, lost, survivor, true, versions) };
}

function goneDraft(
  input: ExistenceInput,
  lost: Side,
  survivor: Side,
  confirmed: boolean,
  versions: Versions,
): MismatchDraft {
  const edited = input.drifted[survivor];
  const mismatch: MismatchKind = edited
    ? 'goneVersusEdited'
    : lost === 'customerp'
      ? 'goneInCustomerp'
      : 'goneInTidsbanken';
  const archive: readonly Take[] = input.archive[survivor] && input.active[survivor] ? ['archive'] : [];
  return mismatchDraft(
    {
      kind: input.kind,
      mismatch,
      linkId: input.linkId,
      customerpId: input.customerpId,
      tidsbankenId: input.tidsbankenId,
      label: input.label,
      detail: { goneIn: lost, confirmed: confirmed ? 'yes' : 'no' },
      suggests: confirmed && edited ? 'recreate' : null,
      takes: confirmed ? ['recreate', ...archive, 'unlink', 'ignore', 'later'] : ['later'],
    },
    versions,
  );
}
