import { SIDES } from '../../shared/domain.ts';
import type { Bucket, Kind, Props, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { IdSet } from './id-set.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import { ON_CONFLICT } from './records.ts';
import type { StagedRecord } from './records.ts';
import { STAGED, STAGED_COLUMNS, StagedRecords } from './staged-records.ts';
import type { StagedPage } from './staged-records.ts';
import { ACTIVE, columnOf } from './stored-link.ts';

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

/** As many ids as a page has, from its first to its last one. */
export const NEIGHBOURS = 'BETWEEN :first AND :last ORDER BY r.native_id LIMIT :limit';
export const EACH = 'IN (SELECT value FROM json_each(:ids))';

/** What a page is held against, within one index; never the records themselves. */
export const knownRecords = (side: Side, nativeIds: typeof NEIGHBOURS | typeof EACH): string =>
  `SELECT r.id, r.native_id, r.content, r.collection_id IS NOT NULL AS collected, r.missing_since IS NOT NULL AS missing,
     EXISTS (SELECT 1 FROM ${STAGED[side]} s WHERE s.native_id = r.native_id) AS staged
   FROM records r INDEXED BY records_by_content WHERE r.kind = :kind AND r.side = :side AND r.native_id ${nativeIds}`;

/**
 * Readings of the two systems, page by page. A collection becomes records in one transaction, or nothing (C5): what is
 * new waits in a temporary table, and what is as it was is only noted.
 */
export class Collections {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #staged: StagedRecords;
  readonly #underWay = new Map<number, UnderWay>();

  constructor(db: Db, journal: Journal) {
    this.#db = db;
    this.#journal = journal;
    this.#staged = new StagedRecords(db);
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
    // A side reads one collection at a time: whatever was begun before and never ended is let go.
    for (const [other, begun] of this.#underWay) if (begun.side === side) this.#underWay.delete(other);
    this.#staged.clear(side);
    this.#underWay.set(id, { side, kind, isFirst: !this.#isAnyKnown(side, kind), unchanged: new IdSet() });
    return id;
  }

  /** Notes the records of a page that are as they are known, and tells which are not. */
  async compare(collectionId: number, page: readonly SeenContent[]): Promise<ComparedPage> {
    const underWay = this.#of(collectionId);
    const { unchanged } = underWay;
    const known = underWay.isFirst ? NOTHING_KNOWN : this.#known(underWay, page);
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
    records: Iterable<StagedRecord & { readonly content: string | null }>,
  ): Promise<StagedPage> {
    return this.#staged.add(this.#of(collectionId).side, records);
  }

  /** Distinct ids so far. */
  async count(collectionId: number): Promise<number> {
    const { side, unchanged } = this.#of(collectionId);
    return unchanged.size + this.#staged.count(side);
  }

  /** All ids so far, in no order (C3). */
  async ids(collectionId: number): Promise<string[]> {
    const { side, kind, unchanged } = this.#of(collectionId);
    const rows = this.#db
      .prepare<[string, string], { id: number; native_id: string }>(
        'SELECT id, native_id FROM records WHERE kind = ? AND side = ?',
      )
      .all(kind, side);
    const known = rows.filter((row) => unchanged.has(row.id)).map((row) => row.native_id);
    return [...known, ...this.#staged.nativeIds(side)];
  }

  /** Drops what a failed or repeated pass has brought; the collection may then be read again. */
  async clear(collectionId: number): Promise<void> {
    const cleared = { ...this.#of(collectionId), unchanged: new IdSet() };
    this.#underWay.set(collectionId, cleared);
    this.#staged.clear(cleared.side);
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
        const count = unchanged.size + this.#staged.count(side);
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
        this.#staged.clear(side);
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
      for (const side of SIDES) this.#staged.clear(side);
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

  /**
   * What is known of the records of a page, perhaps of others, too. Systems send them in the order of their ids as a rule:
   * one walk along the index then finds them all, in a third of the time that looking up each takes.
   */
  #known({ side, kind }: UnderWay, page: readonly SeenContent[]): ReadonlyMap<string, Known> {
    const neighbours = this.#db.prepare<[object], Known>(knownRecords(side, NEIGHBOURS)).all({
      kind,
      side,
      first: page[0]?.nativeId ?? '',
      last: page.at(-1)?.nativeId ?? '',
      limit: page.length,
    });
    const known = new Map(neighbours.map((row) => [row.native_id, row]));
    const others = page.flatMap(({ nativeId }) => (known.has(nativeId) ? [] : [nativeId]));
    if (others.length === 0) return known;
    const found = this.#db.prepare<[object], Known>(knownRecords(side, EACH));
    for (const row of found.all({ kind, side, ids: JSON.stringify(others) })) known.set(row.native_id, row);
    return known;
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

  /** Takes over the staged records; a link is looked at again only where a side's content changed. */
  #merge(collectionId: number, side: Side, kind: Kind, at: number): number {
    const column = columnOf(side);
    const changedIds = `SELECT s.native_id, r.id IS NULL AS isNew FROM ${STAGED[side]} s LEFT JOIN records r ON r.kind = :kind AND r.side = :side AND r.native_id = s.native_id
      WHERE (r.id IS NULL OR r.digest IS NOT s.digest OR r.missing_since IS NOT NULL)`;
    const args = { kind, side };
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = :kind AND dirty = 0 AND ${ACTIVE} AND ${column} IN (SELECT native_id FROM (${changedIds}))`,
      )
      .run(args);
    // Asked once more: a single reading may have brought the first record meanwhile.
    const all = this.#isAnyKnown(side, kind) ? null : this.#staged.count(side);
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
        `INSERT INTO records (kind, side, collection_id, observed_at, ${STAGED_COLUMNS})
         SELECT :kind, :side, :collection, :at, ${STAGED_COLUMNS} FROM ${STAGED[side]} WHERE true ORDER BY native_id
         ${ON_CONFLICT}`,
      )
      .run({ ...args, collection: collectionId, at });
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
    const column = columnOf(side);
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
