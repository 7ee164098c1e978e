import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../mutants.ts';
import { ABILITIES, CREATE_FAULTS, SINGLES, randomCase } from './create-case.ts';
import type { CreateCase, CreateFault } from './create-case.ts';
import { COUNTERS, playFamily } from './create-families.ts';
import type { FailingCreate } from './create-families.ts';
import { runCreate } from './create-run.ts';

/** A slice of the crash runs of creates that `npm run test:deep` plays in full (7.2, section 10, I3, I8, I16). */

const SLICE_MS = 300_000;

const given = (naming: string, more: Partial<CreateCase>): CreateCase => {
  const abilities = ABILITIES.find((a) => a.naming === naming && a.filter && a.onExisting === 'rejects');
  if (abilities === undefined) throw new Error(`There is no ${naming}.`);
  return { kind: 'customer', abilities, faults: [], crashes: [], meanwhile: 'nothing', wait: true, ...more };
};

describe('a create is taken through its protocol', () => {
  it.each(['chosenId', 'marker', 'both', 'neither'] as const)(
    'with a crash at every point, on a system that names it by %s',
    async (naming) => {
      const family = SINGLES.find(
        ({ case: { abilities, faults } }) => abilities.naming === naming && faults[0] === 'unknownActedLate',
      );
      if (family === undefined) throw new Error(`There is no family of ${naming}.`);
      const points = new Set<string>();
      await playFamily(family, COUNTERS, (one, run) => {
        expect(run.broken, `${JSON.stringify(one)}\n${run.story.join('\n')}`).toEqual([]);
        for (const [point] of run.marks.of('create crash:')) points.add(point);
      });
      for (const step of ['preparing', 'sending', 'unknown'])
        for (const when of ['before', 'after']) expect(points).toContain(`changes.advance:${step} ${when}`);
    },
    SLICE_MS,
  );

  it.each(Object.keys(CREATE_FAULTS) as CreateFault[])(
    'through %s, on every kind of system',
    async (fault) => {
      for (const family of SINGLES.filter(({ case: { faults } }) => faults[0] === fault).filter(
        (_, n) => n % 2 === 0,
      )) {
        const { broken, story } = await runCreate({ ...family.case, crashes: [] });
        expect(broken, `${JSON.stringify(family.case)}\n${story.join('\n')}`).toEqual([]);
      }
    },
    SLICE_MS,
  );

  it(
    'with anything together',
    async () => {
      for (let seed = 1; seed <= 100; seed++) {
        const { broken, story } = await runCreate(randomCase(seed));
        expect(broken, `seed ${String(seed)}\n${story.join('\n')}`).toEqual([]);
      }
    },
    SLICE_MS,
  );
});

/** A judge that lets these pass is worth nothing. */
describe('the judge of creates sees', () => {
  const late = { faults: ['unknownActedLate'] } as const;
  const untilUnknown = { counts: 'changes.advance:unknown', nth: 1, when: 'after' } as const;
  const untilSent = { counts: 'tidsbanken.create', nth: 1, when: 'after' } as const;
  /** A run that comes to its end, before the late one has landed. */
  const never = { counts: 'requests', nth: 1_000, when: 'after' } as const;
  it.each([
    {
      rule: '7.4',
      mutant: 'no wait for late commits (7.4)',
      naming: 'chosenId',
      more: { ...late, crashes: [untilUnknown, never] },
    },
    {
      rule: '7.4',
      mutant: 'an unknown outcome is simply sent again (7.4)',
      naming: 'neither',
      more: { faults: ['unknownActed'] },
    },
    { rule: 'I8', mutant: '`sending` is noted after the request (A5)', naming: 'marker', more: {} },
    { rule: 'I8', mutant: 'the journal is not kept (J1)', naming: 'chosenId', more: {} },
    {
      rule: '7.4',
      mutant: 'recovery takes what was under way for not sent (Z5)',
      naming: 'chosenId',
      more: { ...late, crashes: [untilSent, never] },
    },
  ] as const)('$mutant', async ({ rule, mutant, naming, more }) => {
    const { broken } = await runCreate(given(naming, more), MUTANTS[mutant]);
    expect(broken.map((b) => b.rule)).toContain(rule);
  });
});

const FOLDER = join(import.meta.dirname, '../regressions/creates');
const kept = (existsSync(FOLDER) ? readdirSync(FOLDER) : []).map((name) => ({
  name,
  failing: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as FailingCreate,
}));

it(
  'no create that once went wrong does so again',
  async () => {
    for (const { name, failing } of kept) {
      const { broken, story } = await runCreate(failing.case);
      expect(broken, `${name}: ${failing.rule}, ${failing.note}\n${story.join('\n')}`).toEqual([]);
    }
  },
  SLICE_MS,
);
