import { describe, expect, it } from 'vitest';
import type { ChangeOp, GroupChange, Side } from '../../../shared/domain.ts';
import { RAIL_LIMITS, blocks, groupFactsOf, mayPass, timeDifference, trippedRails } from './rails.ts';
import type { ChangeFacts, CollectionFacts, RailApproval, RailFacts, TrippedRail } from './rails.ts';

const groupChange = (over: Partial<GroupChange>, index: number): GroupChange => ({
  group: `g${String(index)}`,
  row: 'R7',
  needs: 'auto',
  members: [{ property: 'p', expected: 'a', desired: 'b' }],
  fingerprint: '',
  approved: false,
  ...over,
});

/** `count` changes on links of their own; each touches a group of its own unless one is named. */
const changes = (
  count: number,
  op: ChangeOp,
  over: Partial<GroupChange> = {},
  target: Side = 'tidsbanken',
): ChangeFacts[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: 'customer',
    op,
    target,
    linkId: op === 'create' ? null : i,
    groups: [groupFactsOf(groupChange(over, i))],
    fingerprint: `f${String(i)}`,
  }));

const conflicts = (count: number): RailFacts['bothEdited'] =>
  Array.from({ length: count }, (_, i) => ({ linkId: i, fingerprint: `m${String(i)}` }));

const facts = (over: Partial<RailFacts>): RailFacts => ({
  kind: 'customer',
  links: 0,
  changes: [],
  bothEdited: [],
  collections: { customerp: null, tidsbanken: null },
  tenantAsBefore: { customerp: true, tidsbanken: true },
  timeDifferences: [],
  previewOnly: null,
  ...over,
});
const tripped = (over: Partial<RailFacts>): string[] =>
  trippedRails(facts(over)).map(
    ({ rail, op, side, count, limit }) => `${rail} ${op ?? side ?? '-'} ${String(count)}>${String(limit)}`,
  );

const clear: Partial<GroupChange> = { row: 'R9', members: [{ property: 'p', expected: 'a', desired: null }] };

describe('S1 mass change: at the limit and one above', () => {
  it.each<[string, number, number, (count: number) => Partial<RailFacts>]>([
    ['create', 0, 10, (n) => ({ changes: changes(n, 'create') })],
    ['create', 500, 50, (n) => ({ changes: changes(n, 'create') })],
    ['update', 100, 25, (n) => ({ changes: changes(n, 'update') })],
    ['update', 500, 100, (n) => ({ changes: changes(n, 'update') })],
    ['clear', 100, 5, (n) => ({ changes: changes(n, 'update', clear) })],
    ['clear', 500, 10, (n) => ({ changes: changes(n, 'update', clear) })],
    ['archive', 100, 3, (n) => ({ changes: changes(n, 'archive') })],
    ['archive', 500, 10, (n) => ({ changes: changes(n, 'archive') })],
    ['bothEdited', 100, 10, (n) => ({ bothEdited: conflicts(n) })],
    ['bothEdited', 500, 25, (n) => ({ bothEdited: conflicts(n) })],
    ['bothEdited', 100, 10, (n) => ({ changes: changes(n, 'update', { row: 'R12' }) })],
    ['group:name', 20, 10, (n) => ({ changes: changes(n, 'update', { group: 'name' }) })],
    ['group:name', 40, 20, (n) => ({ changes: changes(n, 'update', { group: 'name' }) })],
  ])('%s with %i links: %i', (op, links, limit, given) => {
    expect(tripped({ links, ...given(limit) })).toEqual([]);
    expect(tripped({ links, ...given(limit + 1) })).toEqual([`S1 ${op} ${String(limit + 1)}>${String(limit)}`]);
  });

  it.each([
    [4, 4, []],
    [5, 4, []],
    [5, 5, ['S1 everyLink 5>4']],
  ])('every link of a kind, from five on: %i links, %i touched', (links, touched, is) => {
    expect(tripped({ links, changes: changes(touched, 'update') })).toEqual(is);
  });

  it('counts each side by itself', () => {
    const both = [...changes(10, 'create', {}, 'customerp'), ...changes(10, 'create')];
    expect(tripped({ changes: both })).toEqual([]);
  });

  it('names the changes it counted', () => {
    const [rail] = trippedRails(facts({ changes: changes(11, 'create') }));
    expect(rail).toMatchObject({
      side: 'tidsbanken',
      fingerprints: changes(11, 'create')
        .map((c) => c.fingerprint)
        .toSorted(),
    });
  });
});

const seen = (over: Partial<CollectionFacts>): string[] =>
  tripped({
    collections: { customerp: { previous: null, now: 0, linked: 0, linkedSeen: 0, ...over }, tidsbanken: null },
  });

describe('S2 and S3: what a full collection shows', () => {
  it.each<[string, Partial<CollectionFacts>, string[]]>([
    ['S2 first collection', { now: 0 }, []],
    ['S2 nothing where there was nothing', { previous: 0 }, []],
    ['S2 nothing where there was one', { previous: 1 }, ['S2 customerp 1>10']],
    ['S2 ten fewer of twelve', { previous: 12, now: 2 }, []],
    ['S2 eleven fewer of twelve', { previous: 12, now: 1 }, ['S2 customerp 11>10']],
    ['S2 a fifth fewer', { previous: 100, now: 80 }, []],
    ['S2 more than a fifth fewer', { previous: 100, now: 79 }, ['S2 customerp 21>20']],
    ['S3 nine in ten linked ids are there', { linked: 110, linkedSeen: 99 }, []],
    ['S3 fewer than that', { linked: 110, linkedSeen: 98 }, ['S3 customerp 98>99']],
    ['S3 one gone of five', { linked: 5, linkedSeen: 4 }, []],
    ['S3 two gone of five', { linked: 5, linkedSeen: 3 }, []],
    ['S3 three gone of five', { linked: 5, linkedSeen: 2 }, ['S3 customerp 2>3']],
    ['S3 one gone of two', { linked: 2, linkedSeen: 1 }, []],
    ['S3 both gone of two', { linked: 2, linkedSeen: 0 }, ['S3 customerp 0>1']],
    ['S3 the only one gone', { linked: 1, linkedSeen: 0 }, ['S3 customerp 0>1']],
    ['S3 three gone of twenty', { linked: 20, linkedSeen: 17 }, ['S3 customerp 17>18']],
  ])('%s', (_name, given, is) => expect(seen(given)).toEqual(is));

  it('S3 another tenant', () => {
    expect(tripped({ tenantAsBefore: { customerp: true, tidsbanken: false } })).toEqual(['S3 tidsbanken 0>0']);
  });
});

it('an operator’s shares are taken as the decimals they wrote', () => {
  const odd = {
    ...RAIL_LIMITS,
    mass: { ...RAIL_LIMITS.mass, update: { count: 0, share: 0.29 } },
    linkedSeen: { share: 0.07, missing: 0 },
  };
  const collections = { customerp: { previous: null, now: 7, linked: 100, linkedSeen: 7 }, tidsbanken: null };
  expect(trippedRails(facts({ links: 100, changes: changes(29, 'update'), collections }), odd)).toEqual([]);
});

describe('S6, S7', () => {
  const DAY = 86_400_000;
  const shift = (...days: number[]): string[] =>
    tripped({ timeDifferences: days.map((d, i) => ({ offsetMs: d * DAY, fingerprint: `f${String(i)}` })) });
  it.each<[string, number[], string[]]>([
    ['four by one offset', [1, 1, 1, 1], []],
    ['five by one offset', [1, 1, 1, 1, 1], ['S6 - 5>4']],
    ['four in five by one offset', [1, 1, 1, 1, 9], ['S6 - 4>4']],
    ['three in five', [1, 1, 1, 8, 9], []],
  ])('S6 %s', (_name, days, is) => expect(shift(...days)).toEqual(is));
  it('S6 measures dates and times alike', () => {
    expect(timeDifference('2025-01-06', '2025-01-07')).toBe(DAY);
    expect(timeDifference('2025-01-06T10:00:00.000Z', '2025-01-06T09:00:00.000Z')).toBe(-3_600_000);
    expect([timeDifference(null, '2025-01-07'), timeDifference('2025-01-07', '2025-01-07')]).toEqual([null, null]);
  });

  it('S7 stops every write of the kind, and only where there is one', () => {
    expect(tripped({ previewOnly: 'all', changes: changes(1, 'create') })).toEqual(['S7 - 1>0']);
    expect(tripped({ previewOnly: 'all' })).toEqual([]);
  });
  it('S7 after a changed mapping stops what it touched, and lets the rest go', () => {
    const [touched, other, create] = [
      ...changes(1, 'update', { group: 'address' }),
      ...changes(1, 'update', { group: 'name' }),
      ...changes(1, 'create', { group: 'name' }),
    ];
    if (touched === undefined || other === undefined || create === undefined) throw new Error('three changes');
    const given = { changes: [touched, other, create] };
    const [byGroup] = trippedRails(facts({ ...given, previewOnly: { groups: ['address'], creates: false } }));
    expect([touched, other, create].map((c) => byGroup && blocks(byGroup, c))).toEqual([true, false, false]);
    const [byKeys] = trippedRails(facts({ ...given, previewOnly: { groups: [], creates: true } }));
    expect([touched, other, create].map((c) => byKeys && blocks(byKeys, c))).toEqual([false, false, true]);
    expect(tripped({ ...given, previewOnly: { groups: ['phone'], creates: false } })).toEqual([]);
  });
});

const rail = (id: TrippedRail['rail']): TrippedRail => ({
  rail: id,
  kind: 'customer',
  side: 'tidsbanken',
  op: 'create',
  count: 2,
  limit: 1,
  fingerprints: ['a', 'b'],
});
const typed = (count: number, fingerprints: string[]): RailApproval => ({ how: 'typedCount', count, fingerprints });

const AN_UPDATE = { op: 'update', groups: [] } as const;

describe('passing a rail (section 13)', () => {
  it.each<[string, TrippedRail['rail'], RailApproval, boolean]>([
    ['S1 by the typed count', 'S1', typed(2, ['a', 'b']), true],
    ['S1 not by another count', 'S1', typed(3, ['a', 'b']), false],
    ['S1 not for other rows', 'S1', typed(2, ['a', 'c']), false],
    ['S1 by --approve all', 'S1', { how: 'typedAll', fingerprints: ['a', 'b', 'c'] }, true],
    ['S1 not by --approve all of another plan', 'S1', { how: 'typedAll', fingerprints: ['a'] }, false],
    ['S1 not by itself', 'S1', { how: 'none' }, false],
    ['S7 by --approve all', 'S7', { how: 'typedAll', fingerprints: ['a', 'b'] }, true],
    ['S2 never', 'S2', { how: 'typedAll', fingerprints: ['a', 'b'] }, false],
    ['S3 never', 'S3', typed(2, ['a', 'b']), false],
    ['S6 never', 'S6', { how: 'typedAll', fingerprints: ['a', 'b'] }, false],
  ])('%s', (_name, id, approval, is) => expect(mayPass(rail(id), approval)).toBe(is));

  it('S1 stops its direction, the others the whole kind', () => {
    expect(blocks(rail('S1'), { kind: 'customer', target: 'tidsbanken', ...AN_UPDATE })).toBe(true);
    expect(blocks(rail('S1'), { kind: 'customer', target: 'customerp', ...AN_UPDATE })).toBe(false);
    expect(blocks(rail('S2'), { kind: 'customer', target: 'customerp', ...AN_UPDATE })).toBe(true);
    expect(blocks(rail('S2'), { kind: 'project', target: 'tidsbanken', ...AN_UPDATE })).toBe(false);
  });
});
