import type { MismatchKind, Pair, Take } from '../../../shared/domain.ts';

/** A usable value of a key: valid, not empty, no placeholder (M2, but for being held once). */
export interface MatchKeyValue {
  readonly key: string;
  readonly strength: 'strong' | 'weak';
  readonly value: string;
}

export interface MatchRecord {
  readonly nativeId: string;
  readonly keys: readonly MatchKeyValue[];
  readonly linkId: number | null;
  /**
   * M1: `setAside` was unlinked by hand or ignored and is still there; `returned` belonged to a tombstone, or had gone
   * after it was set aside, and is back; `wanted`: a person has decided that it gets a new counterpart, so that it
   * joins nobody and is asked about no more (V2).
   */
  readonly blocked: 'no' | 'setAside' | 'returned' | 'wanted';
}

export interface IdPair {
  readonly customerpId: string;
  readonly tidsbankenId: string;
}

export interface MatchInput {
  /** Both collections are complete (M1); if not, nothing is matched and nothing is concluded. */
  readonly complete: boolean;
  readonly records: Pair<readonly MatchRecord[]>;
  /** Pairs that a person said never to link. */
  readonly neverLink: readonly IdPair[];
}

/** A link to be made, with the strong keys it is made with (M6). */
export interface NewLink extends IdPair {
  readonly keys: Readonly<Record<string, Pair<string | null>>>;
}

/** A finding about one record, or about one pair when both ids are set. */
export interface MatchFinding {
  readonly mismatch: Extract<
    MismatchKind,
    'severalCandidates' | 'weakMatch' | 'sharedKey' | 'keyContradiction' | 'reappeared'
  >;
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  /** Names of the keys that led to it. */
  readonly keys: readonly string[];
  /** Native ids on the other side. */
  readonly candidates: readonly string[];
  readonly suggests: Take | null;
  readonly takes: readonly Take[];
}

export interface MatchResult {
  readonly links: readonly NewLink[];
  readonly findings: readonly MatchFinding[];
  /** Unlinked records without any candidate (M5). */
  readonly unmatched: Pair<readonly string[]>;
  /** Unlinked records that a person set aside and that nothing points to: skipped. */
  readonly setAside: Pair<readonly string[]>;
}
