import { expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { iso } from './times.ts';

it('tells a moment as toISOString does', () => {
  const chance = new Chance(3);
  const edges = [0, -1, 999, 86_399_999, 86_400_000, Date.UTC(2024, 1, 29, 23, 59, 59, 999), -86_400_001];
  const some = Array.from({ length: 2000 }, () => chance.between(-1e12, 4e12));
  for (const ms of [...edges, ...some]) expect(iso(ms)).toBe(new Date(ms).toISOString());
});
