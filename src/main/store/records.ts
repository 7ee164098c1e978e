import { createHash } from 'node:crypto';
import type { Bucket, Kind, Props, Side } from '../../shared/domain.ts';
import type { Db } from './database.ts';
import { fromJson } from './json.ts';
import type { Journal, JournalEntry } from './journal.ts';

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

export interface Watermark {
  readonly modifiedAt: number | null;
  readonly fullAt: number | null;
  readonly fullRecords: number | null;
  readonly mapping: string;
}

export type CollectionMode = 'full' | 'delta';

export interface CollectionEnd {
  readonly complete: boolean;
  readonly reason: string | null;
  readonly endedAt: number;
  /** Highest modified time seen in this collection (T1). */
  readonly modifiedAt: number | null;
  readonly mapping: string;
}

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

/** What a mark says: the one bucket in which a collected record ended (V4, I5). */
export interface BucketMark {
  readonly side: Side;
  readonly nativeId: string;
  readonly bucket: Bucket;
  readonly reason: string | null;
}

interface Row {
  id: number;
  kind: Kind;
  side: Side;
  native_id: string;
  props: string;
  spellings: string;
  invalid: string;
  keys: string;
  digest: string;
  modified_at: number | null;
  observed_at: number;
  label: string;
  number: string;
  search: string;
  missing_since: number | null;
  bucket: Bucket;
  reason: string | null;
}
interface ListRow extends Row {
  link_id: number | null;
  partner_id: string | null;
  direction: string | null;
}

/** What was read from the two systems, and where the next reading starts. */
export class Records {
  readonly #db: Db;
  readonly #journal: Journal;

  constructor(db: Db, journal: Journal) {
    this.#db = db;
    this.#journal = journal;
  }

  async watermark(side: Side, kind: Kind): Promise<Watermark | null> {
    const row = this.#db
      .prepare<
        [string, string],
        { modified_at: number | null; full_at: number | null; full_records: number | null; mapping: string }
      >('SELECT modified_at, full_at, full_records, mapping FROM watermarks WHERE side = ? AND kind = ?')
      .get(side, kind);
    return row === undefined
      ? null
      : { modifiedAt: row.modified_at, fullAt: row.full_at, fullRecords: row.full_records, mapping: row.mapping };
  }

  /** S2: how many records there were is no longer what the next full collection is measured by. */
  async forgetCount(side: Side, kind: Kind): Promise<void> {
    this.#db.prepare('UPDATE watermarks SET full_records = NULL WHERE side = ? AND kind = ?').run(side, kind);
  }

  async beginCollection(runId: number, side: Side, kind: Kind, mode: CollectionMode, at: number): Promise<number> {
    const result = this.#db
      .prepare(
        "INSERT INTO collections (run_id, side, kind, mode, state, started_at) VALUES (?, ?, ?, ?, 'reading', ?)",
      )
      .run(runId, side, kind, mode, at);
    return Number(result.lastInsertRowid);
  }

  /** Adds a page to a collection under way. Same id with other content: returned, not stored (C3). */
  async stage(
    collectionId: number,
    records: readonly StagedRecord[],
  ): Promise<{ repeated: number; contradicting: string[] }> {
    const seen = this.#db.prepare<[number, string], { digest: string }>(
      'SELECT digest FROM staged_records WHERE collection_id = ? AND native_id = ?',
    );
    const insert = this.#db.prepare(
      `INSERT INTO staged_records (collection_id, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const contradicting: string[] = [];
    let repeated = 0;
    this.#db.transaction(() => {
      for (const record of records) {
        const before = seen.get(collectionId, record.nativeId);
        if (before !== undefined) {
          if (before.digest === record.digest) repeated += 1;
          else contradicting.push(record.nativeId);
          continue;
        }
        insert.run(collectionId, ...columnsOf(record));
      }
    })();
    return { repeated, contradicting };
  }

  async stagedCount(collectionId: number): Promise<number> {
    return (
      this.#db
        .prepare<[number], { n: number }>('SELECT count(*) n FROM staged_records WHERE collection_id = ?')
        .get(collectionId)?.n ?? 0
    );
  }

  /** A digest of the ids staged so far: two passes with the same one brought the same records (C3). */
  async stagedIdSet(collectionId: number): Promise<string> {
    const hash = createHash('sha256');
    const ids = this.#db.prepare<[number], { native_id: string }>(
      'SELECT native_id FROM staged_records WHERE collection_id = ? ORDER BY native_id',
    );
    for (const { native_id } of ids.iterate(collectionId)) hash.update(`${native_id}\u0000`);
    return hash.digest('base64url');
  }

  /** When the newest complete full collection of a kind began and ended (ms since 1970); null: there is none. */
  async lastFull(side: Side, kind: Kind): Promise<{ startedAt: number; endedAt: number } | null> {
    const row = this.#db
      .prepare<[string, string], { startedAt: number; endedAt: number }>(
        `SELECT started_at AS startedAt, ended_at AS endedAt FROM collections
         WHERE side = ? AND kind = ? AND mode = 'full' AND state = 'complete' ORDER BY id DESC LIMIT 1`,
      )
      .get(side, kind);
    return row ?? null;
  }

  /** Drops what a failed or repeated attempt has staged; the collection may then be read again. */
  async clearStaged(collectionId: number): Promise<void> {
    this.#db.prepare('DELETE FROM staged_records WHERE collection_id = ?').run(collectionId);
  }

  /**
   * Records, completeness and watermark in one transaction (C5). An incomplete collection feeds its records, and
   * neither absence nor the watermark. Returns how many records changed.
   */
  async finishCollection(
    collectionId: number,
    end: CollectionEnd,
    journal: readonly JournalEntry[],
  ): Promise<{ changed: number; missing: number }> {
    return this.#db
      .transaction(() => {
        const collection = this.#db
          .prepare<[number], { side: Side; kind: Kind; mode: CollectionMode }>(
            'SELECT side, kind, mode FROM collections WHERE id = ?',
          )
          .get(collectionId);
        if (collection === undefined) throw new Error(`Collection ${String(collectionId)} does not exist.`);
        const { side, kind, mode } = collection;
        const count = this.#count(collectionId);
        const changed = this.#merge(collectionId, side, kind, end.endedAt);
        const missing = end.complete && mode === 'full' ? this.#markMissing(collectionId, side, kind, end) : 0;
        if (end.complete) this.#moveWatermark(side, kind, mode, end, count);
        this.#db
          .prepare('UPDATE collections SET state = ?, ended_at = ?, records = ?, reason = ? WHERE id = ?')
          .run(end.complete ? 'complete' : 'incomplete', end.endedAt, count, end.reason, collectionId);
        this.#db.prepare('DELETE FROM staged_records WHERE collection_id = ?').run(collectionId);
        this.#journal.append(journal);
        return { changed, missing };
      })
      .immediate();
  }

  /** Z1: a collection that a crash cut short leaves nothing behind. */
  async discardUnfinishedCollections(): Promise<number> {
    return this.#db.transaction(() => {
      this.#db.exec(
        "DELETE FROM staged_records WHERE collection_id IN (SELECT id FROM collections WHERE state = 'reading')",
      );
      return this.#db.prepare("UPDATE collections SET state = 'discarded' WHERE state = 'reading'").run().changes;
    })();
  }

  async get(kind: Kind, side: Side, nativeId: string): Promise<StoredRecord | null> {
    const row = this.#db
      .prepare<[string, string, string], Row>('SELECT * FROM records WHERE kind = ? AND side = ? AND native_id = ?')
      .get(kind, side, nativeId);
    return row === undefined ? null : toRecord(row);
  }

  /** These records, by native id; those that are not known are left out. */
  async getMany(kind: Kind, side: Side, nativeIds: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
    const rows = this.#db
      .prepare<[string, string, string], Row>(
        'SELECT * FROM records WHERE kind = ? AND side = ? AND native_id IN (SELECT value FROM json_each(?))',
      )
      .all(kind, side, JSON.stringify(nativeIds));
    return new Map(rows.map((row) => [row.native_id, toRecord(row)]));
  }

  /** All records of a kind that are present, with their keys, for matching. Linked ones included (M2). */
  async forMatching(
    kind: Kind,
    side: Side,
  ): Promise<{ nativeId: string; keys: StoredKey[]; linkId: number | null; label: string }[]> {
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    return this.#db
      .prepare<[string, string], { native_id: string; keys: string; label: string; link_id: number | null }>(
        `SELECT r.native_id, r.keys, r.label, l.id AS link_id FROM records r
         LEFT JOIN links l ON l.kind = r.kind AND l.${column} = r.native_id AND l.state IN ('unverified', 'active')
         WHERE r.kind = ? AND r.side = ? AND r.missing_since IS NULL ORDER BY r.native_id`,
      )
      .all(kind, side)
      .map((row) => ({
        nativeId: row.native_id,
        keys: fromJson<StoredKey[]>(row.keys),
        linkId: row.link_id,
        label: row.label,
      }));
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
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    const rows = this.#db
      .prepare<[object], { id: string }>(
        `SELECT native_id AS id FROM records WHERE kind = :kind AND side = :side UNION SELECT ${column} FROM links WHERE kind = :kind AND origin <> 'notPersisted'`,
      )
      .all({ kind, side });
    return new Set(rows.map((row) => row.id));
  }

  /** What a write that failed or went stale leaves behind: the record is judged anew in the next run. */
  async markFailed(kind: Kind, side: Side, nativeId: string, bucket: Bucket, reason: string): Promise<void> {
    this.#db
      .prepare('UPDATE records SET bucket = ?, reason = ?, dirty = 1 WHERE kind = ? AND side = ? AND native_id = ?')
      .run(bucket, reason, kind, side, nativeId);
  }

  /** The records of these collections, counted by bucket (I5). */
  async countBuckets(
    collectionIds: readonly number[],
  ): Promise<{ kind: Kind; side: Side; bucket: Bucket; count: number }[]> {
    const count = this.#db.prepare<[number], { kind: Kind; side: Side; bucket: Bucket; count: number }>(
      'SELECT kind, side, bucket, count(*) AS count FROM records WHERE collection_id = ? GROUP BY kind, side, bucket',
    );
    return collectionIds.flatMap((id) => count.all(id));
  }

  /** Records present now, by kind, side and bucket: the figures of the flow cards. */
  async countAll(): Promise<{ kind: Kind; side: Side; bucket: Bucket; count: number }[]> {
    return this.#db
      .prepare<[], { kind: Kind; side: Side; bucket: Bucket; count: number }>(
        'SELECT kind, side, bucket, count(*) AS count FROM records WHERE missing_since IS NULL GROUP BY kind, side, bucket',
      )
      .all();
  }

  /** A record read singly (A2, A8): kept as seen, so that screens and the next plan work on what is there now. */
  async refresh(kind: Kind, side: Side, record: StagedRecord, at: number): Promise<void> {
    this.#db.transaction(() => {
      const existing = this.#db
        .prepare<[string, string, string], { collection_id: number | null; digest: string }>(
          'SELECT collection_id, digest FROM records WHERE kind = ? AND side = ? AND native_id = ?',
        )
        .get(kind, side, record.nativeId);
      // The next collection finds nothing new in it, so the link has to be looked at because of this reading.
      if (existing?.digest !== record.digest) this.#markLinkDirty(kind, side, record.nativeId);
      this.#upsert(kind, side, existing?.collection_id ?? null, at).run(...columnsOf(record));
    })();
  }

  async list(filter: RecordFilter, offset: number, limit: number): Promise<{ total: number; rows: RecordListRow[] }> {
    const linked = `(CASE r.side WHEN 'customerp'
      THEN EXISTS (SELECT 1 FROM links l WHERE l.kind = r.kind AND l.customerp_id = r.native_id AND l.state IN ('unverified', 'active'))
      ELSE EXISTS (SELECT 1 FROM links l WHERE l.kind = r.kind AND l.tidsbanken_id = r.native_id AND l.state IN ('unverified', 'active')) END)`;
    const where = `(:kind IS NULL OR r.kind = :kind) AND (:side IS NULL OR r.side = :side)
      AND (:find IS NULL OR r.search LIKE :find ESCAPE '\\') AND (:linked IS NULL OR ${linked} = :linked)`;
    const args = {
      kind: filter.kind ?? null,
      side: filter.side ?? null,
      linked: filter.linked === undefined ? null : Number(filter.linked),
      find: filter.find === undefined || filter.find.trim() === '' ? null : likePattern(filter.find),
    };
    const total =
      this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM records r WHERE ${where}`).get(args)?.n ?? 0;
    // The links are looked up for the rows that are shown only.
    const rows = this.#db
      .prepare<[object], ListRow>(
        `WITH shown AS (SELECT r.* FROM records r WHERE ${where} ORDER BY r.label, r.id LIMIT :limit OFFSET :offset)
         SELECT s.*, coalesce(c.id, t.id) AS link_id, coalesce(c.direction, t.direction) AS direction, coalesce(c.tidsbanken_id, t.customerp_id) AS partner_id
         FROM shown s
         LEFT JOIN links c ON s.side = 'customerp' AND c.kind = s.kind AND c.customerp_id = s.native_id AND c.state IN ('unverified', 'active')
         LEFT JOIN links t ON s.side = 'tidsbanken' AND t.kind = s.kind AND t.tidsbanken_id = s.native_id AND t.state IN ('unverified', 'active')
         ORDER BY s.label, s.id`,
      )
      .all({ ...args, offset, limit });
    return {
      total,
      rows: rows.map((row) => ({
        ...toRecord(row),
        linkId: row.link_id,
        partnerId: row.partner_id,
        direction: row.direction,
      })),
    };
  }

  /** A single reading that brought something new: the pair is judged again. */
  #markLinkDirty(kind: Kind, side: Side, nativeId: string): void {
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    this.#db
      .prepare(`UPDATE links SET dirty = 1 WHERE kind = ? AND ${column} = ? AND state = 'active'`)
      .run(kind, nativeId);
  }

  #count(collectionId: number): number {
    return (
      this.#db
        .prepare<[number], { n: number }>('SELECT count(*) n FROM staged_records WHERE collection_id = ?')
        .get(collectionId)?.n ?? 0
    );
  }

  /** Takes over the staged records; a link is looked at again only where a side's content changed. */
  #merge(collectionId: number, side: Side, kind: Kind, at: number): number {
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    const changedIds = `SELECT s.native_id FROM staged_records s LEFT JOIN records r ON r.kind = :kind AND r.side = :side AND r.native_id = s.native_id
      WHERE s.collection_id = :collection AND (r.id IS NULL OR r.digest IS NOT s.digest OR r.missing_since IS NOT NULL)`;
    const args = { kind, side, collection: collectionId };
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = :kind AND dirty = 0 AND state = 'active' AND ${column} IN (${changedIds})`,
      )
      .run(args);
    const changed =
      this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM (${changedIds})`).get(args)?.n ?? 0;
    this.#db
      .prepare(
        `INSERT INTO records (kind, side, collection_id, observed_at, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search)
         SELECT :kind, :side, collection_id, :at, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search
         FROM staged_records WHERE collection_id = :collection
         ${ON_CONFLICT}`,
      )
      .run({ ...args, at });
    return changed;
  }

  #upsert(kind: Kind, side: Side, collectionId: number | null, at: number) {
    const statement = this.#db.prepare(
      `INSERT INTO records (kind, side, collection_id, observed_at, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${ON_CONFLICT}`,
    );
    return {
      run: (...columns: ReturnType<typeof columnsOf>) => statement.run(kind, side, collectionId, at, ...columns),
    };
  }

  /** 5.2: the first absence is remembered; whether it is an end is judged when a later run misses the record again. */
  #markMissing(collectionId: number, side: Side, kind: Kind, end: CollectionEnd): number {
    this.#db
      .prepare(
        `UPDATE records SET missing_since = :at WHERE kind = :kind AND side = :side AND collection_id IS NOT :collection AND missing_since IS NULL`,
      )
      .run({ kind, side, collection: collectionId, at: end.endedAt });
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = :kind AND dirty = 0 AND state = 'active' AND ${column} IN
         (SELECT native_id FROM records WHERE kind = :kind AND side = :side AND missing_since IS NOT NULL)`,
      )
      .run({ kind, side });
    return (
      this.#db
        .prepare<[object], { n: number }>(
          'SELECT count(*) n FROM records WHERE kind = :kind AND side = :side AND missing_since IS NOT NULL',
        )
        .get({ kind, side })?.n ?? 0
    );
  }

  #moveWatermark(side: Side, kind: Kind, mode: CollectionMode, end: CollectionEnd, records: number): void {
    const full = mode === 'full';
    this.#db
      .prepare(
        `INSERT INTO watermarks (side, kind, modified_at, full_at, full_records, mapping) VALUES (:side, :kind, :modified, :fullAt, :records, :mapping)
         ON CONFLICT (side, kind) DO UPDATE SET
           modified_at = max(coalesce(modified_at, excluded.modified_at), coalesce(excluded.modified_at, modified_at)),
           full_at = coalesce(excluded.full_at, full_at), full_records = coalesce(excluded.full_records, full_records), mapping = excluded.mapping`,
      )
      .run({
        side,
        kind,
        modified: end.modifiedAt,
        fullAt: full ? end.endedAt : null,
        records: full ? records : null,
        mapping: end.mapping,
      });
  }
}

const ON_CONFLICT = `ON CONFLICT (kind, side, native_id) DO UPDATE SET
  collection_id = excluded.collection_id, observed_at = excluded.observed_at, missing_since = NULL,
  dirty = dirty OR digest IS NOT excluded.digest OR missing_since IS NOT NULL,
  props = excluded.props, spellings = excluded.spellings, invalid = excluded.invalid, keys = excluded.keys, digest = excluded.digest,
  modified_at = excluded.modified_at, label = excluded.label, number = excluded.number, search = excluded.search`;

const columnsOf = (r: StagedRecord) =>
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

const toRecord = (row: Row): StoredRecord => ({
  id: row.id,
  kind: row.kind,
  side: row.side,
  nativeId: row.native_id,
  props: fromJson(row.props),
  spellings: fromJson(row.spellings),
  invalid: fromJson(row.invalid),
  keys: fromJson(row.keys),
  digest: row.digest,
  modifiedAt: row.modified_at,
  observedAt: row.observed_at,
  label: row.label,
  number: row.number,
  search: row.search,
  missingSince: row.missing_since,
  bucket: row.bucket,
  reason: row.reason,
});

/** A person's words as a LIKE pattern: % and _ are letters here. */
const likePattern = (find: string): string =>
  `%${find
    .trim()
    .toLowerCase()
    .replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
