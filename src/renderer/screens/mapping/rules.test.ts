import { describe, expect, it } from 'vitest';
import { draftRules, ruleEdits, testOf, TESTS, valuesOf, withTest } from './rules.ts';
import type { Rules } from './rules.ts';

const now: Rules = {
  keys: [{ name: 'number', properties: ['number'], strength: 'strong', placeholders: [] }],
  create: {
    customerp: { rule: 'never', referredToBy: [], numbers: null },
    tidsbanken: { rule: 'every', referredToBy: [], numbers: null },
  },
  filter: { customerp: [], tidsbanken: [] },
};

describe('the rules of a flow as they are edited', () => {
  it('what stays as it is, is no edit; what is only begun is none either', () => {
    expect(ruleEdits(now, now)).toEqual({});
    const begun: Rules = {
      ...now,
      keys: [...now.keys, { name: 'key2', properties: [], strength: 'weak', placeholders: [] }],
      filter: { customerp: [{ is: [] }, { property: 'city', is: [] }, { is: ['Oslo'] }], tidsbanken: [] },
    };
    expect(ruleEdits(now, begun)).toEqual({});
  });

  it('only the word that changed is edited, and shows', () => {
    const tidsbanken: Rules['create']['tidsbanken'] = {
      rule: 'ifReferredTo',
      referredToBy: ['project'],
      numbers: { from: 900, to: 999 },
    };
    const create = { ...now.create, tidsbanken };
    const edits = ruleEdits(now, { ...now, create: { ...create, tidsbanken: { ...tidsbanken } } });
    expect(edits).toEqual({ create });
    expect(draftRules(now, edits)).toEqual({ ...now, create });
  });

  it.each(TESTS)('a condition is %s, whatever it was before, and keeps what it is about', (test) => {
    const condition = withTest({ field: 'Type', startsWith: ['a'] }, test, ['b']);
    expect(testOf(condition)).toBe(test);
    expect(condition.field).toBe('Type');
    expect(valuesOf(condition)).toEqual(test === 'isEmpty' || test === 'isFilled' ? [] : ['b']);
  });
});
