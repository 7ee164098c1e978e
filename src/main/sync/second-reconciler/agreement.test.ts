import { describe, expect, it } from 'vitest';
import { RULE_ROWS } from '../../../shared/domain.ts';
import { groupsAgree, pairsAgree } from './agreement.suite.ts';

const ROWS = [...RULE_ROWS].toSorted();

describe('two reconcilers, written apart from the same text, agree', () => {
  it('5.1 on every row of the table, for one group', () => {
    expect([...groupsAgree({ runs: 20_000, seed: 51 }).keys()].toSorted()).toEqual(ROWS);
  });

  it('2, 5, O2, D6, W3 on whole pairs', { timeout: 90_000 }, () => {
    expect([...pairsAgree({ runs: 20_000, seed: 52 }).keys()].toSorted()).toEqual(ROWS);
  });
});
