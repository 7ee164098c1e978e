import { afterEach, describe, expect, it } from 'vitest';
import { Property, type Filter, type FlowMapping } from '../../mapping/mapping.ts';
import { customer, customersInStep } from '../../sync/testing/records.ts';
import { Fakes } from '../../sync/testing/run-on-fakes.ts';
import { checkMapping } from './mapping-check.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** Five customers on both sides, and two of Bergen that are in Customerp only. */
async function begin(): Promise<FlowMapping> {
  fakes.close();
  fakes = new Fakes();
  await customersInStep(fakes, 5);
  for (const number of ['20001', '20002'])
    fakes.customerp.put('customer', customer(number, { address: { city: 'Bergen' }, phone: '22000001' }));
  await fakes.run({ mode: 'preview', approve: 'none' });
  const flow = fakes.flows.get('customer');
  if (flow === undefined) throw new Error('no customers');
  return flow.mapping;
}
const changed = (flow: FlowMapping, name: string, words: object): FlowMapping => ({
  ...flow,
  properties: flow.properties.map((p) => (p.name === name ? Property.parse({ ...p, ...words }) : p)),
});

describe('S5 what a mapping would come to, counted from the store', () => {
  it('nothing, where it is as before', async () => {
    const before = await begin();
    expect(await checkMapping(fakes.store, before, before)).toMatchObject({
      pairs: 5,
      comparedAnew: {},
      scope: { customerp: { records: 7, leaving: 0, entering: 0 }, tidsbanken: { records: 5, leaving: 0 } },
    });
  });

  it('pairs that are compared anew are those with a base there', async () => {
    const before = await begin();
    const check = await checkMapping(fakes.store, before, changed(before, 'email', { maxLength: { tidsbanken: 10 } }));
    expect(check).toMatchObject({ rewritten: ['email'], comparedAnew: { email: 5 } });
  });

  it('a row that leaves: how many records have a value there', async () => {
    const before = await begin();
    const check = await checkMapping(fakes.store, before, changed(before, 'phone', { direction: 'off' }));
    expect(check).toMatchObject({ leaving: ['phone'], noLongerRead: { phone: 2 } });
  });

  it.each<[string, Filter, object]>([
    ['on what was read', { customerp: [{ property: 'city', isNot: ['Bergen'] }] }, { leaving: 2, entering: 0 }],
    ['on a field that was not', { customerp: [{ field: 'blocked', is: ['true'] }] }, { leaving: null, entering: null }],
  ])('C7 a filter %s', async (_name, filter, counts) => {
    const before = await begin();
    const check = await checkMapping(fakes.store, before, { ...before, filter });
    expect(check.scope).toMatchObject({
      customerp: { records: 7, ...counts },
      tidsbanken: { leaving: 0, entering: 0 },
    });
  });

  it('C7 a filter that goes brings back what it left out', async () => {
    const before = await begin();
    const filter: Filter = { customerp: [{ property: 'city', isNot: ['Bergen'] }] };
    const narrow = (flow: FlowMapping): FlowMapping => (flow.kind === 'customer' ? { ...flow, filter } : flow);
    fakes.remap(narrow);
    await fakes.run({ mode: 'preview', approve: 'none', full: true });
    const check = await checkMapping(fakes.store, narrow(before), before);
    expect(check.scope.customerp).toEqual({ records: 7, leaving: 0, entering: 2 });
  });

  it('asks no system and changes nothing in the store', async () => {
    const before = await begin();
    const [requests, bytes] = [fakes.customerp.requestCount(), await fakes.bytesOfStore()];
    await checkMapping(fakes.store, before, changed(before, 'phone', { direction: 'off' }));
    expect(fakes.customerp.requestCount()).toBe(requests);
    expect((await fakes.bytesOfStore()).equals(bytes)).toBe(true);
  });
});
