import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSome, editSome } from './cases/edits.ts';
import { PLAN, Stage, SYNC } from './stage.ts';
import type { Counted } from './stage.ts';

/**
 * The part of the bench that a busy machine cannot falsify: how many requests and statements a sync needs. The limits
 * are what it needs today; who needs fewer lowers them.
 */

const SIZES = [1_000, 2_000] as const;
const EDITS = 20;
const KINDS = 4;

interface Slice {
  readonly adopt: Counted;
  readonly delta: Counted;
  readonly full: Counted;
  readonly edited: Counted;
  /** A plan after a record of each kind was made in Customerp, and another one got other keys. */
  readonly added: Counted;
}

const slices = new Map<number, Slice>();
const stages: Stage[] = [];

async function measure(size: number): Promise<Slice> {
  const stage = await Stage.open(size, null);
  stages.push(stage);
  const dir = await stage.cold();
  const adopt = await stage.counted(dir, SYNC);
  await stage.adoptAsLinked(dir);
  const delta = await stage.counted(dir, SYNC);
  const full = await stage.counted(dir, { ...SYNC, full: true });
  await editSome(stage.world, 'customerp', EDITS, 0, 'slice');
  const edited = await stage.counted(dir, SYNC);
  await addSome(stage.world, 'slice');
  await stage.product(dir, PLAN);
  await editSome(stage.world, 'customerp', EDITS, 0.5, 'slice');
  const added = await stage.counted(dir, PLAN);
  return { adopt, delta, full, edited, added };
}

const statementsOf = ({ statements }: Counted): number =>
  Object.values(statements.byStage).reduce((sum, calls) => sum + calls, 0);
const requestsOf = ({ methods }: Counted): number => Object.values(methods).reduce((sum, calls) => sum + calls, 0);
const slice = (size: number): Slice => {
  const found = slices.get(size);
  if (found === undefined) throw new Error(`Nothing was measured at ${String(size)} pairs.`);
  return found;
};

beforeAll(async () => {
  for (const size of SIZES) slices.set(size, await measure(size));
}, 240_000);
afterAll(async () => void (await Promise.all(stages.map((stage) => stage.close()))));

describe('requests and statements of a sync', () => {
  it('a sync without changes needs the same at any number of pairs (C1, T1)', () => {
    const [small, large] = SIZES.map((size) => slice(size).delta);
    expect(small && requestsOf(small)).toBe(large && requestsOf(large));
    expect(small && statementsOf(small)).toBe(large && statementsOf(large));
    expect(small?.statements.commits).toBe(large?.statements.commits);
  });

  it('no statement goes through a whole table', () => {
    const { delta, edited, added } = slice(SIZES[0]);
    for (const { statements } of [delta, edited, added]) expect(statements.scans).toEqual([]);
  });

  it('who is free is matched without a look at all that is linked (M2)', () => {
    const [small, large] = SIZES.map((size) => slice(size).added.statements);
    expect(small?.byStage['match'] ?? 0).toBeGreaterThan(0);
    expect((large?.rows ?? 0) - (small?.rows ?? 0)).toBeLessThan((SIZES[1] - SIZES[0]) / 100);
  });

  it('a sync without changes asks each system no more than a few times for each kind', () => {
    const { reads } = slice(SIZES[0]).delta;
    expect(reads.customerp.length).toBeLessThanOrEqual(1 + 2 * KINDS);
    expect(reads.tidsbanken.length).toBeLessThanOrEqual(1 + 3 * KINDS);
  });

  it('what was read and is as before is not judged again', () => {
    const { delta, full } = slice(SIZES[0]);
    for (const { statements } of [delta, full]) {
      expect(statements.byStage['match'] ?? 0).toBeLessThanOrEqual(LIMITS.quietMatch);
      expect(statements.byStage['reconcile'] ?? 0).toBeLessThanOrEqual(LIMITS.quietReconcile);
    }
  });

  it('adopting a pair takes a bounded number of statements, and commits are for pages, not for records', () => {
    const [small, large] = SIZES.map((size) => slice(size).adopt);
    const perPair = ((large && statementsOf(large)) ?? 0) - ((small && statementsOf(small)) ?? 0);
    expect(perPair / (SIZES[1] - SIZES[0])).toBeLessThanOrEqual(LIMITS.statementsPerPair);
    expect((large?.statements.commits ?? 0) - (small?.statements.commits ?? 0)).toBeLessThanOrEqual(
      LIMITS.commitsPerThousand,
    );
  });

  it('an update takes three requests: read, write, read (A2, A6, A8)', () => {
    const { edited, delta } = slice(SIZES[0]);
    expect(edited.methods['PUT']).toBe(EDITS);
    expect(requestsOf(edited) - requestsOf(delta)).toBe(3 * EDITS);
  });

  it('an update takes a bounded number of statements and commits', () => {
    const { edited, delta } = slice(SIZES[0]);
    expect((statementsOf(edited) - statementsOf(delta)) / EDITS).toBeLessThanOrEqual(LIMITS.statementsPerUpdate);
    expect((edited.statements.commits - delta.statements.commits) / EDITS).toBeLessThanOrEqual(LIMITS.commitsPerUpdate);
  });
});

const LIMITS = {
  quietMatch: 0,
  quietReconcile: 0,
  statementsPerPair: 4.1,
  commitsPerThousand: 3,
  // Those of the three plans of a run are in it, shared by 20 updates, and all that is linked is filed by its keys for the
  // first time; the update itself takes some 19.
  statementsPerUpdate: 32,
  // One for each of its four steps where a slow machine lets none of them meet another, and its share of the plans'.
  commitsPerUpdate: 5,
};
