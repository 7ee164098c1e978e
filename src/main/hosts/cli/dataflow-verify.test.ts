import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';

/** 7.6 as a script sees it. */

let demo: Demo;
beforeAll(async () => {
  demo = await openDemo('--customers=6', '--employees=0', '--projects=0', '--overlap=1', '--differ=0', '--dirt=0');
  await demo.tidsbro('sync', '--approve', 'all');
}, 120_000);
afterAll(() => demo.close());

describe('dataflow verify', () => {
  it('verifies on a named record, by its id on either side, and checks its own report', async () => {
    const records = await demo.tidsbro('records', '--json', '--flow', 'customer-kunde');
    const { rows } = JSON.parse(records.stdout) as {
      rows: { side: string; nativeId: string; partnerId: string | null }[];
    };
    const kunde = rows.find(({ side, partnerId }) => side === 'tidsbanken' && partnerId !== null)?.nativeId ?? '';
    const out = join(demo.dir, 'report.json');
    const verified = await demo.tidsbro('dataflow', 'verify', '--record', `customer=${kunde}`, '--out', out);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(/customer-kunde: \d+ passed, 0 failed, \d+ not applicable\./);
    expect(await demo.tidsbro('dataflow', 'verify', '--check', out)).toMatchObject({ code: 0 });
    await writeFile(out, (await readFile(out, 'utf8')).replace('"passed"', '"failed"'));
    expect(await demo.tidsbro('dataflow', 'verify', '--check', out)).toMatchObject({ code: 1 });
    expect(await demo.tidsbro('dataflow', 'verify', '--restore')).toMatchObject({ code: 0 });
  }, 120_000);

  it.each([
    { what: 'no record', args: [], says: 'No record was named' },
    { what: 'a record that is not linked', args: ['--record', 'customer=nobody'], says: 'No record nobody' },
    { what: 'a kind that there is not', args: ['--record', 'supplier=1'], says: 'customer=10001' },
    { what: 'a linked record to create for', args: ['--create', 'customer=nobody'], says: 'without a counterpart' },
    { what: 'a report that is not there', args: ['--check', 'nowhere.json'], says: 'cannot be read' },
  ])('$what is refused, and nothing is written', async ({ args, says }) => {
    const ended = await demo.tidsbro('dataflow', 'verify', ...args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(says);
  });
});
