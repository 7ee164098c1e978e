import { expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { PageTexts, pageBody } from './page-texts.ts';
import type { Row } from './store.ts';
import { arrayIn, listOf, startSystems, type Send } from './testing.ts';

const rows: Row[] = Array.from({ length: 60 }, (_, n) => ({ key: `k${n}`, at: 1, data: { n } }));
const write = (some: readonly Row[]): string => JSON.stringify(some.map(({ data }) => data));

const list = async (send: Send, path: string): Promise<JsonObject[]> => listOf(await send('GET', path));

it('a page is made once, and anew as soon as one of its rows was written', () => {
  const pages = new PageTexts();
  let made = 0;
  const counted = (some: readonly Row[]): string => (made++, write(some));
  const first = pages.list('a', rows, counted);
  expect(pages.list('a', [...rows], counted)).toBe(first);
  expect(made).toBe(1);
  const changed = rows.with(7, { key: 'k7', at: 2, data: { n: 'new' } });
  expect(pages.list('a', changed, counted).toString()).toBe(write(changed));
  expect(pages.list('b', changed, () => 'other').toString()).toBe('other');
});

it.each([
  { before: {}, after: {}, is: { v: [1] } },
  { before: { a: 'æ' }, after: {}, is: { a: 'æ', v: [1] } },
  { before: {}, after: { z: null }, is: { v: [1], z: null } },
  { before: { a: 1 }, after: { z: 2 }, is: { a: 1, v: [1], z: 2 } },
])('a list stands between what comes before and after: $is', ({ before, after, is }) => {
  expect(JSON.parse(pageBody(before, 'v', Buffer.from('[1]'), after).toString())).toEqual(is);
});

it('a long page shows each write, each choice of fields and each switch', async () => {
  const { tb, erp } = startSystems({ customers: 90, overlap: 1 });
  const names = async (): Promise<unknown[]> =>
    (await list(tb, '/prosjekt/Kunde?$select=Id,Navn')).map((k) => k['Navn']);
  expect(await names()).toEqual(await names());
  const [first] = await list(tb, '/prosjekt/Kunde');
  await tb('PATCH', `/_sandbox/records/Kunde/${String(first?.['Id'])}`, { Navn: 'Nytt navn' });
  expect((await names())[0]).toBe('Nytt navn');
  expect((await list(tb, '/prosjekt/Kunde?$select=Id'))[0]).toEqual({ Id: first?.['Id'] });
  const stamp = (await list(tb, '/prosjekt/Kunde'))[1]?.['SistEndretDato'];
  await tb('POST', '/_sandbox/switches', { clockQuirk: false });
  expect((await list(tb, '/prosjekt/Kunde'))[1]?.['SistEndretDato']).not.toBe(stamp);
  const [customer] = await list(erp, '/api/v1/customers?limit=90');
  await erp('PATCH', `/api/v1/customers/${String(customer?.['id'])}`, { name: 'New name' });
  expect((await list(erp, '/api/v1/customers?limit=90'))[0]).toMatchObject({
    name: 'New name',
    version: Number(customer?.['version']) + 1,
  });
});

it('keeps a list of requests while it is wanted, doors left out', async () => {
  const { erp } = startSystems();
  await erp('GET', '/api/v1/company');
  await erp('PUT', '/_sandbox/requests');
  await erp('GET', '/api/v1/customers?limit=1');
  await erp('GET', '/api/v1/customers/none');
  expect(arrayIn(await erp('GET', '/_sandbox/requests'))).toEqual([
    { at: expect.any(Number) as number, method: 'GET', url: '/api/v1/customers?limit=1', status: 200 },
    { at: expect.any(Number) as number, method: 'GET', url: '/api/v1/customers/none', status: 404 },
  ]);
  await erp('DELETE', '/_sandbox/requests');
  await erp('GET', '/api/v1/company');
  expect(arrayIn(await erp('GET', '/_sandbox/requests'))).toEqual([]);
});
