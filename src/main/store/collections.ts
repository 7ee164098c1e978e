import type { Bucket, Kind, Props, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { IdSet } from './id-set.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import { columnsOf, ON_CONFLICT } from './records.ts';
import type { StagedRecord } from './records.ts';
import { ACTIVE } from './stored-link.ts';

/** Where the next reading of a kind starts. */
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

/** Which properties a record had when it was last read. */
export interface KnownShape {
  readonly props: Props;
  readonly invalid: readonly { readonly property: string }[];
}

/** A record of a page before it is read: its id, and a digest of what came. Null: the digest may not be kept. */
export interface SeenContent {
  readonly nativeId: string;
  readonly content: string | null;
}

export interface ComparedPage {
  /** Ids that are new or came with other content than is known: they have to be staged. */
  readonly changed: ReadonlySet<string>;
  /** What was known of those of them that are no new records. */
  readonly before: readonly KnownShape[];
  /** Records that this collection brought before, with the same content. */
  readonly repeated: number;
  /** Ids that this collection brought before with other content (C3). */
  readonly contradicting: readonly string[];
}

export interface StagedPage {
  readonly repeated: number;
  readonly contradicting: readonly string[];
}

const NOTHING_KNOWN: ReadonlyMap<string, Known> = new Map();

interface Known {
  id: number;
  native_id: string;
  content: string | null;
  collected: number;
  missing: number;
  staged: number;
}

export interface FinishedCollection {
  /** Records whose content is another one than before, new ones included. */
  readonly changed: number;
  /** Records that were there before this complete full collection, and are not in it, as they were known. */
  readonly gone: readonly KnownShape[];
}

/** A collection under way: what its pages brought so far. */
interface UnderWay {
  readonly side: Side;
  readonly kind: Kind;
  /** Nothing was known when it began: there is nothing that its records could be compared with. */
  readonly isFirst: boolean;
  /** Rows of `records` whose content came as it is known. */
  readonly unchanged: IdSet;
}

const STAGED = `CREATE TEMP TABLE IF NOT EXISTS staged_records (
  collection_id INTEGER NOT NULL, native_id TEXT NOT NULL, props TEXT NOT NULL, spellings TEXT NOT NULL, invalid TEXT NOT NULL,
  keys TEXT NOT NULL, digest TEXT NOT NULL, modified_at INTEGER, label TEXT NOT NULL, number TEXT NOT NULL, search TEXT NOT NULL,
  content TEXT, UNIQUE (collection_id, native_id)) STRICT`;

/**
 * Readings of the two systems, page by page. A collection becomes records in one transaction, or nothing (C5): what is
 * new waits in a temporary table, and what is as it was is only noted.
 */
export class Collections {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #underWay = new Map<number, UnderWay>();

  constructor(db: Db, journal: Journal) {
    this.#db = db;
    this.#journal = journal;
    db.exec(STAGED);
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

  async begin(runId: number, side: Side, kind: Kind, mode: CollectionMode, at: number): Promise<number> {
    const result = this.#db
      .prepare(
        "INSERT INTO collections (run_id, side, kind, mode, state, started_at) VALUES (?, ?, ?, ?, 'reading', ?)",
      )
      .run(runId, side, kind, mode, at);
    const id = Number(result.lastInsertRowid);
    this.#underWay.set(id, { side, kind, isFirst: !this.#isAnyKnown(side, kind), unchanged: new IdSet() });
    return id;
  }

  /** Notes the records of a page that are as they are known, and tells which are not. */
  async compare(collectionId: number, page: readonly SeenContent[]): Promise<ComparedPage> {
    const { isFirst, unchanged } = this.#of(collectionId);
    const known = isFirst ? NOTHING_KNOWN : this.#known(collectionId, page);
    const changed = new Set<string>();
    const before: number[] = [];
    const contradicting: string[] = [];
    let repeated = 0;
    for (const { nativeId, content } of page) {
      const record = known.get(nativeId);
      const isAsKnown =
        content !== null && record?.content === content && record.collected === 1 && record.missing === 0;
      if (record !== undefined && unchanged.has(record.id)) {
        if (isAsKnown) repeated += 1;
        else contradicting.push(nativeId);
      } else if (isAsKnown && record.staged === 1) contradicting.push(nativeId);
      else if (isAsKnown) unchanged.add(record.id);
      else {
        changed.add(nativeId);
        if (record !== undefined && record.staged === 0) before.push(record.id);
      }
    }
    return { changed, before: this.#shapesOf(before), repeated, contradicting };
  }

  /** Adds records to a collection under way. Same id with other content: returned, not stored (C3). */
  async stage(
    collectionId: number,
    records: readonly (StagedRecord & { readonly content: string | null })[],
  ): Promise<StagedPage> {
    const seen = this.#db.prepare<[number, string], { digest: string }>(
      'SELECT digest FROM staged_records WHERE collection_id = ? AND native_id = ?',
    );
    const insert = this.#db.prepare(
      `INSERT INTO staged_records (collection_id, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search, content)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const contradicting: string[] = [];
    let repeated = 0;
    this.#db.transaction(() => {
      for (const record of records) {
        if (insert.run(collectionId, ...columnsOf(record), record.content).changes === 1) continue;
        if (seen.get(collectionId, record.nativeId)?.digest === record.digest) repeated += 1;
        else contradicting.push(record.nativeId);
      }
    })();
    return { repeated, contradicting };
  }

  /** Distinct ids so far. */
  async count(collectionId: number): Promise<number> {
    return this.#of(collectionId).unchanged.size + this.#countStaged(collectionId);
  }

  /** All ids so far, in no order (C3). */
  async ids(collectionId: number): Promise<string[]> {
    const { side, kind, unchanged } = this.#of(collectionId);
    const rows = this.#db
      .prepare<[string, string], { id: number; native_id: string }>(
        'SELECT id, native_id FROM records WHERE kind = ? AND side = ?',
      )
      .all(kind, side);
    const staged = this.#db
      .prepare<[number], { native_id: string }>('SELECT native_id FROM staged_records WHERE collection_id = ?')
      .all(collectionId);
    return [...rows.filter((row) => unchanged.has(row.id)), ...staged].map((row) => row.native_id);
  }

  /** Drops what a failed or repeated pass has brought; the collection may then be read again. */
  async clear(collectionId: number): Promise<void> {
    this.#underWay.set(collectionId, { ...this.#of(collectionId), unchanged: new IdSet() });
    this.#db.prepare('DELETE FROM staged_records WHERE collection_id = ?').run(collectionId);
  }

  /**
   * C5: staged records become the records, and completeness and watermark with them, in one transaction. An incomplete
   * collection feeds records too, but neither absence nor the watermark.
   */
  async finish(
    collectionId: number,
    end: CollectionEnd,
    journal: readonly JournalEntry[],
  ): Promise<FinishedCollection> {
    const finished = this.#db
      .transaction(() => {
        const collection = this.#db
          .prepare<[number], { side: Side; kind: Kind; mode: CollectionMode; started_at: number }>(
            'SELECT side, kind, mode, started_at FROM collections WHERE id = ?',
          )
          .get(collectionId);
        if (collection === undefined) throw new Error(`Collection ${String(collectionId)} does not exist.`);
        const { side, kind, mode, started_at: startedAt } = collection;
        const { unchanged } = this.#of(collectionId);
        const count = unchanged.size + this.#countStaged(collectionId);
        const changed = this.#merge(collectionId, side, kind, end.endedAt);
        const isWhole = end.complete && mode === 'full';
        // What a whole collection brought is all that is there; of any other, each record is marked as read by it.
        if (!isWhole) this.#markRead(collectionId, unchanged, end.endedAt);
        const gone = isWhole ? this.#markMissing(collectionId, side, kind, unchanged, end.endedAt) : [];
        if (end.complete) this.#moveWatermark(side, kind, end, isWhole ? { startedAt, count } : null);
        else this.#askForFull(side, kind);
        this.#db
          .prepare('UPDATE collections SET state = ?, ended_at = ?, records = ?, reason = ? WHERE id = ?')
          .run(end.complete ? 'complete' : 'incomplete', end.endedAt, count, end.reason, collectionId);
        this.#db.prepare('DELETE FROM staged_records WHERE collection_id = ?').run(collectionId);
        this.#journal.append(journal);
        return { changed, gone };
      })
      .immediate();
    this.#underWay.delete(collectionId);
    return finished;
  }

  /** Z1: a collection that a crash cut short leaves nothing behind. */
  async discardUnfinished(): Promise<number> {
    return this.#db.transaction(() => {
      this.#underWay.clear();
      this.#db.exec('DELETE FROM staged_records');
      return this.#db.prepare("UPDATE collections SET state = 'discarded' WHERE state = 'reading'").run().changes;
    })();
  }

  /** The records that these collections read, by bucket (I5). */
  async countBuckets(
    collectionIds: readonly number[],
  ): Promise<{ kind: Kind; side: Side; bucket: Bucket; count: number }[]> {
    const whole = this.#db.prepare<[number], { kind: Kind; side: Side; bucket: Bucket; count: number }>(
      `SELECT n.kind, n.side, n.bucket, n.count FROM collections c
       JOIN record_counts n ON n.kind = c.kind AND n.side = c.side AND n.collected = 1 AND n.count > 0
       WHERE c.id = ? AND c.mode = 'full' AND c.state = 'complete'`,
    );
    const part = this.#db.prepare<[number], { kind: Kind; side: Side; bucket: Bucket; count: number }>(
      `SELECT r.kind, r.side, r.bucket, count(*) AS count FROM collections c JOIN records r ON r.collection_id = c.id
       WHERE c.id = ? AND NOT (c.mode = 'full' AND c.state = 'complete') GROUP BY r.kind, r.side, r.bucket`,
    );
    return collectionIds.flatMap((id) => [...whole.all(id), ...part.all(id)]);
  }

  #of(collectionId: number): UnderWay {
    const found = this.#underWay.get(collectionId);
    if (found === undefined) throw new Error(`Collection ${String(collectionId)} is not under way.`);
    return found;
  }

  #isAnyKnown(side: Side, kind: Kind): boolean {
    return this.#db.prepare('SELECT 1 FROM records WHERE kind = ? AND side = ? LIMIT 1').get(kind, side) !== undefined;
  }

  #known(collectionId: number, page: readonly SeenContent[]): ReadonlyMap<string, Known> {
    const { side, kind } = this.#of(collectionId);
    const rows = this.#db
      .prepare<[object], Known>(
        `SELECT r.id, r.native_id, r.content, r.collection_id IS NOT NULL AS collected, r.missing_since IS NOT NULL AS missing,
           EXISTS (SELECT 1 FROM staged_records s WHERE s.collection_id = :collection AND s.native_id = r.native_id) AS staged
         FROM records r INDEXED BY records_by_content
         WHERE r.kind = :kind AND r.side = :side AND r.native_id IN (SELECT value FROM json_each(:ids))`,
      )
      .all({ collection: collectionId, kind, side, ids: JSON.stringify(page.map(({ nativeId }) => nativeId)) });
    return new Map(rows.map((row) => [row.native_id, row]));
  }

  #shapesOf(ids: readonly number[]): KnownShape[] {
    if (ids.length === 0) return [];
    return this.#db
      .prepare<[string], { props: string; invalid: string }>(
        'SELECT props, invalid FROM records WHERE id IN (SELECT value FROM json_each(?))',
      )
      .all(JSON.stringify(ids))
      .map((row) => ({ props: fromJson(row.props), invalid: fromJson(row.invalid) }));
  }

  #countStaged(collectionId: number): number {
    return (
      this.#db
        .prepare<[number], { n: number }>('SELECT count(*) n FROM staged_records WHERE collection_id = ?')
        .get(collectionId)?.n ?? 0
    );
  }

  /** Takes over the staged records; a link is looked at again only where a side's content changed. */
  #merge(collectionId: number, side: Side, kind: Kind, at: number): number {
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    const changedIds = `SELECT s.native_id, r.id IS NULL AS isNew FROM staged_records s LEFT JOIN records r ON r.kind = :kind AND r.side = :side AND r.native_id = s.native_id
      WHERE s.collection_id = :collection AND (r.id IS NULL OR r.digest IS NOT s.digest OR r.missing_since IS NOT NULL)`;
    const args = { kind, side, collection: collectionId };
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = :kind AND dirty = 0 AND ${ACTIVE} AND ${column} IN (SELECT native_id FROM (${changedIds}))`,
      )
      .run(args);
    // Asked once more: a single reading may have brought the first record meanwhile.
    const all = this.#isAnyKnown(side, kind) ? null : this.#countStaged(collectionId);
    const { changed, fresh } =
      all === null
        ? (this.#db
            .prepare<[object], { changed: number; fresh: number }>(
              `SELECT count(*) AS changed, count(*) FILTER (WHERE isNew) AS fresh FROM (${changedIds})`,
            )
            .get(args) ?? { changed: 0, fresh: 0 })
        : { changed: all, fresh: all };
    this.#countNew(side, kind, fresh);
    this.#db
      .prepare(
        `INSERT INTO records (kind, side, collection_id, observed_at, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search, content)
         SELECT :kind, :side, collection_id, :at, native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search, content
         FROM staged_records WHERE collection_id = :collection
         ${ON_CONFLICT}`,
      )
      .run({ ...args, at });
    return changed;
  }

  /** One statement for all that is new: a trigger would count row by row. */
  #countNew(side: Side, kind: Kind, count: number): void {
    this.#db
      .prepare(
        `INSERT INTO record_counts (kind, side, bucket, collected, count) VALUES (?, ?, 'skipped', 1, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      )
      .run(kind, side, count);
  }

  #markRead(collectionId: number, unchanged: IdSet, at: number): void {
    const mark = this.#db.prepare('UPDATE records SET collection_id = ?, observed_at = ? WHERE id = ?');
    for (const id of unchanged) mark.run(collectionId, at, id);
  }

  /** 5.2: the first absence is remembered; whether it is an end is judged when a later run misses the record again. */
  #markMissing(collectionId: number, side: Side, kind: Kind, unchanged: IdSet, at: number): readonly KnownShape[] {
    const args = { kind, side, collection: collectionId };
    const gone = this.#db
      .prepare<[object], number>(
        'SELECT id FROM records WHERE kind = :kind AND side = :side AND missing_since IS NULL AND collection_id IS NOT :collection',
      )
      .pluck()
      .all(args)
      .filter((id) => !unchanged.has(id));
    const mark = this.#db.prepare('UPDATE records SET missing_since = ? WHERE id = ?');
    for (const id of gone) mark.run(at, id);
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = :kind AND dirty = 0 AND ${ACTIVE} AND ${column} IN
         (SELECT native_id FROM records WHERE kind = :kind AND side = :side AND missing_since IS NOT NULL)`,
      )
      .run({ kind, side });
    return this.#shapesOf(gone);
  }

  /** C1: what came in part, perhaps under another mapping, is not brought up to date by what was edited since. */
  #askForFull(side: Side, kind: Kind): void {
    this.#db.prepare('UPDATE watermarks SET full_at = NULL WHERE side = ? AND kind = ?').run(side, kind);
  }

  #moveWatermark(
    side: Side,
    kind: Kind,
    end: CollectionEnd,
    whole: { readonly startedAt: number; readonly count: number } | null,
  ): void {
    this.#db
      .prepare(
        `INSERT INTO watermarks (side, kind, modified_at, full_from, full_at, full_records, mapping)
         VALUES (:side, :kind, :modified, :fullFrom, :fullAt, :records, :mapping)
         ON CONFLICT (side, kind) DO UPDATE SET
           modified_at = max(coalesce(modified_at, excluded.modified_at), coalesce(excluded.modified_at, modified_at)),
           full_from = coalesce(excluded.full_from, full_from), full_at = coalesce(excluded.full_at, full_at),
           full_records = coalesce(excluded.full_records, full_records), mapping = excluded.mapping`,
      )
      .run({
        side,
        kind,
        modified: end.modifiedAt,
        fullFrom: whole?.startedAt ?? null,
        fullAt: whole === null ? null : end.endedAt,
        records: whole?.count ?? null,
        mapping: end.mapping,
      });
  }
}
