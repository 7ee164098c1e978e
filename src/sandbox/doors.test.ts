import { describe, expect, it } from 'vitest';
import { arrayIn, listOf, sender, startSystems } from './testing.ts';

describe('records', () => {
  it('an outside edit shows in the API and in its clock', async () => {
    const { erp, time } = startSystems();
    const edited = await erp('PATCH', '/_sandbox/records/customers/c000002', {
      name: 'Omdøpt AS',
      address: { city: 'Ås' },
    });
    expect(edited.status).toBe(200);
    const now = new Date(time.now).toISOString();
    expect(listOf(await erp('GET', `/api/v1/customers?updatedSince=${now}`))).toMatchObject([
      { name: 'Omdøpt AS', address: { city: 'Ås' } },
    ]);
  });

  it('adds and removes', async () => {
    const { tb } = startSystems();
    expect((await tb('POST', '/_sandbox/records/Kunde', { Id: 'Z', Navn: 'Zulu' })).status).toBe(201);
    expect((await tb('POST', '/_sandbox/records/Kunde', { Id: 'Z', Navn: 'Zulu' })).status).toBe(409);
    expect((await tb('DELETE', '/_sandbox/records/kunde/Z')).status).toBe(204);
    expect((await tb('GET', '/_sandbox/records/Kunde/Z')).status).toBe(404);
    expect(listOf(await tb('GET', "/prosjekt/Kunde('Z')"))).toEqual([]);
  });

  it('takes values the API would refuse, but no unknown names', async () => {
    const { erp, tb } = startSystems();
    expect((await erp('PATCH', '/_sandbox/records/employees/e000001', { hireDate: '2023-02-30' })).body).toMatchObject({
      hireDate: '2023-02-30',
    });
    expect((await erp('PATCH', '/_sandbox/records/employees/e000001', { shoeSize: 1 })).status).toBe(400);
    expect((await tb('PATCH', '/_sandbox/records/Ansatt/100', { Finnes: 'ikke' })).status).toBe(400);
    expect((await tb('GET', '/_sandbox/records/Unknown')).status).toBe(404);
  });

  it('serves everything raw', async () => {
    const { tb, tidsbanken } = startSystems();
    const rows = arrayIn(await tb('GET', '/_sandbox/records/Prosjekt'));
    expect(rows).toHaveLength(tidsbanken.stores.Prosjekt.size);
    expect(arrayIn(await tb('GET', '/_sandbox/records/Prosjekt?offset=1&limit=2'))).toEqual(rows.slice(1, 3));
    expect(String(rows[1]?.['SistEndretDato'])).toMatch(/Z$/);
  });
});

describe('history', () => {
  it('holds every write, acted or refused, without gaps', async () => {
    const { tb } = startSystems();
    await tb('POST', '/prosjekt/Kunde', { Id: 'A', Navn: 'a' });
    await tb('POST', '/prosjekt/Kunde', { Id: 'A', Navn: 'a' });
    await tb('PUT', '/prosjekt/Kunde', [{ Id: 'A', Navn: 'b' }]);
    await tb('PUT', '/prosjekt/Kunde', 'no json');
    await tb('PATCH', '/_sandbox/records/Kunde/A', { Navn: 'c' });
    await tb('GET', '/prosjekt/Kunde');
    await tb('POST', '/prosjekt/Kunde', { Id: 'B' }, { 'tb-key': 'wrong' });
    const entries = arrayIn(await tb('GET', '/_sandbox/history'));
    expect(entries.map((entry) => [entry['seq'], entry['origin'], entry['status'], entry['id']])).toEqual([
      [1, 'api', 201, 'A'],
      [2, 'api', 409, 'A'],
      [3, 'api', 200, 'A'],
      [4, 'api', 400, null],
      [5, 'outside', 200, 'A'],
      [6, 'api', 401, 'B'],
    ]);
    expect(entries[2]).toMatchObject({ before: { Navn: 'a' }, after: { Navn: 'b' } });
    expect(arrayIn(await tb('GET', '/_sandbox/history?since=4'))).toEqual(entries.slice(4));
  });
});

it('counts requests by method and kind, not those to the doors', async () => {
  const { erp } = startSystems();
  await erp('GET', '/api/v1/customers');
  await erp('PATCH', '/api/v1/customers/c000001', {});
  await erp('GET', '/api/v1/company');
  await erp('GET', '/_sandbox/counts');
  expect((await erp('GET', '/_sandbox/counts')).body).toEqual({
    total: 3,
    refused: 0,
    byMethod: { GET: 2, PATCH: 1 },
    byKind: { customers: { GET: 1, PATCH: 1 }, other: { GET: 1 } },
  });
  expect((await erp('POST', '/_sandbox/counts/reset')).body).toEqual({
    total: 0,
    refused: 0,
    byMethod: {},
    byKind: {},
  });
});

it('moves the clock', async () => {
  const { tb } = startSystems();
  expect((await tb('POST', '/_sandbox/clock', { shiftMs: 3_600_000 })).body).toEqual({
    shiftMs: 3_600_000,
    now: '2026-03-10T13:00:00.000Z',
  });
  expect((await tb('POST', '/prosjekt/Kunde', { Id: 'A' })).body['SistEndretDato']).toBe('2026-03-10T13:00:00+01:00');
  expect((await tb('POST', '/_sandbox/clock', { shiftMs: 'x' })).status).toBe(400);
});

it('is shut to other hosts and to pages of other sites', async () => {
  const { customerp } = startSystems();
  const send = sender(customerp, {});
  expect((await send('GET', '/_sandbox/records/customers', undefined, { host: 'evil.example' })).status).toBe(403);
  expect(
    (await send('POST', '/_sandbox/counts/reset', undefined, { host: '127.0.0.1:1', origin: 'http://evil.example' }))
      .status,
  ).toBe(403);
  expect(
    (await send('POST', '/_sandbox/counts/reset', undefined, { host: '127.0.0.1:1', origin: 'http://127.0.0.1:1' }))
      .status,
  ).toBe(200);
});

describe('the edit page', () => {
  it('finds, shows and saves, changing only what was changed', async () => {
    const { erp, customerp } = startSystems();
    const row = customerp.stores.customers.get('c000003');
    expect((await erp('GET', '/')).text).toContain('<h1>Customerp');
    const found = await erp('GET', `/_sandbox/edit/customers?q=${String(row?.data['number'])}`);
    expect(found.text).toContain('/_sandbox/edit/customers/c000003');
    const form = await erp('GET', '/_sandbox/edit/customers/c000003');
    expect(form.text).toContain('name="address.city"');
    const fields = [...form.text.matchAll(/name="([\w.]+)" value="([^"]*)"/g)].map((m): [string, string] => [
      m[1] ?? '',
      unescape(m[2] ?? ''),
    ]);
    const sent = new URLSearchParams(fields);
    sent.set('phone', '22 33 44 55');
    if (row?.data['active'] === true) sent.set('active', 'on');
    const saved = await erp('POST', '/_sandbox/edit/customers/c000003', sent.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(saved.status).toBe(303);
    const [entry] = customerp.history.since(0);
    expect(entry).toMatchObject({ origin: 'outside', kind: 'customers', id: 'c000003' });
    expect(entry?.after).toEqual({
      ...row?.data,
      phone: '22 33 44 55',
      version: Number(row?.data['version']) + 1,
      updatedAt: '2026-03-10T12:00:00.000Z',
    });
  });

  it('escapes what people wrote', async () => {
    const { tb } = startSystems();
    await tb('PATCH', '/_sandbox/records/Avdeling/20', { Navn: '<script>"x"' });
    const page = await tb('GET', '/_sandbox/edit/Avdeling');
    expect(page.text).toContain('&lt;script&gt;&quot;x&quot;');
    expect(page.text).not.toContain('<script>');
  });
});

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
