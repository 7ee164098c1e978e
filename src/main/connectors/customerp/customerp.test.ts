import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { API_KEY, COMPANY } from '../../../sandbox/customerp/server.ts';
import { connectorSuite } from '../connector.suite.ts';
import type { KindSample } from '../connector.suite.ts';
import { createConnector } from '../create-connector.ts';
import { startSandboxSystem, TEST_LIMITS } from '../sandbox-system.suite.ts';
import type { SandboxSystem } from '../sandbox-system.suite.ts';

const values = (entries: Record<string, Json>): ReadonlyMap<string, Json> => new Map(Object.entries(entries));
const active = { field: 'active', inactive: false };

const department: KindSample = {
  values: (n) => values({ number: `D${n}`, name: `Avdeling ${n}`, active: true }),
  name: 'name',
  clearable: null,
  key: 'number',
  archive: active,
};
const customer: KindSample = {
  values: (n) => values({ number: `K${n}`, name: `Fjord & Sønn ${n}`, active: true, email: `post+${n}@fjord.example` }),
  name: 'name',
  clearable: 'phone',
  key: 'email',
  archive: active,
};
const employee: KindSample = {
  values: (n) => values({ number: String(70_000 + n), firstName: 'Åse', lastName: `O'Dal ${n}`, active: true }),
  name: 'lastName',
  clearable: 'jobTitle',
  key: 'number',
  archive: active,
};
const project: KindSample = {
  values: (n) => values({ number: `P-${n}/æ`, name: `Prosjekt ${n}`, startDate: '2025-01-06', closed: false }),
  name: 'name',
  clearable: 'customerOrderNumber',
  key: 'number',
  archive: { field: 'closed', inactive: true },
};

const start = (): Promise<SandboxSystem> =>
  startSandboxSystem({
    settings: { side: 'customerp', use: { preset: 'customerp-rest' }, secrets: { bearer: API_KEY } },
    names: { department: 'departments', customer: 'customers', employee: 'employees', project: 'projects' },
    idField: 'id',
    samples: { department, customer, employee, project },
  });

connectorSuite('customerp-rest', ['department', 'customer', 'employee', 'project'], start);

describe('customerp-rest', () => {
  const signal = new AbortController().signal;
  let system: SandboxSystem;
  beforeAll(async () => (system = await start()));
  afterAll(() => system.close());

  it('S3: the tenant names the company', async () => {
    const facts = await system.connector.probe(signal);
    expect(facts).toMatchObject({ ok: true, value: { tenant: `${system.url} ${COMPANY.id}` } });
  });

  it('a wrong key needs sign-in, for reads and writes alike', async () => {
    const made = createConnector({
      side: 'customerp',
      use: { preset: 'customerp-rest' },
      baseUrl: system.url,
      secrets: { bearer: 'demo-wrong' },
      limits: TEST_LIMITS,
    });
    if (!made.ok) throw new Error(made.failure.what);
    expect(await made.value.probe(signal)).toMatchObject({ failure: { kind: 'signInNeeded', status: 401 } });
    const created = await made.value.create({ kind: 'customer', values: values({ name: 'A' }), signal });
    expect(created).toEqual({
      kind: 'signInNeeded',
      status: 401,
      detail: 'POST api/v1/customers: HTTP 401 (unauthorized).',
    });
    await made.value.close();
  });

  it('a refused value names the field, never the value', async () => {
    const request = values({ name: 'A', address: { line1: 7 }, startDate: 'secret' });
    const created = await system.connector.create({ kind: 'customer', values: request, signal });
    expect(created).toMatchObject({ kind: 'refused', status: 422 });
    expect(JSON.stringify(created)).toContain('validation, address.line1, startDate');
    expect(JSON.stringify(created)).not.toContain('secret');
  });

  it('one part of an address can be changed, the others stay', async () => {
    const whole = values({
      name: 'A',
      'address.line1': 'Gata 1',
      'address.postalCode': '0150',
      'address.city': 'OSLO',
    });
    const created = await system.connector.create({ kind: 'customer', values: whole, signal });
    const nativeId = created.kind === 'acked' ? (created.nativeId ?? '') : '';
    const read = await system.connector.read({ kind: 'customer', nativeId, fields: 'all', signal });
    if (!read.ok || read.value === null) throw new Error('not there');
    await system.connector.update({
      kind: 'customer',
      nativeId,
      values: values({ 'address.city': 'MOSS' }),
      current: read.value,
      signal,
    });
    expect(await system.connector.read({ kind: 'customer', nativeId, fields: ['address.city'], signal })).toMatchObject(
      {
        value: { raw: { address: { line1: 'Gata 1', line2: null, postalCode: '0150', city: 'MOSS' } } },
      },
    );
  });
});
