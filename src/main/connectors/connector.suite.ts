import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kind } from '../../shared/domain.ts';
import { atPath } from '../../shared/json.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { Connector, Page, RawRecord } from './connector.ts';

/** What the suite needs to know of one kind of the system under test. */
export interface KindSample {
  /** Values of a record that the system takes, the n-th; its number or id is free. */
  readonly values: (n: number) => ReadonlyMap<string, Json>;
  readonly name: string;
  /** A text field that may be emptied, where the kind has one. */
  readonly clearable: string | null;
  /** A field by which a record is looked up, and its value in the n-th record. */
  readonly key: string;
  /** The flag, and what it says when the record is no longer in use. */
  readonly archive: { readonly field: string; readonly inactive: boolean } | null;
}

/** A system under test, with a way around the connector to see the truth and to edit as an outsider. */
export interface SuiteSystem {
  readonly connector: Connector;
  readonly samples: Readonly<Partial<Record<Kind, KindSample>>>;
  /** All records as the system itself has them. */
  truth(kind: Kind): Promise<readonly JsonObject[]>;
  idOf(kind: Kind, record: JsonObject): string;
  editOutside(kind: Kind, nativeId: string, patch: JsonObject): Promise<void>;
  /** Write requests that reached the system. */
  writes(): Promise<number>;
  close(): Promise<void>;
}

const signal = new AbortController().signal;
/** Not one of the ids or keys of any sample, and full of what an address or a filter could trip over. */
const ODD = "Å' or ''=' / ? # % + & ø";

/** Proves each capability that a connector claims (sync-semantics 2.4) against a system that answers over HTTP. */
export function connectorSuite(name: string, kinds: readonly Kind[], start: () => Promise<SuiteSystem>): void {
  describe(`${name} keeps what it claims`, () => {
    let system: SuiteSystem;
    beforeAll(async () => (system = await start()), 60_000);
    afterAll(() => system.close());

    it('signs in and tells the tenant, not the key (S3)', async () => {
      const facts = valueOf(await system.connector.probe(signal));
      expect(facts.keyDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(facts.notes.filter((note) => !note.includes('readable'))).toEqual([]);
      expect(Math.abs(facts.clockSkewMs ?? Infinity)).toBeLessThan(2_000);
    });

    it('serves the kinds', () => expect(system.connector.kinds).toEqual(kinds));

    describe.each(kinds)('%s', (kind) => {
      const sample = (): KindSample => known(system.samples[kind]);
      const made = (n: number): Promise<RawRecord> => create(system, kind, n);

      it('settle is at least twice the timeout (2.4)', () => {
        const { settleMs, requestTimeoutMs } = system.connector.capabilities(kind);
        expect(settleMs).toBeGreaterThanOrEqual(2 * requestTimeoutMs);
      });

      it('collects every record once, in the same order twice, with id, time and count (C2, C3)', async () => {
        const first = await collect(system, kind);
        const ids = first.flatMap((page) => page.records.map((record) => record.nativeId));
        const truth = (await system.truth(kind)).map((record) => system.idOf(kind, record));
        expect(first.length).toBeGreaterThan(1);
        expect(ids.toSorted()).toEqual(truth.toSorted());
        expect(first.flatMap((page) => page.withoutId)).toEqual([]);
        expect(first.flatMap((page) => page.records).every((record) => record.modifiedAt !== null)).toBe(true);
        const counts = system.connector.capabilities(kind).count ? [truth.length] : [null];
        expect([...new Set(first.map((page) => page.total))]).toEqual(counts);
        const again = await collect(system, kind);
        expect(again.flatMap((page) => page.records.map((record) => record.nativeId))).toEqual(ids);
      });

      it('collects the wanted fields and no more (A4)', async () => {
        const [page] = await collect(system, kind);
        const [record] = known(page).records;
        expect(Object.keys(known(record).raw)).toContain(sample().name);
        expect(Object.keys(known(record).raw)).not.toContain(sample().archive?.field ?? sample().clearable);
      });

      it('every declared field can be asked for', async () => {
        const fields = Object.keys(system.connector.fields(kind));
        const pages: Page[] = [];
        for await (const page of system.connector.collect({
          kind,
          fields: fields.filter(isProven),
          since: null,
          signal,
        })) {
          pages.push(valueOf(page));
        }
        expect(pages.length).toBeGreaterThan(0);
      });

      it('a delta holds what was modified since, by the system’s own clock (T1)', async () => {
        const { nativeId } = await made(1);
        const other = (await system.truth(kind)).map((r) => system.idOf(kind, r)).find((id) => id !== nativeId);
        await system.editOutside(kind, nativeId, { [sample().name]: 'Edited outside' });
        const edited = await read(system, kind, nativeId);
        expect(Math.abs(known(edited?.modifiedAt) - Date.now())).toBeLessThan(60_000);
        const ids = (await collect(system, kind, known(edited?.modifiedAt))).flatMap((p) =>
          p.records.map((r) => r.nativeId),
        );
        expect(ids).toContain(nativeId);
        expect(ids).not.toContain(known(other));
      });

      it('a point read finds the record, and null where there is none', async () => {
        const { nativeId, raw } = await made(2);
        expect((await read(system, kind, nativeId))?.raw).toEqual(raw);
        const some = await system.connector.read({ kind, nativeId, fields: [sample().name], signal });
        expect(atPath(known(valueOf(some)).raw, sample().name)).toBe(atPath(raw, sample().name));
        const absent = system.connector.fields(kind)['Id']?.json === 'integer' ? '999999999' : ODD;
        expect(await read(system, kind, absent)).toBeNull();
      });

      it('looks up by key: the one, or none', async () => {
        const { nativeId } = await made(3);
        const value = keyText(sample(), 3);
        const find = { kind, field: sample().key, fields: [], signal };
        const hits = valueOf(await system.connector.find({ ...find, value }));
        expect(hits.map((hit) => hit.nativeId)).toEqual([nativeId]);
        const none = system.connector.fields(kind)[sample().key]?.json === 'integer' ? '999999998' : ODD;
        expect(valueOf(await system.connector.find({ ...find, value: none }))).toEqual([]);
      });

      it('creates what was asked for, without the nulls (K5, Q1)', async () => {
        const values = new Map([...sample().values(4), ...clearableAs(sample(), null)]);
        const result = await system.connector.create({ kind, values, signal });
        expect(result.kind).toBe('acked');
        const record = await read(system, kind, known(result.kind === 'acked' ? result.nativeId : null));
        for (const [path, value] of sample().values(4)) expect(atPath(known(record).raw, path)).toEqual(value);
      });

      it('does not create a second record of the same key', async () => {
        await made(5);
        const before = (await system.truth(kind)).length;
        const result = await system.connector.create({ kind, values: sample().values(5), signal });
        const isCertain = system.connector.capabilities(kind).createOnExisting === 'rejects';
        expect(isCertain ? ['conflict'] : ['conflict', 'refused', 'unknown']).toContain(result.kind);
        expect(await system.truth(kind)).toHaveLength(before);
      });

      it('updates the touched fields and nothing else; the clear form clears (A4, I6, N5)', async () => {
        const current = await made(6);
        const { nativeId } = current;
        const values = new Map<string, Json>([
          [sample().name, "Endret å'ø"],
          ...clearableAs(sample(), clearForm(system, kind)),
        ]);
        const touched = Object.fromEntries(values);
        expect(Object.values(current.raw)).toContain(sample().clearable === null ? current.nativeId : 'to be cleared');
        expect(await system.connector.update({ kind, nativeId, values, current, signal })).toEqual({
          kind: 'acked',
          nativeId,
        });
        const after = known(await read(system, kind, nativeId));
        expect(ours(system, kind, after.raw)).toEqual(ours(system, kind, { ...current.raw, ...touched }));
      });

      it('refuses to overwrite an edit in between, where it claims conditional writes (I2)', async () => {
        const current = await made(7);
        await system.editOutside(kind, current.nativeId, { [sample().name]: 'Meanwhile' });
        const values = new Map([[sample().name, 'Too late']]);
        const result = await system.connector.update({ kind, nativeId: current.nativeId, values, current, signal });
        const isConditional = system.connector.capabilities(kind).conditionalWrite;
        expect(result.kind).toBe(isConditional ? 'conflict' : 'acked');
        const after = await read(system, kind, current.nativeId);
        expect(atPath(known(after).raw, sample().name)).toBe(isConditional ? 'Meanwhile' : 'Too late');
      });

      it('archives where it claims to, and claims nothing else (2.3)', async () => {
        const { archive } = sample();
        expect(system.connector.capabilities(kind).archive).toBe(archive !== null);
        if (archive === null) return;
        const current = await made(8);
        expect(atPath(current.raw, archive.field)).toBe(!archive.inactive);
        const values = new Map([[archive.field, archive.inactive]]);
        await system.connector.update({ kind, nativeId: current.nativeId, values, current, signal });
        expect(atPath(known(await read(system, kind, current.nativeId)).raw, archive.field)).toBe(archive.inactive);
      });

      it('finds its own marker again, where it claims one', async () => {
        const { markerField } = system.connector.capabilities(kind);
        if (markerField === null) return;
        const values = new Map<string, Json>([...sample().values(9), [markerField, 'tidsbro:intent-9']]);
        const result = await system.connector.create({ kind, values, signal });
        const found = await system.connector.find({
          kind,
          field: markerField,
          value: 'tidsbro:intent-9',
          fields: [],
          signal,
        });
        expect(valueOf(found).map((hit) => hit.nativeId)).toEqual([result.kind === 'acked' ? result.nativeId : '']);
      });

      it('C4: never writes a record that belongs to the system', async () => {
        const before = await system.writes();
        for (const nativeId of system.connector.capabilities(kind).systemIds) {
          const current = { nativeId, modifiedAt: null, version: '"1"', raw: {} };
          const result = await system.connector.update({ kind, nativeId, values: new Map(), current, signal });
          expect(result.kind).toBe('refused');
        }
        expect(await system.writes()).toBe(before);
      });

      it('cancelled before it starts, nothing is sent', async () => {
        const before = system.connector.requestCount();
        const stop = AbortSignal.abort();
        const reading = await system.connector.read({ kind, nativeId: '1', fields: 'all', signal: stop });
        expect(reading).toMatchObject({ failure: { kind: 'cancelled' } });
        const writing = await system.connector.create({ kind, values: sample().values(10), signal: stop });
        expect(writing.kind).toBe('notSent');
        expect(system.connector.requestCount()).toBe(before);
      });
    });
  });
}

/** Presence of these on Kunde is unproven (fact sheet 3.2): declared for operators who have them. */
const UNPROVEN = new Set(['Kontaktperson', 'Betalingsbetingelser', 'Kundebehandler']);
const isProven = (field: string): boolean => !UNPROVEN.has(field);

function known<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error('expected a value');
  return value;
}

function valueOf<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

async function collect(system: SuiteSystem, kind: Kind, since: number | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  const fields = [known(system.samples[kind]).name];
  for await (const page of system.connector.collect({ kind, fields, since, signal })) pages.push(valueOf(page));
  return pages;
}

const read = async (system: SuiteSystem, kind: Kind, nativeId: string): Promise<RawRecord | null> =>
  valueOf(await system.connector.read({ kind, nativeId, fields: 'all', signal }));

async function create(system: SuiteSystem, kind: Kind, n: number): Promise<RawRecord> {
  const sample = known(system.samples[kind]);
  const values = new Map([...sample.values(n), ...clearableAs(sample, 'to be cleared')]);
  const result = await system.connector.create({ kind, values, signal });
  if (result.kind !== 'acked' || result.nativeId === null) throw new Error(JSON.stringify(result));
  return known(await read(system, kind, result.nativeId));
}

function keyText(sample: KindSample, n: number): string {
  const value = sample.values(n).get(sample.key);
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error('the sample has no key');
  return String(value);
}

function clearForm(system: SuiteSystem, kind: Kind): string | null {
  const { clearable } = known(system.samples[kind]);
  const clear = clearable === null ? null : system.connector.fields(kind)[clearable]?.clear;
  if (clear === undefined) throw new Error('the sample names a field that cannot be cleared');
  return clear;
}

const clearableAs = (sample: KindSample, value: Json): [string, Json][] =>
  sample.clearable === null ? [] : [[sample.clearable, value]];

/** A record without what the system keeps by itself. */
function ours(system: SuiteSystem, kind: Kind, record: JsonObject): JsonObject {
  const fields = system.connector.fields(kind);
  return Object.fromEntries(
    Object.entries(record).filter(([key]) => fields[key]?.readOnly !== true && !key.includes('@odata.')),
  );
}
