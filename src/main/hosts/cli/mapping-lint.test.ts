import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';
import { EXIT } from './exit-codes.ts';
import { exitOfLint } from './mapping-lint.ts';

const Answer = z.object({
  flows: z.array(
    z.looseObject({
      flow: z.string(),
      records: z.object({ customerp: z.number(), tidsbanken: z.number() }),
      unread: z.array(z.string()),
      schemas: z.object({ customerp: z.string().nullable(), tidsbanken: z.string().nullable() }),
      checked: z.record(z.string(), z.number()),
      findings: z.array(
        z.looseObject({
          kind: z.string(),
          effect: z.string(),
          source: z.string(),
          property: z.string().optional(),
          count: z.number(),
          examples: z.array(z.unknown()),
        }),
      ),
    }),
  ),
});

it.each([
  ['nothing found', [], EXIT.done],
  ['something waits', ['waits'], EXIT.waits],
  ['something swings', ['loses', 'swings'], EXIT.waits],
  ['a flow cannot work', ['loses', 'stops'], EXIT.failed],
] as const)('%s', (_name, effects, code) => {
  const finding = {
    kind: 'cut',
    source: 'records',
    recordKind: 'customer',
    what: '',
    todo: '',
    facts: {},
    count: 0,
    examples: [],
  } as const;
  expect(exitOfLint([{ findings: effects.map((effect) => ({ ...finding, effect })) }])).toBe(code);
});

describe('mapping lint over the records of a demo', () => {
  let demo: Demo;
  let original: string;
  const file = (): string => join(demo.dir, 'workspace.yaml');
  beforeAll(async () => {
    demo = await openDemo('--customers', '20', '--employees', '8', '--projects', '12', '--seed', '3');
    original = await readFile(file(), 'utf8');
  }, 120_000);
  beforeEach(() => writeFile(file(), original));
  afterAll(() => demo.close());

  async function lint(rows: object | null) {
    const document = parseDocument(original);
    if (rows !== null) document.setIn(['flows', 'customer-kunde', 'properties'], rows);
    await writeFile(file(), document.toString());
    const { code, stdout } = await demo.tidsbro('mapping', 'lint', '--flow', 'customer-kunde', '--json');
    const [report] = Answer.parse(JSON.parse(stdout)).flows;
    if (report === undefined) throw new Error(stdout);
    return { code, ...report };
  }

  it('before anything was read it looks at the mapping only, and says so', async () => {
    expect(await lint(null)).toMatchObject({ unread: ['customerp', 'tidsbanken'], records: { customerp: 0 } });
  });

  it('finds six planted faults, each of another class, over what was read by the mapping in order', async () => {
    await demo.tidsbro('sync');
    const clean = await lint(null);
    expect(clean).toMatchObject({ unread: [] });
    expect(clean.records.customerp).toBeGreaterThan(0);
    expect(clean.checked['name']).toBeGreaterThan(20);

    const { code, findings } = await lint({
      website: { tidsbanken: 'Urll' },
      street2: { tidsbanken: 'Gateadresse' },
      city: { type: 'decimal' },
      name: { direction: 'toCustomerp' },
      street: { maxLength: { tidsbanken: 5 } },
      email: { convert: { tidsbanken: { read: 'value', write: 'value.upperAscii().replace("@", " at ")' } } },
    });
    expect(code).toBe(EXIT.failed);
    const told = findings.map(({ kind, property }) => `${String(property)}: ${kind}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'website: undeclaredField',
        'street2: fieldWrittenTwice',
        'city: unreadable',
        'name: requiredNotSent',
        'street: cut',
        'email: altered',
      ]),
    );
    const cut = findings.find(({ kind }) => kind === 'cut');
    expect(cut?.count).toBeGreaterThan(3);
    expect(cut?.examples).toHaveLength(3);
  });

  it('by what both systems themselves say of their fields, once they were asked, and each verdict with what it rests on', async () => {
    const asked = await demo.tidsbro('mapping', 'lint', '--ask', '--json');
    expect(asked.stderr).toContain('Customerp told what its fields are.');
    expect(asked.stderr).toContain('Tidsbanken told what its fields are.');
    const all = Answer.parse(JSON.parse(asked.stdout)).flows;
    expect(all.map(({ schemas }) => schemas)).toEqual(
      all.map(() => ({ customerp: 'OpenAPI', tidsbanken: '$metadata' })),
    );
    expect(all.flatMap(({ findings }) => findings.filter(({ source }) => source === 'schema'))).toEqual([]);

    // The descriptor declares the field, as some tenants have it; this one does not.
    const { code, findings } = await lint({
      agent: { customerp: 'externalReference', tidsbanken: 'Kundebehandler', type: 'string', clearable: false },
      city: { type: 'decimal' },
    });
    expect(code).toBe(EXIT.failed);
    expect(findings.map(({ kind, property, source }) => `${String(property)}: ${kind} (${source})`)).toEqual(
      expect.arrayContaining(['agent: notInSchema (schema)', 'city: unreadable (records)']),
    );
  });

  it('is read by people, too', async () => {
    await lint({ street: { maxLength: { tidsbanken: 5 } } });
    const { code, stdout } = await demo.tidsbro('mapping', 'lint', '--flow', 'customer-kunde');
    expect(code).toBe(EXIT.waits);
    expect(stdout).toMatch(
      /^- street, loses a part \(\d+ records\), by the records that were read: “Gateadresse” of Tidsbanken holds fewer characters/m,
    );
  });
});
