import { describe, expect, it } from 'vitest';
import { UnderWay } from './under-way.ts';

const TWO = { customerp: 2, tidsbanken: 2 };

type Change = Parameters<UnderWay['begin']>[0];

const change = (id: number, about: Partial<Change> = {}): Change => ({
  id,
  kind: 'customer',
  op: 'update',
  target: 'tidsbanken',
  linkId: id,
  ...about,
});

/** Begins a change that goes on until it is told to end. */
function begin(underWay: UnderWay, about: Change): { end: () => void; fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  underWay.begin(about, () => promise);
  return { end: resolve, fail: reject };
}

async function isFree(underWay: UnderWay, about: Change): Promise<boolean> {
  const room = underWay.roomFor(about).then(() => true);
  return Promise.race([room, Promise.resolve().then(() => Promise.resolve(false))]);
}

describe('section 7: what may be written at the same time', () => {
  it.each([
    { what: 'another record of its kind', next: change(2), free: true },
    { what: 'the other side of the same pair', next: change(2, { target: 'customerp', linkId: 1 }), free: false },
    { what: 'a record of another kind (O1)', next: change(2, { kind: 'project' }), free: false },
    { what: 'another operation (O1)', next: change(2, { op: 'create' }), free: false },
    { what: 'a record of the other system', next: change(2, { target: 'customerp' }), free: true },
  ])('$what: $free', async ({ next, free }) => {
    const underWay = new UnderWay(TWO);
    begin(underWay, change(1));
    expect(await isFree(underWay, next)).toBe(free);
  });

  it('creates have no pair yet, and may go together', async () => {
    const underWay = new UnderWay(TWO);
    begin(underWay, change(1, { op: 'create', linkId: null }));
    expect(await isFree(underWay, change(2, { op: 'create', linkId: null }))).toBe(true);
  });

  it('so many per system, and the next when one has ended', async () => {
    const underWay = new UnderWay(TWO);
    const first = begin(underWay, change(1));
    begin(underWay, change(2));
    expect(await isFree(underWay, change(3))).toBe(false);
    expect(await isFree(underWay, change(3, { target: 'customerp' }))).toBe(true);
    const room = underWay.roomFor(change(3));
    first.end();
    await room;
    expect(underWay.size).toBe(1);
  });

  it('what throws is told at the end, when all others have ended', async () => {
    const underWay = new UnderWay(TWO);
    const [first, second] = [begin(underWay, change(1)), begin(underWay, change(2))];
    first.fail(new Error('the disk is full'));
    const end = underWay.end();
    second.end();
    await expect(end).rejects.toThrow('the disk is full');
    expect([underWay.hasFailed, underWay.size]).toEqual([true, 0]);
  });
});
