import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { SUBSCRIPTION_KEY, TB_KEY } from '../../../sandbox/tidsbanken/server.ts';
import type { RawRecord } from '../connector.ts';
import { connectorSuite } from '../connector.suite.ts';
import type { KindSample } from '../connector.suite.ts';
import { createConnector } from '../create-connector.ts';
import { startSandboxSystem, TEST_LIMITS } from '../sandbox-system.suite.ts';
import type { SandboxSystem } from '../sandbox-system.suite.ts';

const values = (entries: Record<string, Json>): ReadonlyMap<string, Json> => new Map(Object.entries(entries));

const department: KindSample = {
  values: (n) => values({ Id: `D ${n}/'æ`, Navn: `Avdeling ${n}`, Synlig: true }),
  name: 'Navn',
  clearable: 'Adresse',
  key: 'Navn',
  archive: { field: 'Synlig', inactive: false },
};
const customer: KindSample = {
  values: (n) => values({ Id: `K${n}`, Navn: `Fjord & Sønn ${n}`, Epost: `post+${n}@fjord.example` }),
  name: 'Navn',
  clearable: 'Telefon',
  key: 'Epost',
  archive: null,
};
const employee: KindSample = {
  values: (n) =>
    values({
      Id: 50_000 + n,
      Fornavn: 'Åse',
      Etternavn: `O'Dal ${n}`,
      Aktiv: true,
      AnsattDato: '2025-03-30T00:00:00Z',
    }),
  name: 'Etternavn',
  clearable: 'Tittel',
  key: 'Id',
  archive: { field: 'Aktiv', inactive: false },
};
const project: KindSample = {
  values: (n) => values({ Id: `P'${n}+æ`, Navn: `Prosjekt ${n}`, Avsluttet: false }),
  name: 'Navn',
  clearable: 'KundensBestillingsnummer',
  key: 'Navn',
  archive: { field: 'Avsluttet', inactive: true },
};

const start = (): Promise<SandboxSystem> =>
  startSandboxSystem({
    settings: {
      side: 'tidsbanken',
      use: { preset: 'tidsbanken' },
      secrets: { 'tb-key': TB_KEY, 'Ocp-Apim-Subscription-Key': SUBSCRIPTION_KEY },
    },
    names: { department: 'Avdeling', customer: 'Kunde', employee: 'Ansatt', project: 'Prosjekt' },
    idField: 'Id',
    samples: { department, customer, employee, project },
  });

const kinds = ['department', 'customer', 'employee', 'project'] as const;
connectorSuite('tidsbanken', kinds, start);

describe('tidsbanken', () => {
  const signal = new AbortController().signal;
  let system: SandboxSystem;
  beforeAll(async () => (system = await start()));
  afterAll(() => system.close());

  async function read(kind: (typeof kinds)[number], nativeId: string): Promise<RawRecord> {
    const result = await system.connector.read({ kind, nativeId, fields: 'all', signal });
    if (!result.ok || result.value === null) throw new Error(JSON.stringify(result));
    return result.value;
  }

  it.each(['tb-key', 'Ocp-Apim-Subscription-Key'])('a wrong %s needs sign-in', async (wrong) => {
    const secrets = { 'tb-key': TB_KEY, 'Ocp-Apim-Subscription-Key': SUBSCRIPTION_KEY, [wrong]: 'demo-wrong' };
    const use = { preset: 'tidsbanken' };
    const made = createConnector({ side: 'tidsbanken', use, baseUrl: system.url, secrets, limits: TEST_LIMITS });
    if (!made.ok) throw new Error(made.failure.what);
    expect(await made.value.probe(signal)).toMatchObject({ failure: { kind: 'signInNeeded' } });
    await made.value.close();
  });

  it.each([
    { kind: 'customer', id: 'K100' },
    { kind: 'project', id: "P'100+æ" },
    { kind: 'employee', id: '50100' },
    { kind: 'department', id: "D 100/'æ" },
  ] as const)('Q11: the modified time of a $kind is the true instant', async ({ kind, id }) => {
    const before = Date.now();
    await system.editOutside(kind, id, { [system.samples[kind]?.name ?? '']: 'Endret' });
    const { modifiedAt } = await read(kind, id);
    expect(modifiedAt).toBeGreaterThanOrEqual(before - 1_000);
    expect(modifiedAt).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it('Q13: an update of a project leaves its untouched dates on their day', async () => {
    await system.editOutside('project', "P'101+æ", { StartDato: '2025-01-06T00:00:00' });
    const current = await read('project', "P'101+æ");
    expect(current.raw['StartDato']).toBe('2025-01-06T00:00:00+01:00');
    const { nativeId } = current;
    await system.connector.update({ kind: 'project', nativeId, values: values({ Notat: 'n' }), current, signal });
    expect((await read('project', nativeId)).raw['StartDato']).toBe('2025-01-06T00:00:00+01:00');
  });

  it.each([
    { what: 'PUT replaces', switches: { putMerges: false } },
    { what: 'server-kept and unknown properties are refused (Q24)', switches: { unknownProperties: 'strict' } },
    { what: 'an update answers 204', switches: { updateStatus: 204 } },
    { what: 'wrong shapes are refused', switches: { wrongShape: 'refuse' } },
  ])('I6: a full-object write changes nothing else where $what', async ({ switches }) => {
    await system.door('POST', 'switches', switches);
    for (const [kind, nativeId] of [
      ['customer', 'K102'],
      ['employee', '50102'],
      ['project', "P'102+æ"],
    ] as const) {
      const current = await read(kind, nativeId);
      const touched = { [system.samples[kind]?.name ?? '']: `Endret ${Object.keys(switches).join('')}` };
      const result = await system.connector.update({ kind, nativeId, values: values(touched), current, signal });
      expect(result).toEqual({ kind: 'acked', nativeId });
      const kept = { SistEndretDato: 0, SistEndretAvId: 0 };
      expect({ ...(await read(kind, nativeId)).raw, ...kept }).toEqual({ ...current.raw, ...touched, ...kept });
    }
    await system.door('POST', 'switches', { putMerges: true, unknownProperties: 'lenient', updateStatus: 200 });
  });

  it.each([201, 204])('an insert answered with %s tells the chosen id', async (insertStatus) => {
    await system.door('POST', 'switches', { insertStatus });
    const Id = `K-${insertStatus}`;
    const created = await system.connector.create({ kind: 'customer', values: values({ Id, Navn: 'A' }), signal });
    expect(created).toEqual({ kind: 'acked', nativeId: Id });
    await system.door('POST', 'switches', { insertStatus: 201 });
  });

  it('Q4: a project numbered by the system is known by its answer; without one the outcome is unknown', async () => {
    const make = () => system.connector.create({ kind: 'project', values: values({ Navn: 'Uten nummer' }), signal });
    expect(await make()).toMatchObject({ kind: 'acked' });
    await system.door('POST', 'switches', { insertStatus: 204 });
    expect(await make()).toMatchObject({ kind: 'unknown' });
    await system.door('POST', 'switches', { insertStatus: 201 });
  });

  it('1.3: a server that caps pages under the size asked for is still read whole', async () => {
    await system.door('POST', 'switches', { maxPageSize: 3, nextLink: true });
    const ids: string[] = [];
    for await (const page of system.connector.collect({ kind: 'employee', fields: [], since: null, signal })) {
      if (!page.ok) throw new Error(page.failure.detail);
      ids.push(...page.value.records.map((record) => record.nativeId));
    }
    expect(ids).toHaveLength((await system.truth('employee')).length);
    expect(new Set(ids).size).toBe(ids.length);
    await system.door('POST', 'switches', { maxPageSize: 0, nextLink: false });
  });

  it.each(['html', 'errorObject', 'emptyBody', 'invalidJson', 'reset', 'resetMidBody'])(
    'J3: one %s in the middle of a collection is read again',
    async (kind) => {
      await system.door('PUT', 'faults', [{ path: 'skip=5', times: 1, fault: { kind } }]);
      const pages: number[] = [];
      for await (const page of system.connector.collect({ kind: 'customer', fields: [], since: null, signal })) {
        pages.push(page.ok ? page.value.records.length : -1);
      }
      expect(pages).not.toContain(-1);
      expect(pages.reduce((sum, n) => sum + n, 0)).toBe((await system.truth('customer')).length);
      await system.door('DELETE', 'faults');
    },
  );

  it('C4: a record without an id is counted, not dropped', async () => {
    await system.door('PUT', 'faults', [{ path: 'skip=5', times: 1, fault: { kind: 'dropIds' } }]);
    const without: string[] = [];
    for await (const page of system.connector.collect({ kind: 'customer', fields: ['Navn'], since: null, signal })) {
      if (page.ok) without.push(...page.value.withoutId);
    }
    expect(without).toEqual(['Entry 1 of a page has no usable Id']);
    await system.door('DELETE', 'faults');
  });

  it('C3: a page that comes again ends the collection', async () => {
    await system.door('PUT', 'faults', [{ path: 'skip=5', fault: { kind: 'repeatPage' } }]);
    const outcomes: string[] = [];
    for await (const page of system.connector.collect({ kind: 'customer', fields: [], since: null, signal })) {
      outcomes.push(page.ok ? 'page' : page.failure.kind);
    }
    expect(outcomes).toEqual(['page', 'unreadable']);
    await system.door('DELETE', 'faults');
  });

  it.each([true, false])('7.4: a write whose answer is lost is unknown, carried out or not (%s)', async (after) => {
    await system.door('PUT', 'faults', [{ method: 'PUT', after, times: 1, fault: { kind: 'reset' } }]);
    const current = await read('customer', 'K103');
    const wanted = `Navn ${String(after)}`;
    const sent = await system.connector.update({
      kind: 'customer',
      nativeId: 'K103',
      values: values({ Navn: wanted }),
      current,
      signal,
    });
    expect(sent.kind).toBe('unknown');
    expect((await read('customer', 'K103')).raw['Navn'] === wanted).toBe(after);
    await system.door('DELETE', 'faults');
  });
});
