import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';
import { findBrowser } from './pdf.ts';

/** A document as it is handed over, up to the sync that goes by it. */

const EMPTY = join(import.meta.dirname, '../../dataflow/samples/empty-tables.rst');

let demo: Demo;
beforeAll(async () => {
  demo = await openDemo('--customers=6', '--employees=4', '--projects=4', '--overlap=1', '--differ=0', '--dirt=0');
}, 120_000);
afterAll(() => demo.close());

it('three pairs with empty tables become a workspace that works, and its successor has every table filled', async () => {
  expect(await demo.tidsbro('dataflow', 'import', EMPTY, '--write')).toMatchObject({ code: 0 });
  expect(await demo.tidsbro('mapping', 'lint')).toMatchObject({ code: 0 });
  expect((await demo.tidsbro('sync', '--approve', 'all')).code).not.toBe(1);
  for (const flow of ['customer-kunde', 'employee-ansatt', 'project-prosjekt']) {
    const records = await demo.tidsbro('records', '--json', '--flow', flow);
    const { rows } = JSON.parse(records.stdout) as { rows: { partnerId: string | null }[] };
    expect(rows.filter(({ partnerId }) => partnerId !== null).length).toBeGreaterThan(3);
  }
  const out = join(demo.dir, 'successor.rst');
  await demo.tidsbro('dataflow', 'export', '--out', out);
  const text = await readFile(out, 'utf8');
  for (const pair of [
    'Customer to Tidsbanken Kunde',
    'Employee to Tidsbanken Ansatt',
    'Project to Tidsbanken Prosjekt',
  ]) {
    const section = text.slice(text.indexOf(`Customerp ${pair}\n---`));
    expect(section.slice(0, section.indexOf('\n---', 80)).match(/"(string|boolean|integer)"/g)?.length).toBeGreaterThan(
      9,
    );
  }
}, 120_000);

it('what is broken is told with its line, and nothing of it is imported', async () => {
  const file = join(demo.dir, 'workspace.yaml');
  const before = await readFile(file, 'utf8');
  const bad = join(demo.dir, 'bad.rst');
  // The first section is sound; the second one's table is not.
  await writeFile(bad, `${await readFile(EMPTY, 'utf8')}\n+--+--+\n|a |b |\n`);
  const refused = await demo.tidsbro('dataflow', 'import', bad, '--write');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/line \d+, refused/);
  expect(refused.stdout).toContain('Nothing was imported.');
  expect(await readFile(file, 'utf8')).toBe(before);
}, 60_000);

it.skipIf(!findBrowser(process.env).ok)(
  'the document is printed by the browser that is installed',
  async () => {
    const out = join(demo.dir, 'document.pdf');
    expect(await demo.tidsbro('dataflow', 'export', '--format', 'pdf', '--language', 'nb', '--out', out)).toMatchObject(
      {
        code: 0,
      },
    );
    expect(existsSync(out)).toBe(true);
    expect((await readFile(out)).subarray(0, 5).toString()).toBe('%PDF-');
  },
  120_000,
);
