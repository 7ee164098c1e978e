import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import type { Connector, RawRecord } from '../connector.ts';
import { createConnector } from '../create-connector.ts';
import { answer, startAnsweringServer } from '../http/answering-server.ts';
import type { AnsweringServer, Behaviour } from '../http/answering-server.ts';
import { impatientDeps } from '../http/deps.fixture.ts';
import { loadDescriptor } from './load.ts';

/** An ERP unlike the presets: basic sign-in, next links, wrapped bodies, a version field, numeric ids. */
const oddErp = (paging: string): string => `
name: odd-erp
title: Odd ERP
side: customerp
signIn: { type: basic, user: user, password: password }
probe: { path: me, companyId: company.id }
error: { object: fault, words: [fault.code] }
limits: { pageSize: 2, maxPages: 4 }
kinds:
  customer:
    id: { field: nr, json: integer }
    modified: { field: changed }
    version: { field: rev }
    list:
      path: customers
      items: data
      paging: ${paging}
      select: { param: only }
      delta: { param: since, template: "gt({since})" }
    find: { type: params, params: { nr: number } }
    read: { path: "customers/{id}" }
    create: { path: customers, body: { wrapped: customer } }
    update: { method: PUT, path: "customers/{id}", body: { wrapped: customer } }
    capabilities: { conditionalWrite: true, pointRead: true, filterByKey: true, delta: true, create: true, partialUpdate: true }
    fields:
      nr: { json: integer, readOnly: true }
      name: { json: string }
      changed: { json: string, readOnly: true }
`;

const signal = new AbortController().signal;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function odd(
  behave: Behaviour,
  paging = '{ type: nextLink, next: next }',
): Promise<[Connector, AnsweringServer]> {
  const server = await startAnsweringServer(behave);
  const descriptor = loadDescriptor(oddErp(paging), 'odd');
  if (!descriptor.ok) throw new Error(descriptor.failure.what);
  const made = createConnector({
    side: 'customerp',
    use: { descriptor: descriptor.value },
    baseUrl: `${server.url}/erp`,
    secrets: { user: 'tidsbro', password: 'demo-word' },
    deps: impatientDeps(),
  });
  if (!made.ok) throw new Error(made.failure.what);
  open.push(made.value, server);
  return [made.value, server];
}

const says =
  (...bodies: Json[]): Behaviour =>
  (socket, _request, count) =>
    socket.write(answer(200, JSON.stringify(bodies[Math.min(count, bodies.length) - 1])));
const target = (request: string | undefined): string => request?.split(' ')[1] ?? '';

async function outcomes(connector: Connector, since: number | null = null): Promise<string[]> {
  const seen: string[] = [];
  for await (const page of connector.collect({ kind: 'customer', fields: ['name'], since, signal })) {
    seen.push(page.ok ? page.value.records.map((record) => record.nativeId).join() : page.failure.detail);
  }
  return seen;
}

describe('paging (C2)', () => {
  it('Q23: a next link is followed on our own address, and an empty page with one is not the end', async () => {
    const inner = 'https://inner.example/other?after=1%2B2&only=nr';
    const [connector, server] = await odd(
      says({ data: [{ nr: 1 }], next: inner }, { data: [], next: `${inner}x` }, { data: [{ nr: 2 }] }),
    );
    expect(await outcomes(connector)).toEqual(['1', '', '2']);
    expect(server.requests.map(target)).toEqual([
      '/erp/customers?only=nr%2Cchanged%2Crev%2Cname',
      '/erp/customers?after=1%2B2&only=nr',
      '/erp/customers?after=1%2B2&only=nrx',
    ]);
  });

  it.each([
    {
      paging: '{ type: page, sizeParam: size, pageParam: page }',
      asked: ['size=2&page=1', 'size=2&page=2', 'size=2&page=3'],
    },
    {
      paging: '{ type: skip, sizeParam: top, skipParam: skip }',
      asked: ['top=2&skip=0', 'top=2&skip=2', 'top=2&skip=3'],
    },
  ])('a short page is not the end, an empty one is: $paging', async ({ paging, asked }) => {
    const [connector, server] = await odd(
      says({ data: [{ nr: 1 }, { nr: 2 }] }, { data: [{ nr: 3 }] }, { data: [] }),
      paging,
    );
    expect(await outcomes(connector)).toEqual(['1,2', '3', '']);
    expect(server.requests.map((request) => target(request).split('rev%2Cname&')[1])).toEqual(asked);
  });

  it.each([
    {
      what: 'a cursor that leads back',
      bodies: [
        { data: [{ nr: 1 }], next: 'a' },
        { data: [{ nr: 2 }], next: 'b' },
        { data: [{ nr: 3 }], next: 'a' },
      ],
      ends: 'the same page came again',
    },
    {
      what: 'the same page again',
      bodies: [
        { data: [{ nr: 1 }], next: 'a' },
        { data: [{ nr: 1 }], next: 'b' },
      ],
      ends: 'the same page came again',
    },
    {
      what: 'no end',
      bodies: [1, 2, 3, 4].map((nr) => ({ data: [{ nr }], next: `p${nr}` })),
      ends: 'no end after 4 pages',
    },
    { what: 'a cursor that is no text', bodies: [{ data: [], next: 7 }], ends: '"next" is not text' },
    { what: 'C6: a missing array', bodies: [{ items: [] }], ends: 'the answer has no array "data"' },
    {
      what: 'C6: an error object with 200',
      bodies: [{ data: [], fault: { code: 'x' } }],
      ends: 'an error came as success',
    },
    { what: 'C6: null', bodies: [null], ends: 'an error came as success' },
  ])('I21: $what ends the collection with a failure', async ({ bodies, ends }) => {
    const [connector] = await odd(says(...bodies), '{ type: cursor, sizeParam: size, cursorParam: at, next: next }');
    expect((await outcomes(connector)).at(-1)).toBe(`GET customers: ${ends}.`);
  });

  it('T1: the delta filter is written by the template', async () => {
    const [connector, server] = await odd(says({ data: [] }));
    await outcomes(connector, Date.UTC(2025, 0, 20, 9, 30));
    expect(target(server.requests[0])).toContain('&since=gt(2025-01-20T09%3A30%3A00.000Z)');
  });

  it('C4: records without a usable id are counted', async () => {
    const [connector] = await odd(
      says({ data: [{ nr: 1 }, { nr: null }, { nr: 'x' }, {}, 7, { nr: 1.5 }, { nr: '8' }] }),
    );
    for await (const page of connector.collect({ kind: 'customer', fields: [], since: null, signal })) {
      expect(page).toMatchObject({ value: { records: [{ nativeId: '1' }, { nativeId: '8' }] } });
      expect(page.ok ? page.value.withoutId : []).toHaveLength(5);
    }
  });
});

describe('reads', () => {
  it('signs in with basic authentication and tells the tenant', async () => {
    const [connector, server] = await odd(says({ company: { id: 77 } }, { data: [] }));
    expect(await connector.probe(signal)).toMatchObject({
      value: { tenant: `${server.url}/erp 77`, notes: ['customer: readable, no record yet'] },
    });
    expect(server.requests[0]).toContain(`Authorization: Basic ${Buffer.from('tidsbro:demo-word').toString('base64')}`);
  });

  it.each([
    {
      what: 'the record',
      status: 200,
      body: '{"nr":12345678901234567890,"rev":7}',
      is: { value: { nativeId: '12345678901234567890', version: '7' } },
    },
    { what: 'another record', status: 200, body: '{"nr":8}', is: { failure: { kind: 'unreadable' } } },
    { what: 'not found, in JSON', status: 404, body: '{"fault":{"code":"notFound"}}', is: { ok: true, value: null } },
    { what: 'not found, from a proxy', status: 404, body: '<html>', is: { failure: { kind: 'refused', status: 404 } } },
    { what: 'gone', status: 410, body: '{}', is: { failure: { kind: 'refused', status: 410 } } },
  ])('a point read that answers $what', async ({ status, body, is }) => {
    const [connector] = await odd((socket) => socket.write(answer(status, body)));
    const request = { kind: 'customer', nativeId: '12345678901234567890', fields: 'all', signal } as const;
    expect(await connector.read(request)).toMatchObject(is);
  });

  it.each([
    { what: 'the record in a list', body: { data: [{ nr: 5 }] }, is: { value: [{ nativeId: '5' }] } },
    { what: 'the record itself (Q8)', body: { nr: 5 }, is: { value: [{ nativeId: '5' }] } },
    { what: 'nothing', body: { data: [] }, is: { value: [] } },
    {
      what: 'every record, ignoring the filter',
      body: { data: [{ nr: 5 }, { nr: 6 }] },
      is: { failure: { kind: 'unreadable' } },
    },
    {
      what: 'more than ten',
      body: { data: Array.from({ length: 12 }, () => ({ nr: 5 })) },
      is: { value: { length: 10 } },
    },
  ])('a look-up that answers $what', async ({ body, is }) => {
    const [connector] = await odd(says(body));
    expect(await connector.find({ kind: 'customer', field: 'nr', value: '5', fields: [], signal })).toMatchObject(is);
  });

  it('a field that cannot be looked up is refused without a request', async () => {
    const [connector, server] = await odd(says({}));
    const found = await connector.find({ kind: 'customer', field: 'name', value: 'x', fields: [], signal });
    expect(found).toMatchObject({ failure: { kind: 'refused', status: 0 } });
    expect(server.requests).toHaveLength(0);
  });
});

describe('writes are sent once (K4, J3)', () => {
  const current: RawRecord = { nativeId: '5', modifiedAt: null, version: '7', raw: {} };
  const update = (connector: Connector, record = current) =>
    connector.update({ kind: 'customer', nativeId: '5', values: new Map([['name', 'Ny']]), current: record, signal });

  it('an update is wrapped and carries the version', async () => {
    const [connector, server] = await odd(says({}));
    expect(await update(connector)).toEqual({ kind: 'acked', nativeId: '5' });
    expect(server.requests[0]).toMatch(
      /^PUT \/erp\/customers\/5 [\s\S]*If-Match: 7\r\n[\s\S]*\{"customer":\{"name":"Ny"\}\}$/,
    );
  });

  it('I2: without a version nothing is sent where writes are conditional', async () => {
    const [connector, server] = await odd(says({}));
    expect(await update(connector, { ...current, version: null })).toMatchObject({ kind: 'refused', status: 0 });
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    { what: 'a reset', behave: ((socket) => socket.resetAndDestroy()) satisfies Behaviour, kind: 'unknown' },
    { what: '503', behave: ((socket) => socket.write(answer(503, '{}'))) satisfies Behaviour, kind: 'unknown' },
    {
      what: '429',
      behave: ((socket) => socket.write(answer(429, '', { 'retry-after': '9' }))) satisfies Behaviour,
      kind: 'slowDown',
    },
    { what: 'an error with 200', behave: says({ fault: { code: 'x' } }), kind: 'unknown' },
  ])('after $what', async ({ behave, kind }) => {
    const [connector, server] = await odd(behave);
    expect((await update(connector)).kind).toBe(kind);
    expect(server.requests).toHaveLength(1);
    expect(connector.requestCount()).toBe(1);
  });

  it.each([
    { what: 'wrapped', body: { customer: { nr: 9 } }, is: { kind: 'acked', nativeId: '9' } },
    { what: 'bare', body: { nr: 9 }, is: { kind: 'acked', nativeId: '9' } },
    { what: 'without an id', body: { ok: true }, is: { kind: 'unknown' } },
  ])('a create answered $what', async ({ body, is }) => {
    const [connector] = await odd(says(body));
    expect(await connector.create({ kind: 'customer', values: new Map([['name', 'Ny']]), signal })).toMatchObject(is);
  });
});
