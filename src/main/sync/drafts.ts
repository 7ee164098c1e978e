import type {
  Bucket,
  ChangeOp,
  Direction,
  GroupChange,
  Kind,
  MismatchKind,
  Pair,
  Props,
  Side,
  Take,
} from '../../shared/domain.ts';

/** What the pure stages take and give. Everything here is plain data: no clock, no store, no connector. */

/** A record as collected: canonical props (absent key = ∅), the source's own spellings, and what failed its type (N4). */
export interface CollectedRecord {
  readonly side: Side;
  readonly kind: Kind;
  readonly nativeId: string;
  readonly props: Props;
  readonly spellings: Readonly<Record<string, string>>;
  readonly invalid: readonly { readonly property: string; readonly reason: string }[];
  readonly modifiedAt: number | null;
  readonly observedAt: number;
  readonly label: string;
}

/** An active link with its base. A property missing from `base` has base `none`. */
export interface LinkedPair {
  readonly linkId: number;
  readonly kind: Kind;
  readonly direction: Direction;
  /** Canonical strong keys it was made with, by key name (M6). */
  readonly keys: Readonly<Record<string, Pair<string | null>>>;
  readonly base: Pair<Props>;
  readonly customerp: CollectedRecord;
  readonly tidsbanken: CollectedRecord;
  /** Groups frozen until a person decides or a side changes (W3, W6), by group name, with why. */
  readonly frozen: Readonly<Record<string, 'transformed' | 'notPersisted' | 'flapping'>>;
}

/** One planned write to one target record. Without `linkId` it is a create. */
export interface ChangeDraft {
  readonly kind: Kind;
  readonly op: ChangeOp;
  readonly target: Side;
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  readonly groups: readonly GroupChange[];
  readonly needs: 'auto' | 'review';
  readonly fingerprint: string;
  /** Records on the source side that must have an active link before this can be written (O3). */
  readonly waitsFor: readonly RecordRef[];
  readonly label: string;
}

export interface RecordRef {
  readonly side: Side;
  readonly kind: Kind;
  readonly nativeId: string;
}

export interface MismatchDraft {
  readonly kind: Kind;
  readonly mismatch: MismatchKind;
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  readonly group: string | null;
  /** Facts for the sentence on the screen. Never a sensitive value. */
  readonly detail: Readonly<Record<string, string>>;
  readonly suggests: Take | null;
  readonly takes: readonly Take[];
  /** Native ids on the other side that may be its partner. */
  readonly candidates: readonly string[];
  readonly fingerprint: string;
  readonly label: string;
}

/** What reconciling one pair came to. `base` holds the properties whose base moves now, without any write (R2). */
export interface PairOutcome {
  readonly changes: readonly ChangeDraft[];
  readonly mismatches: readonly MismatchDraft[];
  readonly base: Pair<Props>;
  readonly bucket: Bucket;
  readonly reason: string | null;
}

/** The versions an approval is bound to (V1). */
export interface Versions {
  readonly mapping: string;
  readonly policy: string;
  readonly tenant: string;
}
