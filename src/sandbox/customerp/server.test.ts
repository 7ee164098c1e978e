import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isObject, type JsonObject } from '../json.ts';
import { listOf, startSystems, type Send } from '../testing.ts';
import { openApi } from './openapi.ts';
import { COLLECTIONS } from './schema.ts';

const API = '/api/v1';

async function allPages(erp: Send, query: string): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let cursor: unknown = '';
  while (typeof cursor === 'string') {
    const page: Awaited<ReturnType<Send>> = await erp(
      'GET',
      `${API}/customers?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    expect(page.status).toBe(200);
    found.push(...listOf(page));
    cursor = page.body['nextCursor'];
  }
  return found;
}

describe('the door of the API', () => {
  it('wants the key', async () => {
    const { erp } = startSystems();
    const reply = await erp('GET', `${API}/company`, undefined, { authorization: 'Bearer other' });
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ error: { code: 'unauthorized' } });
    expect((await erp('GET', `${API}/company`)).body).toMatchObject({ id: 'demo-company' });
  });

  it('says what is not there and what is not allowed', async () => {
    const { erp, customerp } = startSystems();
    expect((await erp('GET', `${API}/customers/c999999`)).body).toMatchObject({ error: { code: 'notFound' } });
    expect((await erp('GET', `${API}/invoices`)).status).toBe(404);
    expect((await erp('DELETE', `${API}/customers/c000001`)).status).toBe(405);
    expect(customerp.history.since(0)).toMatchObject([
      { method: 'DELETE', kind: 'customers', id: 'c000001', status: 405 },
    ]);
  });
});

describe('lists', () => {
  it('serves every record once, in id order, by cursor', async () => {
    const { erp } = startSystems();
    const ids = (await allPages(erp, 'limit=7')).map((record) => String(record['id']));
    expect(ids).toHaveLength(60);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it('a cursor holds its place while records come and go', async () => {
    const { erp } = startSystems();
    const first = await erp('GET', `${API}/customers?limit=10&fields=number`);
    const served = listOf(first).map((record) => String(record['id']));
    await erp('DELETE', `/_sandbox/records/customers/${served[9]}`);
    await erp('DELETE', `/_sandbox/records/customers/${served[2]}`);
    await erp('POST', `${API}/customers`, { name: 'Ny AS' });
    const next = await erp('GET', `${API}/customers?limit=1000&cursor=${String(first.body['nextCursor'])}`);
    const rest = listOf(next).map((record) => String(record['id']));
    expect(rest).toHaveLength(51);
    expect(rest.filter((id) => served.includes(id))).toEqual([]);
    expect((await erp('GET', `${API}/customers?cursor=rubbish`)).status).toBe(400);
  });

  it('updatedSince includes the very moment, and pages too', async () => {
    const { erp, time } = startSystems();
    expect((await erp('GET', `${API}/customers?updatedSince=2026-03-10`)).body).toMatchObject({
      items: [],
      nextCursor: null,
      total: 0,
    });
    await erp('PATCH', `${API}/customers/c000007`, { phone: '1' });
    const now = new Date(time.now).toISOString();
    expect(listOf(await erp('GET', `${API}/customers?updatedSince=${now}`))).toHaveLength(1);
    time.now += 1;
    expect(listOf(await erp('GET', `${API}/customers?updatedSince=${new Date(time.now).toISOString()}`))).toHaveLength(
      0,
    );
    expect(await allPages(erp, 'updatedSince=2000-01-01T00:00:00Z&limit=9')).toHaveLength(60);
  });

  it('chooses fields, dotted ones too', async () => {
    const { erp } = startSystems();
    const [record] = listOf(await erp('GET', `${API}/customers?limit=1&fields=name,address.city`));
    expect(Object.keys(record ?? {}).toSorted()).toEqual(['address', 'id', 'name', 'updatedAt']);
    expect(Object.keys(isObject(record?.['address']) ? record['address'] : {})).toEqual(['city']);
    expect((await erp('GET', `${API}/customers?fields=colour`)).status).toBe(400);
    expect((await erp('GET', `${API}/customers?fields=address.planet`)).status).toBe(400);
  });

  it('finds by number and by external reference', async () => {
    const { erp } = startSystems();
    const made = await erp('POST', `${API}/customers`, { name: 'Ny AS', number: '77777', externalReference: 'x-1' });
    const id = made.body['id'];
    expect(listOf(await erp('GET', `${API}/customers?number=77777`)).map((r) => r['id'])).toEqual([id]);
    await erp('PATCH', `${API}/customers/${String(id)}`, { externalReference: 'x-2' });
    expect(listOf(await erp('GET', `${API}/customers?externalReference=x-1`))).toEqual([]);
    expect(listOf(await erp('GET', `${API}/customers?externalReference=x-2&number=77777`))).toHaveLength(1);
    expect((await erp('GET', `${API}/projects?email=a`)).status).toBe(400);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'updatedSince=yesterday', 'offset=3'])('refuses %s', async (query) => {
    const { erp } = startSystems();
    expect((await erp('GET', `${API}/customers?${query}`)).status).toBe(400);
  });
});

describe('writes', () => {
  it('creates with id, number, version and location', async () => {
    const { erp } = startSystems();
    const made = await erp('POST', `${API}/projects`, { name: 'Nytt bygg', customerId: 'c000001' });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({ etag: '"1"', location: `${API}/projects/${String(made.body['id'])}` });
    expect(made.body).toMatchObject({ id: 'p000051', closed: false, startDate: null });
    expect(made.body['number']).toMatch(/^P2026-\d{4}$/);
    const taken = await erp('POST', `${API}/projects`, { name: 'x', number: made.body['number'] });
    expect(taken.status).toBe(409);
    expect(taken.body).toMatchObject({ error: { code: 'duplicateNumber' } });
  });

  it('lists everything that is wrong', async () => {
    const { erp } = startSystems();
    const reply = await erp('POST', `${API}/employees`, {
      firstName: 'x'.repeat(101),
      active: 'yes',
      departmentId: 'd99',
      hireDate: '2023-02-30',
      shoeSize: 43,
      address: { planet: 'x' },
      version: 3,
    });
    expect(reply.status).toBe(422);
    const { details } = z
      .object({ error: z.object({ details: z.array(z.object({ field: z.string() })) }) })
      .parse(reply.body).error;
    expect(details.map(({ field }) => field).toSorted()).toEqual(
      [
        'active',
        'address.planet',
        'departmentId',
        'firstName',
        'hireDate',
        'lastName',
        'shoeSize',
        'version',
      ].toSorted(),
    );
  });

  it('patches by merge: members merge, null clears, the rest stays', async () => {
    const { erp } = startSystems();
    const { body: before } = await erp('GET', `${API}/customers/c000001`);
    const reply = await erp('PATCH', `${API}/customers/c000001`, {
      address: { line2: null, city: 'BODØ' },
      phone: null,
    });
    expect(reply.body).toMatchObject({ phone: null, notes: before['notes'], creditLimit: before['creditLimit'] });
    const old = isObject(before['address']) ? before['address'] : {};
    expect(reply.body['address']).toEqual({ ...old, line2: null, city: 'BODØ' });
    expect(reply.body['version']).toBe(Number(before['version']) + 1);
    const cleared = await erp('PATCH', `${API}/customers/c000001`, { address: null });
    expect(cleared.body['address']).toEqual({ line1: null, line2: null, postalCode: null, city: null });
  });

  it('a patch without effect changes neither version nor time', async () => {
    const { erp } = startSystems();
    const { body } = await erp('GET', `${API}/customers/c000001`);
    expect((await erp('PATCH', `${API}/customers/c000001`, { name: body['name'] })).body).toEqual(body);
  });

  it('refuses to change what the server keeps', async () => {
    const { erp } = startSystems();
    const { body } = await erp('GET', `${API}/customers/c000001`);
    expect(
      (await erp('PATCH', `${API}/customers/c000001`, { number: body['number'], version: body['version'] })).status,
    ).toBe(200);
    expect((await erp('PATCH', `${API}/customers/c000001`, { number: '1' })).status).toBe(422);
    expect((await erp('PATCH', `${API}/customers/c000001`, { active: null })).status).toBe(422);
    expect((await erp('PATCH', `${API}/customers/c000001`, '{"a"')).status).toBe(400);
  });

  it('honours If-Match', async () => {
    const { erp, customerp } = startSystems();
    const { headers } = await erp('GET', `${API}/customers/c000001`);
    const etag = String(headers['etag']);
    const patch = async (match?: string): Promise<number> =>
      (
        await erp(
          'PATCH',
          `${API}/customers/c000001`,
          { notes: `${match} ${Math.abs(customerp.history.length)}` },
          match === undefined ? {} : { 'if-match': match },
        )
      ).status;
    expect(await patch(etag)).toBe(200);
    expect(await patch(etag)).toBe(412);
    expect(await patch('*')).toBe(200);
    expect(await patch()).toBe(200);
    customerp.settings.setAll({ requireIfMatch: true });
    expect(await patch()).toBe(428);
    expect(customerp.history.since(0).map(({ status }) => status)).toEqual([200, 412, 200, 200, 428]);
  });
});

describe('the OpenAPI document', () => {
  const schemas = z
    .object({ components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }) })
    .parse(openApi()).components.schemas;

  it('is served', async () => {
    const { erp } = startSystems();
    expect((await erp('GET', `${API}/openapi.json`)).body).toMatchObject({ openapi: '3.1.0' });
  });

  it('names only schemas it has', () => {
    const names = [...JSON.stringify(openApi()).matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]);
    expect(names.filter((name) => !Object.hasOwn(schemas, name ?? ''))).toEqual([]);
  });

  it.each(Object.values(COLLECTIONS))('holds for every record of $name', async ({ name, singular }) => {
    const { erp } = startSystems({ dirt: 0.3 });
    const schema = z.fromJSONSchema(schemas[singular.charAt(0).toUpperCase() + singular.slice(1)] ?? {});
    const records = listOf(await erp('GET', `${API}/${name}?limit=1000`));
    expect(records.length).toBeGreaterThan(5);
    for (const record of records) expect(schema.safeParse(record).error).toBeUndefined();
  });
});
