import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FlowCounts } from '../../../shared/contract/views.ts';
import { FLOWS, SIDES } from '../../../shared/domain.ts';
import { openDemo, run, start } from './cli.fixture.ts';
import type { Demo, Ended } from './cli.fixture.ts';
import { main } from './main.ts';

const SyncDocument = z.looseObject({
  run: z.number(),
  mode: z.enum(['preview', 'manual', 'auto']),
  flows: z.partialRecord(z.enum(FLOWS), FlowCounts),
  requests: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  seconds: z.number(),
});
const Items = z.object({
  total: z.number(),
  items: z.array(z.looseObject({ item: z.string(), kind: z.string(), label: z.string(), takes: z.array(z.string()) })),
});
const Written = z.array(z.looseObject({ origin: z.string() }));
const Records = z.array(z.looseObject({ id: z.string() }));

const sum = (pair: { customerp: number; tidsbanken: number }): number => pair.customerp + pair.tidsbanken;
const documentOf = <T extends z.ZodType>(schema: T, { stdout }: Ended): z.output<T> => schema.parse(JSON.parse(stdout));

async function door<T extends z.ZodType>(
  schema: T,
  url: string,
  path: string,
  init?: RequestInit,
): Promise<z.output<T>> {
  const reply = await fetch(`${url}/_sandbox/${path}`, init);
  if (!reply.ok) throw new Error(`${path}: ${String(reply.status)} ${await reply.text()}`);
  return schema.parse(await reply.json());
}

/** Writes that came through the systems' own APIs, so not by a person at the system. */
async function writes({ urls }: Demo): Promise<number> {
  const told = await Promise.all(SIDES.map((side) => door(Written, urls[side], 'history')));
  return told.flat().filter(({ origin }) => origin === 'api').length;
}

describe('a workspace on the sandbox', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await openDemo('--customers', '20', '--employees', '8', '--projects', '12', '--seed', '3');
  });
  afterAll(() => demo.close());

  it('is written commented, and doctor finds both systems in order', async () => {
    expect(await readFile(join(demo.dir, 'workspace.yaml'), 'utf8')).toMatch(/^#/);
    expect(await demo.tidsbro('doctor')).toMatchObject({ code: 0, stderr: '' });
  });

  it('I11 plan writes to neither system, and says that something waits', async () => {
    const planned = await demo.tidsbro('plan', '--json');
    expect(planned.code).toBe(2);
    expect(documentOf(SyncDocument, planned).mode).toBe('preview');
    expect(await writes(demo)).toBe(0);
  });

  it('I5 sync --approve all counts each record it read in exactly one bucket', async () => {
    const { flows, mode } = documentOf(
      SyncDocument,
      await demo.tidsbro('sync', '--approve', 'all', '--full', '--json'),
    );
    expect(mode).toBe('manual');
    const read = Object.entries(flows).map(([flow, counts]) => [flow, sum(counts.read)]);
    const inBuckets = Object.entries(flows).map(([flow, c]) => [
      flow,
      c.inStep + c.proposed + c.mismatches + c.skipped + c.failed,
    ]);
    expect(new Set(Object.keys(flows))).toEqual(new Set(FLOWS));
    expect(inBuckets).toEqual(read);
    expect(await writes(demo)).toBeGreaterThan(0);
  });

  it('I4, I1 the run after it proposes and writes nothing', async () => {
    const before = await writes(demo);
    const { flows } = documentOf(SyncDocument, await demo.tidsbro('sync', '--approve', 'all', '--full', '--json'));
    expect(await writes(demo)).toBe(before);
    for (const counts of Object.values(flows)) {
      expect(counts).toMatchObject({ proposed: 0, failed: 0 });
      expect(sum(counts.created) + sum(counts.updated)).toBe(0);
    }
  });

  it('review lists open items, and an item is decided without either system', async () => {
    const listed = documentOf(Items, await demo.tidsbro('review', '--kind', 'onlyInTidsbanken', '--json'));
    const [first] = listed.items;
    expect(first).toMatchObject({ kind: 'onlyInTidsbanken' });
    expect(first?.takes).toContain('ignore');
    const decided = await demo.tidsbro('review', '--item', first?.item ?? '', '--take', 'ignore', '--json');
    expect(JSON.parse(decided.stdout)).toEqual({ decided: 1, refused: [] });
    const left = documentOf(Items, await demo.tidsbro('review', '--kind', 'onlyInTidsbanken', '--json'));
    expect(left.total).toBe(listed.total - 1);
  });

  it('review --confirm-count with another number decides nothing (V3)', async () => {
    const { code, stderr } = await demo.tidsbro('review', '--all', '--take', 'later', '--confirm-count', '9999');
    expect(code).toBe(1);
    expect(stderr).toMatch(/This decision covers \d+ items\. Nothing was decided\./);
  });

  it.each([
    ['status', /customer-kunde/],
    ['mismatches', /Ways out/],
    ['records --find a --limit 3', /Counterpart/],
    ['runs', /manual/],
    ['journal --limit 5', /Event/],
  ])('%s prints a table', async (line, heads) => {
    const { code, stdout, stderr } = await demo.tidsbro(...line.split(' '));
    expect({ code, stderr }).toEqual({ code: code === 2 ? 2 : 0, stderr: '' });
    expect(stdout).toMatch(heads);
  });

  it('pause holds one pair still, resume lets it go on', async () => {
    const [customer] = await door(Records, demo.urls.customerp, 'records/customers?limit=1');
    const id = customer?.id ?? '';
    const paused = await demo.tidsbro('pause', 'customer-kunde', id, '--json');
    expect(paused).toMatchObject({ code: 0 });
    expect(JSON.parse(paused.stdout)).toMatchObject({ direction: 'off' });
    expect(await demo.tidsbro('resume', 'customer-kunde', id)).toMatchObject({ code: 0, stdout: `Resumed: ${id}.\n` });
  });

  it('backup writes a file', async () => {
    const file = join(demo.dir, 'backups', 'copy.db');
    expect(await demo.tidsbro('backup', file)).toMatchObject({ code: 0 });
    expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('sandbox on the same folder keeps the file and changes only the addresses', async () => {
    const path = join(demo.dir, 'workspace.yaml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('name: Demo', 'name: Kept # by the operator'));
    const again = start(['sandbox', '--workspace', demo.dir]);
    await again.firstLine;
    again.child.kill();
    expect((await again.ended).code).toBe(0);
    const text = await readFile(path, 'utf8');
    expect(text).toContain('name: Kept # by the operator');
    expect(text).not.toContain(demo.urls.customerp);
  });
});

describe('another run', () => {
  it('is told to wait with exit code 3, and the first one can be stopped', async () => {
    const demo = await openDemo('--customers', '200', '--latency', '500');
    try {
      await demo.tidsbro('status'); // The store exists before two processes meet on it.
      const first = start(['sync', '--workspace', demo.dir]);
      await untilRunning(demo);
      const second = await demo.tidsbro('sync', '--json');
      expect(second.code).toBe(3);
      expect(JSON.parse(second.stdout)).toMatchObject({ error: { kind: 'busy' } });
      first.child.kill('SIGINT');
      const { code, stderr } = await first.ended;
      expect(stderr).toContain('Finishing what is under way.');
      expect(code).toBe(1);
    } finally {
      await demo.close();
    }
  }, 60_000);
});

const Status = z.looseObject({ running: z.unknown(), recentRuns: z.array(z.looseObject({ state: z.string() })) });

async function untilRunning(demo: Demo): Promise<void> {
  for (;;) {
    const status = documentOf(Status, await demo.tidsbro('status', '--json'));
    if (status.recentRuns.some(({ state }) => state === 'running')) return;
  }
}

describe('the sandbox command', () => {
  it('ends with whoever started it, both systems with it', async () => {
    const demo = await openDemo('--customers', '3');
    demo.sandbox.kill('SIGKILL');
    // Killed without a word, it could tell nobody: the systems notice by themselves.
    await expect.poll(() => reachable(demo.urls.customerp), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => reachable(demo.urls.tidsbanken), { timeout: 10_000 }).toBe(false);
    await demo.close();
  });
  it('never points a workspace with real keys at itself', async () => {
    const demo = await openDemo('--customers', '3');
    const path = join(demo.dir, 'workspace.yaml');
    const real = (await readFile(path, 'utf8')).replace('demo-tb-key', 'env:TIDSBRO_TIDSBANKEN_TB_KEY');
    await writeFile(path, real);
    const refused = await demo.tidsbro('sandbox');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('is not a demo workspace');
    expect(await readFile(path, 'utf8')).toBe(real);
    await demo.close();
  });
});

const reachable = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** Nothing is started for a line that is refused, so no process of its own is needed to see it. */
async function inProcess(args: readonly string[]): Promise<Ended> {
  const told = { stdout: '', stderr: '' };
  const code = await main(args, {
    env: {},
    print: (text) => (told.stdout += `${text}\n`),
    say: (text) => (told.stderr += `${text}\n`),
    showProgress: () => undefined,
  });
  return { code, ...told };
}

describe('bad input is refused with one clear sentence and exit code 1', () => {
  const nowhere = join(import.meta.dirname, 'no-such-workspace');
  it.each<[string, RegExp]>([
    ['sync --approve everything', /'everything' is invalid\. Allowed choices are safe, all, none\./],
    ['sync --flow kunde', /'kunde' is invalid\. Allowed choices are department-avdeling, customer-kunde/],
    ['sync --aprove all', /Unknown option '--aprove' \(Did you mean --approve\?\)/],
    ['synk', /Unknown command 'synk'/],
    ['link customer-kunde 1', /Missing required argument 'tidsbanken-id'/],
    ['link kunde 1 2', /'kunde' is invalid/],
    ['records --limit 0', /It takes a whole number from 1 to 100000\./],
    ['serve --port 70000', /It takes a whole number from 0 to 65535\./],
    ['journal --run x', /It takes a whole number from 1\./],
    ['review --item 12', /An item is change:12 or mismatch:7\./],
    ['review --item change:1 --all', /cannot be used with option/],
    ['review --item change:1 --take maybe', /Allowed choices are approve, reject/],
    ['review --item mismatch:1 --take link:', /Only link takes an id: link:ID\./],
    ['review --all --take link:7', /link:ID decides one item\. Nothing was done\. Name it with --item,/],
    ['review --take approve', /--take needs to know what it decides\./],
    ['review --all --take approve --group address', /--group decides a part of one item\./],
    ['init', /init needs a preset\. Nothing was done\. Give --preset NAME; --list names them\./],
    ['init --preset sap', /There is no preset called “sap”\./],
    ['sandbox --customers many', /--customers takes a number from 0 to 2000000, not "many"\./],
    ['sandbox --overlap 2', /--overlap takes a number from 0 to 1, not "2"\./],
    ['status', /There is no workspace at .*no-such-workspace/],
  ])('%s', async (line, sentence) => {
    const { code, stdout, stderr } = await inProcess([...line.split(' '), '--workspace', nowhere]);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('with --json the problem is the one document on stdout', async () => {
    const { code, stdout } = await run(['sync', '--json', '--workspace', nowhere]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'workspaceMissing' } });
  });
});

it('--help and init --list end with 0', async () => {
  const help = await run(['--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Exit codes: 0 done and nothing waits');
  const listed = await run(['init', '--list']);
  expect(listed.code).toBe(0);
  expect(listed.stdout.split('\n')).toContain('customerp-rest');
});

it('an older Node is refused in words', async () => {
  const text = await readFile(join(import.meta.dirname, 'index.ts'), 'utf8');
  // The version is read before anything is imported that an older Node could not load.
  expect(text.indexOf('process.versions.node')).toBeLessThan(text.indexOf("import('./main.ts')"));
  expect(text.match(/^import .*$/gm)).toEqual(["import process from 'node:process';"]);
});
