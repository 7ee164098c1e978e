import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDemo, run } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';

const KEY = { TIDSBRO_PASSPHRASE: 'en blå hest på tunet' };
let demo: Demo;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidsbro-cli-portable-'));
  demo = await openDemo('--customers=6', '--employees=1', '--projects=1', '--overlap=0.5', '--differ=0', '--dirt=0');
  await demo.tidsbro('plan');
}, 60_000);
afterAll(async () => {
  await demo.close();
  await rm(folder, { recursive: true, force: true });
});

const review = (...words: string[]) => run(['review', ...words, '--json'], KEY);
/** A failure and what stderr said of it. */
const refusal = ({ code, stderr }: { readonly code: number | null; readonly stderr: string }): string =>
  `${String(code)} ${stderr}`;

it('review export, open, return, merge: a plan goes out, and its decisions come back', async () => {
  const [plan, dir, back] = [join(folder, 'plan'), join(folder, 'review'), join(folder, 'back')];
  const unsaid = await run(['review', 'export', '--out', plan, '--workspace', demo.dir], { TIDSBRO_PASSPHRASE: '' });
  expect(refusal(unsaid)).toMatch(/^1 .*TIDSBRO_PASSPHRASE/s);
  expect(await review('export', '--out', plan, '--workspace', demo.dir)).toMatchObject({ code: 0 });
  expect(refusal(await review('open', plan, '--into', dir))).toMatch(/^1 .*--name/s);
  expect(await review('open', plan, '--into', dir, '--name', 'Kari Testesen')).toMatchObject({ code: 0 });
  expect(refusal(await run(['sync', '--workspace', dir]))).toMatch(/^1 .*opened review/s);
  const { total: count } = JSON.parse((await review('--kind', 'create', '--workspace', dir)).stdout) as {
    total: number;
  };
  expect(count).toBeGreaterThan(0);
  const number = ['--confirm-count', String(count)];
  const decided = await review('--kind', 'create', '--take', 'reject', ...number, '--workspace', dir);
  expect(JSON.parse(decided.stdout)).toEqual({ decided: count, refused: [] });
  expect(await review('return', '--out', back, '--workspace', dir)).toMatchObject({ code: 0 });
  const wrong = await run(['review', 'merge', back, '--workspace', demo.dir], {
    TIDSBRO_PASSPHRASE: 'en annen passfrase',
  });
  expect(refusal(wrong)).toMatch(/^1 .*passphrase does not fit/s);
  const merged = await review('merge', back, '--workspace', demo.dir);
  expect(merged.code).toBe(0);
  expect(JSON.parse(merged.stdout)).toMatchObject({ counts: { applied: count, stale: 0 }, notApplied: [] });
  expect(JSON.parse((await review('merge', back, '--workspace', demo.dir)).stdout)).toMatchObject({
    counts: { applied: 0, already: count },
  });
}, 300_000);
