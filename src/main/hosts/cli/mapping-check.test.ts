import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';
import { EXIT } from './exit-codes.ts';

// Each line is a process of its own.
describe('mapping show, diff, check', { timeout: 60_000 }, () => {
  let demo: Demo;
  const other = (): string => join(demo.dir, 'other.yaml');
  beforeAll(async () => {
    demo = await openDemo('--customers', '20', '--employees', '8', '--projects', '12', '--seed', '3');
    const text = await readFile(join(demo.dir, 'workspace.yaml'), 'utf8');
    await writeFile(
      other(),
      text.replace(
        'customer-kunde:\n',
        'customer-kunde:\n    properties: { mobile: { direction: off }, city: { maxLength: { tidsbanken: 4 } } }\n',
      ),
    );
  }, 60_000);
  afterAll(() => demo.close());
  const customers = (...words: string[]) => demo.tidsbro('mapping', ...words, '--flow', 'customer-kunde');

  it('show tells every row, as it is set or left to the default', async () => {
    const { code, stdout } = await customers('show');
    expect(code).toBe(EXIT.done);
    expect(stdout).toMatch(/^postcode +address\.postalCode +Postnr +postcode +both +address$/m);
    const { flows } = z
      .object({
        flows: z.array(z.object({ flow: z.string(), mapping: z.object({ properties: z.array(z.unknown()) }) })),
      })
      .parse(JSON.parse((await customers('show', '--json')).stdout));
    expect(flows.map(({ flow, mapping }) => [flow, mapping.properties.length])).toEqual([['customer-kunde', 15]]);
  });

  it('before the first sync there is nothing to hold it against', async () => {
    expect((await customers('diff')).stdout).toContain('It was never read; all of it is new.');
    expect((await customers('check')).stdout).toContain('Nothing was read yet');
  });

  it('after a sync another file differs in its rows, and by how many records', async () => {
    await demo.tidsbro('sync', '--approve', 'all');
    expect((await customers('diff')).stdout).toContain('As at the last sync.');
    const { stdout } = await customers('diff', other());
    expect(stdout).toContain('Leaving: mobile.');
    expect(stdout).toContain('Rewritten: city.');
    const check = await customers('check', other());
    expect(check.code).toBe(EXIT.done);
    expect(check.stdout).toMatch(/city: \d+ pairs are compared anew/);
    expect(check.stdout).toMatch(/mobile: \d+ records have a value that is no longer read/);
  });

  it('a file that cannot be used is refused with its line', async () => {
    await writeFile(other(), (await readFile(other(), 'utf8')).replace('maxLength', 'maxLenght'));
    const { code, stderr } = await customers('check', other());
    expect(code).toBe(EXIT.failed);
    expect(stderr).toMatch(/line \d+: .*maxLenght/);
  });
});
