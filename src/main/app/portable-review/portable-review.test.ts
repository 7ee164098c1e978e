import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MergeReport } from '../../../shared/contract/portable.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { AppService } from '../app-service.ts';
import { openApp } from '../open-app.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import { openReview } from './open-review.ts';

const PASSPHRASE = 'en blå hest på tunet';
const ALL = { offset: 0, limit: 500 };
const KARI = { account: 'kn', name: 'Kari Testesen' };
const NOTHING = { applied: 0, already: 0, stale: 0, unknown: 0, notAllowed: 0 };

let home: AppOnSandbox;
let folder: string;
let pairs: { customerpId: string; tidsbankenId: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidsbro-portable-'));
  home = await AppOnSandbox.start({
    customers: 60,
    employees: 2,
    projects: 2,
    overlap: 1,
    differ: 0,
    dirt: 0,
    seed: 5,
  });
  await home.sync('all');
  pairs = await home.linkedCustomers(60);
}, 120_000);
afterAll(async () => {
  await home.stop();
  await rm(folder, { recursive: true, force: true });
});

function valueOf<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}
const problemOf = (result: Result<unknown, Problem>): string => (result.ok ? 'no problem' : result.failure.kind);

async function exported(): Promise<string> {
  const file = join(folder, `${randomUUID()}.plan`);
  valueOf(await home.app.portable.write(file, PASSPHRASE));
  return file;
}

async function opened(file: string): Promise<AppService> {
  const dir = join(folder, randomUUID());
  valueOf(await openReview({ file, passphrase: PASSPHRASE, dir, reviewer: KARI, anew: false }));
  return valueOf(await openApp({ workspaceDir: dir, env: {}, person: 'kn' }));
}

async function returned(review: AppService): Promise<string> {
  const file = join(folder, `${randomUUID()}.decisions`);
  valueOf(await review.portable.write(file, PASSPHRASE));
  await review.close();
  return file;
}

const merged = async (file: string, count?: number): Promise<MergeReport> =>
  valueOf(await home.app.portable.merge(file, PASSPHRASE, count));

/** An edit in Customerp of these customers, planned and not approved; each test uses its own. */
async function edited(from: number, to: number, email: (at: number) => string): Promise<string[]> {
  const some = pairs.slice(from, to);
  for (const [at, { customerpId }] of some.entries())
    await home.edit('customerp', 'customers', customerpId, { email: email(at) });
  await home.run({ do: 'plan', approve: 'none' });
  return some.map(({ customerpId }) => customerpId);
}

const changeOf = async (app: AppService, customerpId: string) =>
  (await app.changes({}, ALL)).rows.find((row) => row.customerpId === customerpId);

async function decide(app: AppService, customerpId: string, take: 'approve' | 'reject'): Promise<void> {
  const change = await changeOf(app, customerpId);
  expect(await app.decideChanges([change?.id ?? 0], take)).toEqual({ decided: 1, refused: [] });
}

describe('a portable review', () => {
  it('shows what waits as it is shown at home, and can sync, apply, audit and link nothing', async () => {
    await edited(0, 2, (at) => `vises${String(at)}@eksempel.example`);
    const review = await opened(await exported());
    const [here, there] = [await home.app.changes({}, ALL), await review.changes({}, ALL)];
    expect(there).toEqual(here);
    const id = here.rows[0]?.id ?? 0;
    expect(await review.change(id)).toEqual(await home.app.change(id));
    expect(await review.bulkSummary({})).toEqual(await home.app.bulkSummary({}));
    expect((await review.mismatches({}, ALL)).total).toBe((await home.app.mismatches({}, ALL)).total);
    expect((await review.overview()).review).toMatchObject({ from: 'Demo', person: 'Kari Testesen (kn)' });
    const refused = [
      await review.startRun({ do: 'sync', approve: 'all' }),
      await review.startRun({ do: 'apply', approve: 'none' }),
      await review.audit({ limit: 1 }),
      await review.link('customer-kunde', 'c1', '1'),
      await review.portable.merge(folder, PASSPHRASE),
    ];
    expect(refused.map(problemOf)).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
    await review.close();
  });

  it('V1: what is decided there is carried out at home as the reviewer, once, and journaled with the computer', async () => {
    const [yes = '', no = ''] = await edited(2, 4, (at) => `ut${String(at)}@eksempel.example`);
    const review = await opened(await exported());
    await decide(review, yes, 'approve');
    await decide(review, no, 'reject');
    const back = await returned(review);
    const report = await merged(back);
    expect(report).toMatchObject({ person: 'Kari Testesen (kn)', counts: { ...NOTHING, applied: 2 }, needCount: 0 });
    const change = await changeOf(home.app, yes);
    expect(valueOf(await home.app.change(change?.id ?? 0))).toMatchObject({
      state: 'approved',
      approvedBy: 'Kari Testesen (kn)',
    });
    expect(await changeOf(home.app, no)).toBeUndefined();
    const story = await home.app.journal({ item: yes, events: ['broughtBack'] }, ALL);
    expect(story.rows).toMatchObject([
      {
        detail: {
          person: 'Kari Testesen (kn)',
          broughtBackBy: 'kari',
          installation: report.installation,
          take: 'approve',
        },
      },
    ]);
    expect((await merged(back)).counts).toEqual({ ...NOTHING, already: 2 });
    await home.run({ do: 'apply', approve: 'none' });
    const { tidsbankenId = '' } = pairs.find(({ customerpId }) => customerpId === yes) ?? {};
    expect(await home.record('tidsbanken', 'Kunde', tidsbankenId)).toMatchObject({ Epost: 'ut0@eksempel.example' });
    expect((await merged(back)).counts).toEqual({ ...NOTHING, already: 2 });
  });

  it('V1, S4: what has changed since is set aside and explained; what was decided here stands', async () => {
    const [moved = '', decided = '', same = ''] = await edited(4, 7, (at) => `flytt${String(at)}@eksempel.example`);
    const review = await opened(await exported());
    for (const id of [moved, decided, same]) await decide(review, id, 'approve');
    const back = await returned(review);
    await home.edit('customerp', 'customers', moved, { email: 'annet@eksempel.example' });
    await home.run({ do: 'plan', approve: 'none' });
    await decide(home.app, decided, 'reject');
    const { review: id, counts } = await merged(back);
    expect(counts).toEqual({ ...NOTHING, applied: 1, stale: 1, already: 1 });
    const outcomes = await home.app.portable.outcomes(id, undefined, ALL);
    expect(outcomes.rows.map(({ outcome, why }) => `${outcome} ${why ?? ''}`).toSorted()).toEqual([
      'already rejectedHere',
      'applied ',
      'stale differs',
    ]);
    expect(await changeOf(home.app, moved)).toMatchObject({ state: 'planned' });
  });

  it('V1: an approval is used once, even when the very same change is proposed again', async () => {
    const [id = ''] = await edited(7, 8, () => 'en-gang@eksempel.example');
    const review = await opened(await exported());
    await decide(review, id, 'approve');
    const back = await returned(review);
    await merged(back);
    // The write is refused, and the next plan proposes the very same change.
    const fault = { kind: 'status', status: 400 };
    await home.faults('tidsbanken', [
      { method: 'PUT', fault },
      { method: 'PATCH', fault },
    ]);
    await home.run({ do: 'apply', approve: 'none' });
    await home.faults('tidsbanken', []);
    await home.run({ do: 'plan', approve: 'none' });
    expect(await changeOf(home.app, id)).toMatchObject({ state: 'planned' });
    const again = await merged(back);
    expect(again.counts).toEqual({ ...NOTHING, already: 1 });
    expect((await home.app.portable.outcomes(again.review, 'already', ALL)).rows).toMatchObject([
      { why: 'broughtBackBefore' },
    ]);
    expect(await changeOf(home.app, id)).toMatchObject({ state: 'planned' });
    await decide(home.app, id, 'reject');
  });

  it('D5: a mismatch decided there becomes the write it would be at home', async () => {
    const { customerpId, tidsbankenId } = pairs[8] ?? { customerpId: '', tidsbankenId: '' };
    await home.edit('customerp', 'customers', customerpId, { email: 'c@eksempel.example' });
    await home.edit('tidsbanken', 'Kunde', tidsbankenId, { Epost: 't@eksempel.example' });
    await home.run({ do: 'plan', approve: 'none' });
    const review = await opened(await exported());
    const { rows } = await review.mismatches({ kind: 'bothEdited' }, ALL);
    expect(await review.decideMismatches([rows[0]?.id ?? 0], { take: 'tidsbanken' })).toEqual({
      decided: 1,
      refused: [],
    });
    expect((await review.mismatches({ kind: 'bothEdited' }, ALL)).total).toBe(0);
    expect((await merged(await returned(review))).counts).toEqual({ ...NOTHING, applied: 1 });
    expect(await changeOf(home.app, customerpId)).toMatchObject({ state: 'approved', target: 'customerp' });
  });

  it('S1: what a mass change is held for is let go by a number typed at home, and by no other', async () => {
    await edited(10, 50, (at) => `masse${String(at)}@eksempel.example`);
    const review = await opened(await exported());
    const { total, rails } = await review.bulkSummary({});
    expect(rails).toContainEqual(expect.stringMatching(/^S1/));
    const held = (await review.changes({}, ALL)).rows.filter(({ rail }) => rail !== null);
    expect(
      await review.decideChanges(
        held.slice(0, 2).map(({ id }) => id),
        'approve',
      ),
    ).toMatchObject({ decided: 0 });
    valueOf(await review.decideAllChanges({ show: 'open' }, 'approve', total));
    const back = await returned(review);
    const first = await merged(back);
    expect([first.needCount, first.counts.notAllowed]).toEqual([held.length, held.length]);
    expect(problemOf(await home.app.portable.merge(back, PASSPHRASE, held.length - 1))).toBe('countDiffers');
    const second = await merged(back, held.length);
    expect([second.counts.applied, second.needCount]).toEqual([held.length, 0]);
  });

  it('a file of another workspace is refused, and so is a plan in the place of decisions', async () => {
    const plan = await exported();
    const back = await returned(await opened(plan));
    const other = await AppOnSandbox.start({ customers: 2, employees: 0, projects: 0, overlap: 1 });
    expect(problemOf(await other.app.portable.merge(back, PASSPHRASE))).toBe('otherWorkspace');
    await other.stop();
    expect(problemOf(await home.app.portable.merge(plan, PASSPHRASE))).toBe('holdsPlan');
    const dir = join(folder, randomUUID());
    const open = { passphrase: PASSPHRASE, dir, reviewer: KARI, anew: false };
    expect(problemOf(await openReview({ ...open, file: back }))).toBe('holdsDecisions');
    expect(problemOf(await openReview({ ...open, file: plan, reviewer: { account: 'kn', name: 'rule:safe' } }))).toBe(
      'noReviewer',
    );
    expect(problemOf(await home.app.portable.write(join(folder, 'kort'), 'for kort'))).toBe('weakPassphrase');
  });

  it('a damaged file opens nothing and leaves nothing behind; a folder with decisions is not replaced unasked', async () => {
    const plan = await exported();
    const bytes = await readFile(plan);
    const bad = join(folder, 'bad.plan');
    await writeFile(bad, bytes.subarray(0, bytes.length - 10));
    const dir = join(folder, randomUUID());
    const open = { passphrase: PASSPHRASE, dir, reviewer: KARI, anew: false };
    expect(problemOf(await openReview({ ...open, file: bad }))).toBe('damagedReview');
    expect(problemOf(await openReview({ ...open, file: plan }))).toBe('no problem');
    expect(problemOf(await openReview({ ...open, file: plan }))).toBe('reviewOpenAlready');
    expect(problemOf(await openReview({ ...open, file: plan, anew: true }))).toBe('no problem');
    expect(problemOf(await openReview({ ...open, dir: home.dir, file: plan }))).toBe('folderInUse');
  });
});
