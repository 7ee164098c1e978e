import { describe, expect, it } from 'vitest';
import { defaultMapping } from './default-mapping.ts';
import { flowDiff, isNoChange, rebasedProperties, type FlowDiff } from './flow-diff.ts';
import { Property, type FlowMapping } from './mapping.ts';

const customer = (): FlowMapping => {
  const found = defaultMapping().find(({ kind }) => kind === 'customer');
  if (found === undefined) throw new Error('no customers');
  return found;
};
const row = (name: string, words: object): FlowMapping => {
  const flow = customer();
  return {
    ...flow,
    properties: flow.properties.map((p) => (p.name === name ? Property.parse({ ...p, ...words }) : p)),
  };
};
const FAX = Property.parse({ name: 'fax', customerp: 'fax', tidsbanken: 'Faks', type: 'phone' });
const NONE: FlowDiff = { entering: [], leaving: [], rewritten: [], redirected: [], words: [] };

describe('S5 what one mapping in the place of another changes', () => {
  it.each<[string, FlowMapping, Partial<FlowDiff>]>([
    ['nothing', customer(), {}],
    ['a new row', { ...customer(), properties: [...customer().properties, FAX] }, { entering: ['fax'] }],
    ['a row that is off', row('phone', { direction: 'off' }), { leaving: ['phone'] }],
    ['another field', row('phone', { tidsbanken: 'Telefaks' }), { rewritten: ['phone'] }],
    ['a conversion', row('city', { convert: { customerp: { read: 'value' } } }), { rewritten: ['city'] }],
    ['another group', row('mobile', { group: 'phones' }), { rewritten: ['mobile'] }],
    ['a direction', row('phone', { direction: 'toTidsbanken' }), { redirected: ['phone'] }],
    ['a value on create', row('phone', { onCreate: { tidsbanken: '+4722000001' } }), { redirected: ['phone'] }],
    ['fewer keys', { ...customer(), keys: [] }, { words: ['keys'] }],
    ['a filter', { ...customer(), filter: { customerp: [{ property: 'city', is: ['Oslo'] }] } }, { words: ['filter'] }],
  ])('%s', (_name, after, expected) => {
    const diff = flowDiff(customer(), after);
    expect(diff).toEqual({ ...NONE, ...expected });
    expect(isNoChange(diff)).toBe(Object.keys(expected).length === 0);
  });

  it('takes the base from the whole group of a row, and from no other', () => {
    const after = row('city', { maxLength: { tidsbanken: 5 } });
    expect([...rebasedProperties(flowDiff(customer(), after), customer(), after)].toSorted()).toEqual([
      'city',
      'postcode',
      'street',
      'street2',
    ]);
  });
});
