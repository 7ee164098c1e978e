import type { Direction, Kind, LinkState, Pair, Props, Side } from '../../shared/domain.ts';
import { fromJson } from './json.ts';

export type Frozen = Readonly<Record<string, 'transformed' | 'notPersisted' | 'flapping'>>;

/** A 1:1 pair (I9) with what each side held when last verified. */
export interface StoredLink {
  readonly id: number;
  readonly kind: Kind;
  readonly customerpId: string;
  readonly tidsbankenId: string;
  readonly state: LinkState;
  readonly origin: string;
  readonly direction: Direction;
  readonly keys: Readonly<Record<string, Pair<string | null>>>;
  readonly frozen: Frozen;
  readonly madeAt: number;
  readonly base: Pair<Props>;
  readonly baseMapping: string | null;
  /** The modified time that our last write left on each record, ms; null: none; -1: not known (D4). */
  readonly written: Pair<number | null>;
}

/** Who is linked to whom, without keys and base: what is asked of each record that is written. */
export type LinkEnds = Pick<StoredLink, 'id' | 'customerpId' | 'tidsbankenId' | 'state' | 'direction'>;

export interface NewLink {
  readonly kind: Kind;
  readonly customerpId: string;
  readonly tidsbankenId: string;
  readonly origin: string;
  readonly keys: Readonly<Record<string, Pair<string | null>>>;
}

/** Why the link of a create never became active; kept as the ended link's origin. */
export type UnverifiedEnd = 'notPersisted' | 'idCollision';

/** A row of the table with its base, as SELECT_LINK gives it. */
export interface LinkRow {
  id: number;
  kind: Kind;
  customerp_id: string;
  tidsbanken_id: string;
  state: LinkState;
  origin: string;
  direction: Direction;
  keys: string;
  frozen: string;
  made_at: number;
  base_customerp: string | null;
  base_tidsbanken: string | null;
  base_mapping: string | null;
  written_customerp: number | null;
  written_tidsbanken: number | null;
}

export const SELECT_LINK = `SELECT l.*, b.customerp AS base_customerp, b.tidsbanken AS base_tidsbanken, b.mapping AS base_mapping
  FROM links l LEFT JOIN bases b ON b.link_id = l.id`;

export const SELECT_ENDS =
  'SELECT id, customerp_id AS customerpId, tidsbanken_id AS tidsbankenId, state, direction FROM links';

/** In the words of the unique indexes as well: SQLite uses a partial index only where a statement says the same. */
export const ACTIVE = "state IN ('unverified', 'active') AND state = 'active'";

/** The column that names the record on that side. */
export const columnOf = (side: Side): 'customerp_id' | 'tidsbanken_id' =>
  side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';

/** In place of Tidsbanken's half of a base: it is the same text as Customerp's. JSON, so that JSON functions take it. */
export const SAME_AS_CUSTOMERP = 'null';

/** What a row of `bases` holds; no row is base none. */
export function basePropsOf(customerp: string | null, tidsbanken: string | null): Pair<Props> {
  const props = fromJson<Props>(customerp ?? '{}');
  const isSame = tidsbanken === null || tidsbanken === SAME_AS_CUSTOMERP;
  return { customerp: props, tidsbanken: isSame ? props : fromJson<Props>(tidsbanken) };
}

export const toLink = (row: LinkRow): StoredLink => ({
  id: row.id,
  kind: row.kind,
  customerpId: row.customerp_id,
  tidsbankenId: row.tidsbanken_id,
  state: row.state,
  origin: row.origin,
  direction: row.direction,
  keys: fromJson(row.keys),
  frozen: fromJson(row.frozen),
  madeAt: row.made_at,
  base: basePropsOf(row.base_customerp, row.base_tidsbanken),
  baseMapping: row.base_mapping,
  written: { customerp: row.written_customerp, tidsbanken: row.written_tidsbanken },
});
