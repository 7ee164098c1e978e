import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { LINK_OF_EITHER } from './links.ts';

it('I9: whether an end is linked is found by its id, not among all links of the kind', () => {
  const opened = openDatabase(':memory:');
  if (!opened.ok) throw new Error(opened.failure.what);
  const nobody = { kind: 'customer', customerp: 'c1', tidsbanken: '10001', ending: null };
  const plan = opened.value.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${LINK_OF_EITHER}`).all(nobody);
  expect(plan.map(({ detail }) => detail).filter((detail) => /links/.test(detail))).toEqual([
    expect.stringContaining('(kind=? AND customerp_id=?)'),
    expect.stringContaining('(kind=? AND tidsbanken_id=?)'),
  ]);
  opened.value.close();
});
