import { describe, expect, it } from 'vitest';
import { defaultMapping } from './default-mapping.ts';
import { Property, type FlowMapping } from './mapping.ts';
import { sensitiveRows } from './sensitive-rows.ts';

const employee = (): FlowMapping => {
  const flow = defaultMapping().find(({ kind }) => kind === 'employee');
  if (flow === undefined) throw new Error('no employees');
  return flow;
};
const withRow = (flow: FlowMapping, name: string, words: Partial<Property>): FlowMapping => {
  const old = flow.properties.find((row) => row.name === name) ?? {};
  const others = flow.properties.filter((row) => row.name !== name);
  return { ...flow, properties: [...others, Property.parse({ ...old, name, ...words })] };
};

describe('J1, 2.2 rows by which personal data would flow that did not so far', () => {
  it.each<[string, string, Partial<Property>, string | null]>([
    ['nothing is edited', 'nationalId', {}, null],
    ['a sensitive row is switched on', 'nationalId', { direction: 'both' }, 'compared'],
    ['it is switched on and no longer concealed', 'bankAccount', { direction: 'both', sensitive: false }, 'shown'],
    ['it is no longer concealed, and off', 'bankAccount', { sensitive: false }, null],
    [
      'another row reads its field',
      'account',
      { customerp: 'notes', tidsbanken: 'Lonnskonto', type: 'string' },
      'shown',
    ],
    [
      'it is one of several fields',
      'all',
      { customerp: 'notes', tidsbanken: 'Tittel + Lonnskonto', type: 'string' },
      'shown',
    ],
    ['another row goes another way', 'jobTitle', { direction: 'toTidsbanken' }, null],
  ])('%s', (_name, name, words, how) => {
    const usual = employee();
    const expected = how === null ? [] : [{ row: name, how }];
    expect(sensitiveRows(usual, withRow(usual, name, words), usual)).toEqual(expected);
  });

  it('what a person has confirmed is not asked about again', () => {
    const usual = employee();
    for (const words of [{ direction: 'both' }, { direction: 'both', sensitive: false }] as const) {
      const on = withRow(usual, 'bankAccount', words);
      expect(sensitiveRows(on, withRow(on, 'jobTitle', { direction: 'off' }), usual)).toEqual([]);
    }
  });

  it('a row that was concealed and is shown is asked about, on or not before', () => {
    const on = withRow(employee(), 'bankAccount', { direction: 'both' });
    expect(sensitiveRows(on, withRow(on, 'bankAccount', { sensitive: false }), employee())).toEqual([
      { row: 'bankAccount', how: 'shown' },
    ]);
  });
});
