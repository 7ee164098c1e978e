import { describe, expect, it } from 'vitest';
import { readPlanFile, type FaultRuleInput } from './faults.ts';
import { startSandbox, type Sandbox } from './index.ts';
import { arrayIn, ERP_HEADERS, listOf, startSystems, type Send } from './testing.ts';

const LIST = '/api/v1/customers?limit=5';

async function plan(send: Send, ...rules: FaultRuleInput[]): Promise<void> {
  expect((await send('PUT', '/_sandbox/faults', rules)).status).toBe(200);
}

describe('before and after acting', () => {
  it.each([
    { after: false, size: 60, status: 503, known: false },
    { after: true, size: 61, status: 201, known: true },
  ])('after: $after', async ({ after, size, status, known }) => {
    const { erp, customerp } = startSystems();
    await plan(erp, {
      name: 'lost',
      method: 'POST',
      after,
      fault: { kind: 'status', status: 503, body: { oh: 'no' } },
    });
    const reply = await erp('POST', '/api/v1/customers', { name: 'Ny AS' });
    expect(reply.status).toBe(503);
    expect(reply.body).toEqual({ oh: 'no' });
    expect(customerp.stores.customers.size).toBe(size);
    const [entry] = customerp.history.since(0);
    expect(entry).toMatchObject({ status, fault: 'lost', kind: 'customers' });
    expect(entry?.after !== null).toBe(known);
  });

  it('skips, then strikes as often as told; the first rule that is due wins', async () => {
    const { erp } = startSystems();
    await plan(
      erp,
      { path: 'CUSTOMERS', skip: 1, times: 2, fault: { kind: 'status', status: 500 } },
      { path: 'projects', fault: { kind: 'status', status: 502 } },
    );
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await erp('GET', LIST)).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    expect((await erp('GET', '/api/v1/projects')).status).toBe(502);
    expect(arrayIn(await erp('GET', '/_sandbox/faults')).map((rule) => rule['hits'])).toEqual([2, 1]);
    await erp('DELETE', '/_sandbox/faults');
    expect((await erp('GET', '/api/v1/projects')).status).toBe(200);
  });

  it('refuses a plan it does not understand', async () => {
    const { erp } = startSystems();
    expect((await erp('PUT', '/_sandbox/faults', [{ fault: { kind: 'gremlin' } }])).status).toBe(400);
    expect((await erp('PUT', '/_sandbox/faults', [{ path: '(', fault: { kind: 'reset' } }])).status).toBe(400);
    expect(readPlanFile('{"tidsbanken":[{"fault":{"kind":"html"}}]}')).toMatchObject({
      customerp: [],
      tidsbanken: [{ after: false }],
    });
  });
});

describe('answers in disguise', () => {
  it.each<[FaultRuleInput['fault'], number, RegExp]>([
    [{ kind: 'html' }, 200, /^<!doctype html>/],
    [{ kind: 'truncate', bytes: 20 }, 200, /^\{"items":\[\{"id":"c00$/],
    [{ kind: 'errorObject' }, 200, /"error"/],
    [{ kind: 'emptyBody' }, 200, /^$/],
    [{ kind: 'invalidJson' }, 200, /,$/],
    [{ kind: 'redirect', location: 'http://elsewhere.example' }, 302, /^$/],
    [{ kind: 'latency', ms: 1 }, 200, /"total":60\}$/],
  ])('%j', async (fault, status, body) => {
    const { erp } = startSystems();
    await plan(erp, { fault });
    const reply = await erp('GET', LIST);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(body);
  });

  it('dropIds takes the id of one record', async () => {
    const { erp, tb } = startSystems();
    await plan(erp, { fault: { kind: 'dropIds' } });
    await plan(tb, { fault: { kind: 'dropIds' } });
    expect(listOf(await erp('GET', LIST)).map((record) => 'id' in record)).toEqual([false, true, true, true, true]);
    expect(listOf(await tb('GET', '/prosjekt/Kunde?$top=2')).map((record) => 'Id' in record)).toEqual([false, true]);
  });

  it('repeatPage serves the page before again', async () => {
    const { erp } = startSystems();
    await plan(erp, { skip: 1, times: 1, fault: { kind: 'repeatPage' } });
    const first = await erp('GET', LIST);
    expect((await erp('GET', `${LIST}&cursor=${String(first.body['nextCursor'])}`)).text).toBe(first.text);
  });
});

const small = (customerp: FaultRuleInput[]): Promise<Sandbox> =>
  startSandbox({ customers: 5, employees: 1, projects: 1, faults: { customerp } });

describe('a broken wire', () => {
  it.each<FaultRuleInput['fault']>([{ kind: 'reset' }, { kind: 'stall', ms: 5 }])('%j: no answer', async (fault) => {
    const sandbox = await small([{ fault, after: true }]);
    await expect(fetch(`${sandbox.customerp.url}/api/v1/customers`, { headers: ERP_HEADERS })).rejects.toThrow(
      'fetch failed',
    );
    await sandbox.close();
  });

  it('resetMidBody: the answer begins and breaks off', async () => {
    const sandbox = await small([{ fault: { kind: 'resetMidBody' } }]);
    const reply = await fetch(`${sandbox.customerp.url}/api/v1/customers`, { headers: ERP_HEADERS });
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow('terminated');
    await sandbox.close();
  });

  it('a stall without an end lasts until the sandbox closes', async () => {
    const sandbox = await small([{ fault: { kind: 'stall' } }]);
    const [outcome] = await Promise.allSettled([
      fetch(`${sandbox.customerp.url}/api/v1/company`, { headers: ERP_HEADERS }),
      fetch(`${sandbox.customerp.url}/_sandbox/counts`).then(() => sandbox.close()),
    ]);
    expect(outcome.status).toBe('rejected');
  });

  it('slow still ends with the whole answer', async () => {
    const sandbox = await small([{ fault: { kind: 'slow', bytesPerSecond: 500 } }]);
    const reply = await fetch(`${sandbox.customerp.url}/api/v1/company`, { headers: ERP_HEADERS });
    expect(await reply.json()).toMatchObject({ id: 'demo-company' });
    await sandbox.close();
  });
});
