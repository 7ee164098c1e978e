import { describe, expect, it } from 'vitest';
import {
  BUCKETS,
  CHANGE_OPS,
  DIRECTIONS,
  FLOWS,
  LINK_STATES,
  MISMATCH_KINDS,
  RUN_MODES,
  RUN_STAGES,
  RUN_STATES,
  TAKES,
} from '../../shared/domain.ts';
import { en } from './en.ts';
import { nb } from './nb.ts';

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, under = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[under + key, value] as [string, string]] : flat(value, `${under}${key}.`),
  );
const PLURAL = /_(one|other)$/;
const english = new Map(flat(en));
const bokmal = new Map(flat(nb));
const keys = new Set([...english.keys()].map((key) => key.replace(PLURAL, '')));

const files = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const sources = Object.entries(files)
  .filter(([path]) => !/\.test\.|\/i18n\/|\/testing\//.test(path))
  .map(([, text]) => text)
  .join('\n');

const literals = new Set([...sources.matchAll(/'([\w.-]+)'/g)].map((found) => found[1] ?? ''));
const patterns = [...new Set([...sources.matchAll(/`([\w-]+\.[\w.${}()-]*)`/g)].map((found) => found[1] ?? ''))].map(
  (template) => new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[\\w-]+')}$`),
);
const asked = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map((found) => found[1] ?? '');

const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').toSorted();

/** The mapping that every workspace starts with, read as text: the window imports nothing of the engine. */
const mapping = Object.values(
  import.meta.glob<string>('../../main/mapping/default-mapping.ts', { query: '?raw', import: 'default', eager: true }),
).join('\n');
const mapped = [...new Set([...mapping.matchAll(/property\('(\w+)'/g)].map((found) => found[1] ?? ''))];
const groups = [...mapping.matchAll(/group: '(\w+)'/g)].map((found) => found[1] ?? '');

describe('words of records', () => {
  it('reads the mapping it judges', () => expect([mapped.length > 30, groups.length]).toEqual([true, 4]));

  it.each([...mapped.map((name) => `prop.${name}`), ...groups.map((name) => `group.${name}`)])(
    '%s of the default mapping has a name',
    (key) => expect(keys).toContain(key),
  );
});

describe('texts', () => {
  it('reads the sources it judges', () => {
    expect(asked.length).toBeGreaterThan(100);
    expect(patterns.length).toBeGreaterThan(10);
  });

  it.each(asked)('%s, asked for by a screen, is there', (key) => expect(keys).toContain(key));

  it('every text is asked for by some screen', () => {
    const unused = [...keys].filter((key) => !literals.has(key) && !patterns.some((pattern) => pattern.test(key)));
    expect(unused).toEqual([]);
  });

  it('Norwegian has the same keys, and the same places to fill in', () => {
    expect([...bokmal.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    const uneven = [...english].filter(
      ([key, text]) => JSON.stringify(holes(text)) !== JSON.stringify(holes(bokmal.get(key) ?? '')),
    );
    expect(uneven).toEqual([]);
  });

  /** Said of no noun, so one and many read alike. */
  const withoutNoun = new Set([
    'bulk.type',
    'problem.collect.shrunken.what',
    'problem.run.countDiffers.what',
    'problem.run.recordWithoutId.what',
    'rail.counted',
    'review.applyCount',
  ]);
  const counted = /\{\{(count|shown)\}\}/;
  /** A number by any other name, right before what is counted. */
  const manyOf =
    /\{\{(\w+)\}\} (approvals|changes|decisions|fields|links|mismatches|pairs|records|requests|runs|avgjørelser|endringer|forespørsler|koblinger|kjøringer|par|poster)\b/;

  it.each([
    ['English', english],
    ['bokmål', bokmal],
  ] as const)('%s: what counts something has a form for one and one for many', (_, texts) => {
    const counts = [...texts].filter(([key, text]) =>
      PLURAL.test(key) ? false : counted.test(text) || manyOf.test(text),
    );
    expect(counts.map(([key]) => key).filter((key) => !withoutNoun.has(key))).toEqual([]);
    const forms = [...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ''));
    expect(forms.filter((key) => !texts.has(`${key}_one`) || !texts.has(`${key}_other`))).toEqual([]);
  });

  it.each([
    ...MISMATCH_KINDS.flatMap((kind) => ['title', 'what', 'why', 'todo'].map((part) => `mismatch.${kind}.${part}`)),
    ...TAKES.flatMap((take) => [`take.${take}`, `takeDoes.${take}`]),
    ...FLOWS.flatMap((flow) => [`flow.${flow}`, `flowPair.${flow}`]),
    ...CHANGE_OPS.map((op) => `op.${op}`),
    ...RUN_STAGES.map((stage) => `stage.${stage}`),
    ...RUN_STATES.map((state) => `runState.${state}`),
    ...RUN_MODES.map((mode) => `runMode.${mode}`),
    ...BUCKETS.map((bucket) => `bucket.${bucket}`),
    ...LINK_STATES.map((state) => `linkState.${state}`),
    ...DIRECTIONS.map((direction) => `direction.${direction}`),
  ])('the word of the house %s has a text', (key) => expect(keys).toContain(key));
});
