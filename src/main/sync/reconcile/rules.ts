import type { Direction, Kind, Pair, Props, Side, Value } from '../../../shared/domain.ts';

/** A group's values in the order of its members: compared, decided and written as one. */
export type Tuple = readonly Value[];

/** What happens when both sides were edited (R12). `newest` is subject to D4. */
export type ConflictPolicy = 'ask' | 'customerp' | 'tidsbanken' | 'newest';

/** What happens to an edit on the side that only receives (D1). */
export type AgainstPolicy = 'report' | 'restore';

/** What an operator settles for one flow in workspace.yaml. */
export interface FlowPolicy {
  readonly conflict: ConflictPolicy;
  readonly against: AgainstPolicy;
  /** Native ids that are never matched, linked or created from: templates and the like (C4). */
  readonly neverLink: Pair<readonly string[]>;
}

export const DEFAULT_POLICY: FlowPolicy = {
  conflict: 'ask',
  against: 'report',
  neverLink: { customerp: [], tidsbanken: [] },
};

export interface GroupRule {
  readonly name: string;
  readonly members: readonly string[];
  readonly direction: Direction;
  readonly master: Side;
  readonly sensitive: boolean;
  /** Which members may be emptied on that side (N5), in the order of `members`. */
  readonly clearable: Pair<readonly boolean[]>;
  /** Never automatic, whatever its row says (D3). */
  readonly needsReview: boolean;
  readonly conflict: ConflictPolicy;
  readonly against: AgainstPolicy;
}

/** All that reconciling needs to know about one flow. */
export interface FlowRules {
  readonly kind: Kind;
  /** The groups by which this pair is compared: an end date joins the lifecycle once a side is inactive (2.3). */
  readonly groupsFor: (customerp: Props, tidsbanken: Props) => readonly GroupRule[];
  /** Equality between the sides, which may cut to the shorter maximum length (2.2). Drift never uses it. */
  readonly same: (property: string, customerp: Value, tidsbanken: Value) => boolean;
  /** The kind that a reference property points to, by property. */
  readonly references: Readonly<Record<string, Kind>>;
  readonly lifecycle: { readonly group: string; readonly property: string; readonly inactive: string } | null;
  /** Whether that side can make a record of this kind inactive (2.3). */
  readonly archive: Pair<boolean>;
  /** The strong keys held now, by key name; a key that was not observed is absent (M6). */
  readonly strongKeys: (props: Props) => Readonly<Record<string, string | null>>;
  /** Both clocks' skew and the margin of D4, ms. */
  readonly newestMarginMs: number;
}

/** The link that a record belongs to; `open`: none yet, but a create for it is planned or under way (O3). */
export type LinkOf = (kind: Kind, side: Side, nativeId: string) => number | 'open' | null;

/** What the rest of the world looks like to one pair. */
export interface WorldFacts {
  readonly linkOf: LinkOf;
  /** How many records of that side hold the strong key value, linked or not (M6). */
  readonly holders: (side: Side, key: string, value: string) => number;
  /** Whether that side's modified time comes from our own last verified write (D4). */
  readonly explainedByUs: (linkId: number, side: Side) => boolean;
}
