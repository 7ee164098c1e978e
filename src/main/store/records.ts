import type { Bucket, Kind, Props, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { fromJson } from './json.ts';
import type { SharedCommit } from './shared-commit.ts';
import { ACTIVE, columnOf } from './stored-link.ts';

/** A key by which an unlinked record may find its partner, as the mapping computed it. */
export interface StoredKey {
  readonly key: string;
  readonly strength: 'strong' | 'weak';
  readonly value: string;
}

/** A record as it goes into a collection. */
export interface StagedRecord {
  readonly nativeId: string;
  readonly props: Props;
  readonly spellings: Readonly<Record<string, string>>;
  readonly invalid: readonly { readonly property: string; readonly reason: string }[];
  readonly keys: readonly StoredKey[];
  /** Digest of props and invalid values: equal digests are the same content. */
  readonly digest: string;
  readonly modifiedAt: number | null;
  readonly label: string;
  readonly number: string;
  readonly search: string;
}

/** A record as it was just read singly. */
export interface SeenNow {
  readonly kind: Kind;
  readonly side: Side;
  readonly record: StagedRecord;
  /** ms since 1970. */
  readonly at: number;
}

/** A record as last read from its system. */
export interface StoredRecord extends StagedRecord {
  readonly id: number;
  readonly kind: Kind;
  readonly side: Side;
  readonly observedAt: number;
  readonly missingSince: number | null;
  readonly bucket: Bucket;
  readonly reason: string | null;
}

/** A record as it is judged: what was read of it, without what it is matched and searched by. */
export type RecordToJudge = Omit<StoredRecord, 'keys' | 'digest' | 'number' | 'search' | 'bucket' | 'reason'>;

export interface RecordFilter {
  readonly kind?: Kind | undefined;
  readonly side?: Side | undefined;
  readonly linked?: boolean | undefined;
  readonly find?: string | undefined;
}

export interface RecordListRow extends StoredRecord {
  readonly linkId: number | null;
  readonly partnerId: string | null;
  readonly direction: string | null;
}

/** What a mark says: the one bucket in which collected records of a side ended (V4, I5). */
export interface BucketOfNative {
  readonly side: Side;
  readonly bucket: Bucket;
  readonly reason: string | null;
  readonly nativeIds: readonly string[];
}

/** The same of records of either side, by row id. */
export interface BucketOfMany {
  readonly bucket: Bucket;
  readonly reason: string | null;
  readonly recordIds: readonly number[];
}

interface Row {
  id: number;
  collection_id: number | null;
  kind: Kind;
  side: Side;
  native_id: string;
  props: string;
  spellings: string;
  invalid: string;
  keys: string;
  digest: string;
  modified_at: number | null;
  seen_at: number;
  label: string;
  number: string;
  search: string;
  missing_since: number | null;
  bucket: Bucket;
  reason: string | null;
}
type RowToJudge = Pick<
  Row,
  'id' | 'native_id' | 'props' | 'spellings' | 'invalid' | 'modified_at' | 'label' | 'missing_since' | 'seen_at'
>;
type KnownRow = Pick<Row, 'digest' | 'modified_at' | 'missing_since' | 'seen_at'>;
interface ListRow extends Row {
  link_id: number | null;
  partner_id: string | null;
  direction: string | null;
}

/** What was read from the two systems, record by record. */
export class Records {
  readonly #db: Db;
  readonly #commits: SharedCommit;

  constructor(db: Db, commits: SharedCommit) {
    this.#db = db;
    this.#commits = commits;
  }

  async get(kind: Kind, side: Side, nativeId: string): Promise<StoredRecord | null> {
    const row = this.#db
      .prepare<[string, string, string], Row>(`${SELECT} WHERE r.kind = ? AND r.side = ? AND r.native_id = ?`)
      .get(kind, side, nativeId);
    return row === undefined ? null : toRecord(row);
  }

  /** What was last read of a record's properties, and when (ms since 1970); null: it is not known. */
  async lastSeen(kind: Kind, side: Side, nativeId: string): Promise<Pick<StoredRecord, 'props' | 'observedAt'> | null> {
    const row = this.#db
      .prepare<[string, string, string], Pick<Row, 'props' | 'seen_at'>>(
        `SELECT r.props, ${seenAt('w.full_from')} AS seen_at ${FROM} WHERE r.kind = ? AND r.side = ? AND r.native_id = ?`,
      )
      .get(kind, side, nativeId);
    return row === undefined ? null : { props: fromJson(row.props), observedAt: row.seen_at };
  }

  /** These records, by native id; those that are not known are left out. */
  async getMany(kind: Kind, side: Side, nativeIds: readonly string[]): Promise<ReadonlyMap<string, RecordToJudge>> {
    const rows = this.#db
      .prepare<[object], RowToJudge>(
        `SELECT r.id, r.native_id, r.props, r.spellings, r.invalid, r.modified_at, r.label, r.missing_since,
           ${seenAt('(SELECT full_from FROM watermarks WHERE side = :side AND kind = :kind)')} AS seen_at
         FROM records r WHERE r.kind = :kind AND r.side = :side AND r.native_id IN (SELECT value FROM json_each(:ids))`,
      )
      .all({ kind, side, ids: JSON.stringify(nativeIds) });
    return new Map(rows.map((row) => [row.native_id, toJudge(kind, side, row)]));
  }

  /** Whether any unlinked record changed since it was last matched. */
  async hasDirty(kind: Kind): Promise<boolean> {
    return (
      this.#db
        .prepare<[string], { n: number }>('SELECT 1 n FROM records WHERE kind = ? AND dirty = 1 LIMIT 1')
        .get(kind) !== undefined
    );
  }

  async clearDirty(kind: Kind): Promise<void> {
    this.#db.prepare('UPDATE records SET dirty = 0 WHERE kind = ? AND dirty = 1').run(kind);
  }

  /** Ids of that side that were ever seen, tombstoned ones included: a chosen id must not be one of them (K8). */
  async idsEverSeen(kind: Kind, side: Side): Promise<ReadonlySet<string>> {
    const column = columnOf(side);
    const rows = this.#db
      .prepare<[object], { id: string }>(
        `SELECT native_id AS id FROM records WHERE kind = :kind AND side = :side UNION SELECT ${column} FROM links WHERE kind = :kind AND origin <> 'notPersisted'`,
      )
      .all({ kind, side });
    return new Set(rows.map((row) => row.id));
  }

  /** Which of these ids of that side were ever seen, tombstoned ones included (K8). */
  async everSeen(kind: Kind, side: Side, nativeIds: readonly string[]): Promise<ReadonlySet<string>> {
    const column = columnOf(side);
    const rows = this.#db
      .prepare<[object], { id: string }>(
        `SELECT e.value AS id FROM json_each(:ids) e
         WHERE EXISTS (SELECT 1 FROM records WHERE kind = :kind AND side = :side AND native_id = e.value)
           OR EXISTS (SELECT 1 FROM links WHERE kind = :kind AND ${column} = e.value AND state IN ('unverified', 'active'))
           OR e.value IN (SELECT ${column} FROM links WHERE kind = :kind AND state IN ('tombstoned', 'unlinked') AND origin <> 'notPersisted')`,
      )
      .all({ kind, side, ids: JSON.stringify(nativeIds) });
    return new Set(rows.map((row) => row.id));
  }

  /** The values that present records of a side have of this property; no empty or unobserved ones. */
  async valuesOf(kind: Kind, side: Side, property: string): Promise<ReadonlySet<string>> {
    const rows = this.#db
      .prepare<[object], { value: string }>(
        `SELECT DISTINCT p.value AS value FROM records r, json_each(r.props) p
         WHERE r.kind = :kind AND r.side = :side AND r.missing_since IS NULL AND p.key = :property AND p.type = 'text'`,
      )
      .all({ kind, side, property });
    return new Set(rows.map((row) => row.value));
  }

  /** What a write that failed or went stale leaves behind: the record is judged anew in the next run. */
  async markFailed(kind: Kind, side: Side, nativeId: string, bucket: Bucket, reason: string): Promise<void> {
    this.#db
      .prepare('UPDATE records SET bucket = ?, reason = ?, dirty = 1 WHERE kind = ? AND side = ? AND native_id = ?')
      .run(bucket, reason, kind, side, nativeId);
  }

  /** Records present now, by kind, side and bucket: the figures of the flow cards. */
  async countAll(): Promise<{ kind: Kind; side: Side; bucket: Bucket; count: number }[]> {
    return this.#db
      .prepare<[], { kind: Kind; side: Side; bucket: Bucket; count: number }>(
        'SELECT kind, side, bucket, sum(count) AS count FROM record_counts WHERE count > 0 GROUP BY kind, side, bucket',
      )
      .all();
  }

  /**
   * A record read singly (A2, A8): kept as seen, so that screens and the next plan work on what is there now. As it is
   * known, there is nothing to keep.
   */
  async refresh(kind: Kind, side: Side, record: StagedRecord, at: number): Promise<void> {
    const known = this.#db
      .prepare<[string, string, string], KnownRow>(
        `SELECT r.digest, r.modified_at, r.missing_since, ${seenAt('w.full_from')} AS seen_at ${FROM}
         WHERE r.kind = ? AND r.side = ? AND r.native_id = ?`,
      )
      .get(kind, side, record.nativeId);
    if (known !== undefined && isAsKnown(known, record, at)) return;
    await this.#commits.run(() => {
      // The next collection finds nothing new in it, so the link has to be looked at because of this reading.
      if (known?.digest !== record.digest) this.#markLinkDirty(kind, side, record.nativeId);
      this.put({ kind, side, record, at });
    });
  }

  /**
   * For use inside another repository's transaction: a record as just read singly, known or not. Whoever brings something
   * new sees to it that the pair is judged again.
   */
  put({ kind, side, record, at }: SeenNow): void {
    this.#db
      .prepare(
        `INSERT INTO records (kind, side, observed_at, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${SEEN_SINGLY}`,
      )
      .run(kind, side, at, ...columnsOf(record));
  }

  /** In the order of what is searched, which begins with the label; case does not matter. */
  async list(filter: RecordFilter, offset: number, limit: number): Promise<{ total: number; rows: RecordListRow[] }> {
    const linked = `(CASE r.side WHEN 'customerp'
      THEN EXISTS (SELECT 1 FROM links l WHERE l.kind = r.kind AND l.customerp_id = r.native_id AND l.state IN ('unverified', 'active'))
      ELSE EXISTS (SELECT 1 FROM links l WHERE l.kind = r.kind AND l.tidsbanken_id = r.native_id AND l.state IN ('unverified', 'active')) END)`;
    const where = `(:kind IS NULL OR r.kind = :kind) AND (:side IS NULL OR r.side = :side)
      AND (:find IS NULL OR r.search GLOB :find) AND (:linked IS NULL OR ${linked} = :linked)`;
    const args = {
      kind: filter.kind ?? null,
      side: filter.side ?? null,
      linked: filter.linked === undefined ? null : Number(filter.linked),
      find: patternOf(filter.find),
    };
    // Contents and links are looked up for the rows that are shown only.
    const rows = this.#db
      .prepare<[object], ListRow>(
        `WITH shown AS (${SELECT} WHERE r.id IN
           (SELECT r.id FROM records r INDEXED BY records_by_search WHERE ${where} ORDER BY r.search, r.id LIMIT :limit OFFSET :offset))
         SELECT s.*, coalesce(c.id, t.id) AS link_id, coalesce(c.direction, t.direction) AS direction, coalesce(c.tidsbanken_id, t.customerp_id) AS partner_id
         FROM shown s
         LEFT JOIN links c ON s.side = 'customerp' AND c.kind = s.kind AND c.customerp_id = s.native_id AND c.state IN ('unverified', 'active')
         LEFT JOIN links t ON s.side = 'tidsbanken' AND t.kind = s.kind AND t.tidsbanken_id = s.native_id AND t.state IN ('unverified', 'active')
         ORDER BY s.search, s.id`,
      )
      .all({ ...args, offset, limit });
    const isNarrowed = Object.values(args).some((value) => value !== null);
    const countAfter = ({ search, id }: Pick<Row, 'search' | 'id'>): number =>
      this.#db
        .prepare<[object], { n: number }>(
          `SELECT count(*) n FROM records r INDEXED BY records_by_search WHERE (r.search, r.id) > (:search, :id) AND ${where}`,
        )
        .get({ ...args, search, id })?.n ?? 0;
    return {
      total: isNarrowed ? totalOf(rows, offset, limit, countAfter) : this.#countAllSeen(),
      rows: rows.map((row) => ({
        ...toRecord(row),
        linkId: row.link_id,
        partnerId: row.partner_id,
        direction: row.direction,
      })),
    };
  }

  /** SQLite counts a whole table page by page, not row by row. */
  #countAllSeen(): number {
    return this.#db.prepare<[], { n: number }>('SELECT count(*) n FROM records').get()?.n ?? 0;
  }

  /** A single reading that brought something new: the pair is judged again. */
  #markLinkDirty(kind: Kind, side: Side, nativeId: string): void {
    const column = columnOf(side);
    this.#db.prepare(`UPDATE links SET dirty = 1 WHERE kind = ? AND ${column} = ? AND ${ACTIVE}`).run(kind, nativeId);
  }
}

/** A look that is much newer is worth keeping for itself: it spares the next one (A2). */
const WORTH_KEEPING_MS = 60_000;

const isAsKnown = (known: KnownRow, record: StagedRecord, at: number): boolean =>
  known.digest === record.digest &&
  known.modified_at === record.modifiedAt &&
  known.missing_since === null &&
  at - known.seen_at < WORTH_KEEPING_MS;

/** GLOB is the fastest test for "somewhere in it" that SQLite has. What is searched is kept in small letters. */
function patternOf(find: string | undefined): string | null {
  const text = find?.trim().toLowerCase() ?? '';
  return text === '' ? null : `*${text.replaceAll(/[*?[]/g, '[$&]')}*`;
}

/** The page has shown how many there are up to its end, so each record is looked at once, whatever is searched for. */
function totalOf(
  rows: readonly ListRow[],
  offset: number,
  limit: number,
  countAfter: (place: Pick<Row, 'search' | 'id'>) => number,
): number {
  const last = rows.at(-1);
  // An empty page beyond the end tells nothing of how much there is before it.
  if (last === undefined) return offset === 0 ? 0 : countAfter({ search: '', id: 0 });
  return offset + rows.length + (rows.length < limit ? 0 : countAfter(last));
}

/** What a full collection found unchanged was seen when that began, or later. */
const seenAt = (fullFrom: string): string => `CASE WHEN r.missing_since IS NULL AND r.collection_id IS NOT NULL
    THEN max(r.observed_at, coalesce(${fullFrom}, 0)) ELSE r.observed_at END`;

const FROM = 'FROM records r LEFT JOIN watermarks w ON w.side = r.side AND w.kind = r.kind';
const SELECT = `SELECT r.*, ${seenAt('w.full_from')} AS seen_at ${FROM}`;

const LINKED = `(records.side = 'customerp' AND EXISTS (SELECT 1 FROM links l WHERE l.kind = records.kind AND l.customerp_id = records.native_id AND l.state IN ('unverified', 'active')))
  OR (records.side = 'tidsbanken' AND EXISTS (SELECT 1 FROM links l WHERE l.kind = records.kind AND l.tidsbanken_id = records.native_id AND l.state IN ('unverified', 'active')))`;

/** Whether the filter of its side leaves a record out, as mapping/filter.ts marks it among the values. */
const SCOPE = `props ->> ':outOfScope'`;

/**
 * Matching looks again at a record that has no partner and has changed, at one that others may now find by other keys, and
 * at one that begins or ceases to take part (C7): what it shares with others is told of it, or no longer.
 */
const overwritten = (collectionId: string): string => `ON CONFLICT (kind, side, native_id) DO UPDATE SET
  collection_id = ${collectionId}, observed_at = excluded.observed_at, missing_since = NULL,
  dirty = dirty OR missing_since IS NOT NULL OR keys IS NOT excluded.keys OR records.${SCOPE} IS NOT excluded.${SCOPE}
    OR (digest IS NOT excluded.digest AND NOT (${LINKED})),
  content = iif(excluded.content IS NULL AND digest IS excluded.digest, content, excluded.content),
  props = excluded.props, spellings = excluded.spellings, invalid = excluded.invalid, keys = excluded.keys, digest = excluded.digest,
  modified_at = excluded.modified_at, label = excluded.label, number = excluded.number, search = excluded.search`;

/** As a collection found it. */
export const ON_CONFLICT = overwritten('excluded.collection_id');
/** What was missing is there again by this reading alone; no collection has read it since (I5). */
const SEEN_SINGLY = overwritten('iif(missing_since IS NULL, collection_id, NULL)');

export const columnsOf = (r: StagedRecord) =>
  [
    r.nativeId,
    JSON.stringify(r.props),
    JSON.stringify(r.spellings),
    JSON.stringify(r.invalid),
    JSON.stringify(r.keys),
    r.digest,
    r.modifiedAt,
    r.label,
    r.number,
    r.search,
  ] as const;

const toJudge = (kind: Kind, side: Side, row: RowToJudge): RecordToJudge => ({
  id: row.id,
  kind,
  side,
  nativeId: row.native_id,
  props: fromJson(row.props),
  spellings: fromJson(row.spellings),
  invalid: fromJson(row.invalid),
  modifiedAt: row.modified_at,
  observedAt: row.seen_at,
  label: row.label,
  missingSince: row.missing_since,
});

const toRecord = (row: Row): StoredRecord => ({
  ...toJudge(row.kind, row.side, row),
  keys: fromJson(row.keys),
  digest: row.digest,
  number: row.number,
  search: row.search,
  bucket: row.bucket,
  reason: row.reason,
});
