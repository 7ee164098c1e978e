import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIDES } from '../../../shared/domain.ts';
import type { Side, Value } from '../../../shared/domain.ts';
import { withPath, type JsonObject } from '../../../shared/json.ts';
import type { Connector, ConnectorFailure, RawRecord } from '../../connectors/connector.ts';
import { createConnector } from '../../connectors/create-connector.ts';
import { answer, startAnsweringServer, type AnsweringServer } from '../../connectors/http/answering-server.ts';
import { impatientDeps } from '../../connectors/http/deps.fixture.ts';
import { parseLossless } from '../../connectors/http/lossless-json.ts';
import { stageRecord } from '../../sync/collect/stage-record.ts';
import type { CompiledFlow, CompiledProperty } from '../compile.ts';
import type { ReadRecord } from '../reading.ts';
import { lengthOn, sameValue } from '../equality.ts';
import { cut } from '../text.ts';
import type { AnswerCase, CorpusCase, Expected } from './case.ts';
import { SHAPE_TABLES } from './shape-tables.ts';
import { TEXT_TABLES } from './text-tables.ts';
import { VALUE_TABLES } from './value-tables.ts';
import { corpus, flowOf, isAnswer, isRecord, isTwin } from './corpus.suite.ts';
import { VALID } from './valid-records.ts';

const CLASSES = [...corpus].map(([name, files]) => ({ name, files }));
const FILES = CLASSES.flatMap(({ files }) => files);
const ANSWERS = FILES.flatMap(({ path, one }) => (isAnswer(one) ? [{ path, one }] : []));
const TWINS = FILES.flatMap(({ path, one }) => (isTwin(one) ? [{ path, one }] : []));

const validOf = (one: CorpusCase): JsonObject => VALID[one.kind][one.side];
const read = (one: CorpusCase, raw: JsonObject): ReadRecord => flowOf(one).read(one.side, raw, { fullRecord: true });

/** What a record shows of one property, in the words of the corpus. */
function shown(record: ReadRecord, property: string): Expected {
  if (record.invalid.some((finding) => finding.property === property)) return 'invalid';
  if (!Object.hasOwn(record.props, property)) return 'unobserved';
  const value = record.props[property] ?? null;
  return value === null ? 'empty' : { value };
}

const allShown = (flow: CompiledFlow, record: ReadRecord): Record<string, Expected> =>
  Object.fromEntries(flow.properties.map(({ name }) => [name, shown(record, name)]));

/** N4, prototype safety, idempotence, and that what is written reads back: for any record, whatever is in it. */
function keepsTheRules(flow: CompiledFlow, side: Side, record: ReadRecord): void {
  const names = new Set(flow.properties.map(({ name }) => name));
  expect(Object.getPrototypeOf(record.props)).toBe(Object.prototype);
  expect(Object.keys(record.props).filter((name) => !names.has(name))).toEqual([]);
  expect(record.invalid.filter(({ property }) => Object.hasOwn(record.props, property))).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  for (const property of flow.properties) {
    const value = record.props[property.name];
    if (value === undefined) continue;
    expect([property.name, again(flow, side, property, value)]).toEqual([property.name, value]);
    for (const to of SIDES) readsBack(flow, to, property, value, record.spellings[property.name]);
  }
}

/** The canonical value, read as if the system had written it. */
function again(flow: CompiledFlow, side: Side, property: CompiledProperty, value: Value): Value | undefined {
  return flow.read(side, withPath({}, property[side], value)).props[property.name];
}

function readsBack(flow: CompiledFlow, to: Side, property: CompiledProperty, value: Value, spelling?: string): void {
  const form = flow.write(to, property.name, value, spelling);
  if (form.kind === 'leaveOut') {
    // Text always fits a field of text; what empties it is another matter (N5).
    const isForced = value === null || property.fields[to].json !== 'string' || isCutApart(property, to, value);
    expect([property.name, form.reason, isForced]).toEqual([property.name, form.reason, true]);
    return;
  }
  const back = flow.read(to, withPath({}, property[to], form.json)).props[property.name] ?? null;
  const held = value === null ? null : cut(value, lengthOn(property, to, property.fields[to]));
  expect([property.name, back]).toEqual([property.name, held]);
  expect(sameValue(property, value, back)).toBe(true);
}

/** Cut to the field's length it would read as something else, so it is not written at all. */
const isCutApart = (property: CompiledProperty, to: Side, value: string): boolean =>
  cut(value, lengthOn(property, to, property.fields[to])) !== value;

/** What every property of the bad record must show: what the file says, and else what the valid record shows. */
const wanted = (one: CorpusCase): Record<string, Expected> => ({
  ...allShown(flowOf(one), read(one, validOf(one))),
  ...one.expect,
});

/** The valid record under another number. */
const beside = (one: CorpusCase, number: string): JsonObject =>
  withPath(validOf(one), one.side === 'customerp' ? 'number' : 'Id', number);

describe('the corpus', () => {
  it('has at least 35 classes of at least 10 files', () => {
    expect(CLASSES.length).toBeGreaterThanOrEqual(35);
    expect(CLASSES.filter(({ files }) => files.length < 10)).toEqual([]);
  });

  it('is what its tables say: write-corpus.ts was run after the last change', () => {
    const tables = [...TEXT_TABLES, ...VALUE_TABLES, ...SHAPE_TABLES].map(({ name, cases }) => [name, cases] as const);
    const written = new Map(CLASSES.map(({ name, files }) => [name, files.map(({ one }) => one)]));
    expect(written).toEqual(new Map(tables.map(([name, cases]) => [name, parseLossless(JSON.stringify(cases))])));
  });

  it('starts from valid records: everything in use has a value or is empty', () => {
    for (const { one } of FILES) {
      const states = Object.values(allShown(flowOf(one), read(one, validOf(one))));
      expect(states).not.toContain('invalid');
      expect(states).not.toContain('unobserved');
    }
  });
});

const WITH_RECORDS = CLASSES.map(({ name, files }) => ({
  name,
  records: files.flatMap(({ path, one }) => (isRecord(one) ? [{ path, one }] : [])),
})).filter(({ records }) => records.length > 0);

describe.each(WITH_RECORDS)('$name', ({ records }) => {
  it.each(records)('$path', ({ one }) => {
    const record = read(one, one.raw);
    expect(allShown(flowOf(one), record)).toEqual(wanted(one));
    expect(flowOf(one).read(one.side, one.raw)).toEqual(record); // no preset omits empty fields: N3 makes no difference
    keepsTheRules(flowOf(one), one.side, record);
  });

  it('leaves the records beside it alone', () => {
    for (const { one } of records) {
      const [first, , last] = [beside(one, '101'), one.raw, beside(one, '102')].map((raw) => read(one, raw));
      expect([first?.props, last?.props]).toEqual([
        { ...read(one, validOf(one)).props, number: '101' },
        { ...read(one, validOf(one)).props, number: '102' },
      ]);
    }
  });
});

describe('C4 two records of one id', () => {
  it.each(TWINS)('$path', ({ one }) => {
    const stage = (raw: JsonObject): string =>
      stageRecord(flowOf(one), one.side, { nativeId: '1', modifiedAt: null, version: null, raw }).digest;
    expect(stage(one.raw) === stage(one.twin) ? 'equal' : 'different').toBe(one.twinIs);
    keepsTheRules(flowOf(one), one.side, read(one, one.twin));
  });
});

describe('whole answers, read by the connector', () => {
  let body = Buffer.alloc(0);
  let server: AnsweringServer;
  let connector: Connector;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    server = await startAnsweringServer((socket, request) =>
      socket.write(answer(200, request.includes('skip=0') || !request.includes('skip=') ? body : '{"value":[]}')),
    );
    const made = createConnector({
      side: 'tidsbanken',
      use: { preset: 'tidsbanken' },
      baseUrl: server.url,
      secrets: { 'tb-key': 'a', 'Ocp-Apim-Subscription-Key': 'b' },
      deps: impatientDeps(),
    });
    if (!made.ok) throw new Error(made.failure.what);
    connector = made.value;
  });
  afterAll(async () => {
    await connector.close();
    await server.close();
  });

  interface Collected {
    readonly records: RawRecord[];
    readonly withoutId: number;
    readonly failure: ConnectorFailure['kind'] | null;
  }
  async function collect({ kind, flow }: AnswerCase): Promise<Collected> {
    const records: RawRecord[] = [];
    let withoutId = 0;
    const fields = flowOf({ kind, flow }).fieldsToRead('tidsbanken');
    for await (const page of connector.collect({ kind, fields, since: null, signal })) {
      if (!page.ok) return { records, withoutId, failure: page.failure.kind };
      records.push(...page.value.records);
      withoutId += page.value.withoutId.length;
    }
    return { records, withoutId, failure: null };
  }

  const OUTCOMES: Readonly<Record<AnswerCase['answer'], unknown>> = {
    read: { failure: null, records: 3, withoutId: 0 },
    withoutId: { failure: null, records: 2, withoutId: 1 },
    unreadable: { failure: 'unreadable', records: 0, withoutId: 0 },
  };

  it.each(ANSWERS)('$path', async ({ one }) => {
    body = Buffer.from(one.base64, 'base64');
    const { records, withoutId, failure } = await collect(one);
    expect({ failure, records: records.length, withoutId }).toEqual(OUTCOMES[one.answer]);
    const bad = one.answer === 'read' ? records.slice(1, 2) : [];
    for (const { raw } of bad) {
      expect(allShown(flowOf(one), read(one, raw))).toEqual(wanted(one));
      keepsTheRules(flowOf(one), one.side, read(one, raw));
    }
    for (const { raw, nativeId } of records.filter((record) => !bad.includes(record))) {
      expect(read(one, raw).props).toEqual({ ...read(one, validOf(one)).props, number: nativeId });
    }
  });
});
