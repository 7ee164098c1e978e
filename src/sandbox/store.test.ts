import { expect, it } from 'vitest';
import { Chance } from './seed/chance.ts';
import { Store, type Row } from './store.ts';

const row = (key: string, at: number | null, group = ''): Row => ({ key, at, data: { key, group } });

it('after any writes, every index tells what a plain scan would', () => {
  const chance = new Chance(7);
  const store = new Store();
  store.load(Array.from({ length: 300 }, (_, n) => row(`k${n}`, chance.below(1000), `g${n % 5}`)));
  for (let n = 0; n < 4000; n++) {
    const key = `k${chance.below(400)}`;
    if (chance.is(0.2)) store.remove(key);
    else store.put(row(key, chance.is(0.1) ? null : chance.below(1000), `g${chance.below(5)}`));
    if (n % 400 !== 0) continue;
    const all = [...store.all()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect([...store.inOrder()]).toEqual(all);
    expect(store.changedSince(500)).toEqual(all.filter(({ at }) => at !== null && at >= 500));
    expect(store.having('group', 'g3')).toEqual(all.filter(({ data }) => data['group'] === 'g3'));
    expect(store.slice(store.position('k2'), 3)).toEqual(all.filter(({ key: k }) => String(k) >= 'k2').slice(0, 3));
  }
});

it('a remembered result ends with the next write', () => {
  const store = new Store();
  store.load([row('a', 1)]);
  expect(store.changedSince(0)).toHaveLength(1);
  store.put(row('b', 2));
  expect(store.changedSince(0)).toHaveLength(2);
});

it('a row that is saved unchanged is still listed once', () => {
  const store = new Store();
  const same = row('a', 1);
  store.load([same]);
  store.put(same);
  expect(store.changedSince(0)).toEqual([same]);
});

it('number keys stand in the order of numbers', () => {
  const store = new Store();
  store.load([10, 9, 100].map((key) => ({ key, at: null, data: {} })));
  store.put({ key: 11, at: null, data: {} });
  expect([...store.inOrder()].map(({ key }) => key)).toEqual([9, 10, 11, 100]);
});
