import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MergeReport } from '../../../shared/contract/portable.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { AppService } from '../app-service.ts';
import { openApp } from '../open-app.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import { openReview } from './open-review.ts';

const PASSPHRASE = 'en blå hest på tunet';
const ALL = { offset: 0, limit: 500 };
const KARI = { account: 'kn', name: 'Kari Testesen' };

let home: AppOnSandbox;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidsbro-portable-'));
  home = await AppOnSandbox.start({
    seed: 7,
    counts: { customers: 12, employees: 4, projects: 4 },
    overlap: 1,
  } as never);
  await home.sync('all');
}, 60_000);
afterEach(async () => {
  await home.stop();
  await rm(folder, { recursive: true, force: true });
});

function valueOf<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}

/** Customers in step, edited so that a person must decide: on both sides (mismatch), or in a way that is reviewed. */
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

describe('a portable review', () => {
  it('looks around', async () => {
    const pairs = await home.linkedCustomers(3);
    console.log(
      pairs,
      (await home.app.changes({}, ALL)).total,
      (await home.app.mismatches({}, ALL)).rows.map((r) => r.kind),
    );
    for (const pair of pairs) await home.edit('customerp', 'customers', pair.customerpId, { name: 'Nytt navn AS' });
    await home.sync('none');
    console.log((await home.app.changes({}, ALL)).rows.map((r) => [r.label, r.summary, r.rail, r.state]));
    const file = await exported();
    console.log((await readFile(file)).length);
    const review = await opened(file);
    console.log(await review.overview(), (await review.changes({}, ALL)).rows.length);
    console.log(await review.decideChanges([(await review.changes({}, ALL)).rows[0]?.id ?? 0], 'approve'));
    const back = await returned(review);
    console.log(await merged(back), await merged(back));
    console.log((await home.app.changes({}, ALL)).rows.map((r) => [r.label, r.summary, r.rail, r.state]));
  });
});
