import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Condition, Conversion, CreationRule, Filter, FlowMapping, MatchKey, Property } from '../mapping/mapping.ts';
import { context, exportAs } from './dataflow.fixture.ts';
import { anyFlows } from './flow.arbitrary.ts';
import { importDataflow } from './import.ts';
import { LANGUAGES, type Language } from './language.ts';
import { readDataflow } from './read.ts';
import { parseRst } from './rst/parse.ts';
import { toMapping } from './to-mapping.ts';
import { writePage } from './write-page.ts';
import { writeRst } from './write-rst.ts';

const written = (flows: readonly FlowMapping[], language: Language, partner?: string): string =>
  writeRst(writePage(flows, exportAs(language, partner)));
const defaults = context.defaults;

describe.each(LANGUAGES)('export, import, export in %s', (language) => {
  it('gives the default mapping back, nothing adapted and nothing refused', () => {
    const text = written(defaults, language);
    const report = importDataflow(text, context);
    expect(report.flows).toEqual(defaults);
    expect(report.findings.filter(({ status }) => status !== 'taken')).toEqual([]);
    expect(written(report.flows, language)).toBe(text);
  });

  it('gives any mapping back', () => {
    fc.assert(
      fc.property(
        anyFlows,
        fc.constantFrom('Customerp', 'Custom ERP', 'Wix.com', 'Nord & Sør (ERP)'),
        (flows, partner) => {
          const text = written(flows, language, partner);
          const parsed = parseRst(text);
          expect(parsed.problems).toEqual([]);
          const read = toMapping(readDataflow(parsed), context);
          expect(read.flows).toEqual(flows);
          expect(written(read.flows, language, partner)).toBe(text);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it.each([
  ['a name that begins with a capital after a colon', 'Økonomi'],
  ['a sentence in a name', 'Once. Twice: Thrice! So'],
  ['what a decoder leaves in the place of bytes that are no text', '\uFFFD'],
])('%s comes back', (_name, name) => {
  const [project] = defaults.filter(({ kind }) => kind === 'project');
  if (project === undefined) throw new Error('There is a flow of projects');
  const lifecycle = { property: name, inactive: name, joinsWhenInactive: [name] };
  const flows = [{ ...project, label: [name], lifecycle }];
  for (const language of LANGUAGES) {
    expect(toMapping(readDataflow(parseRst(written(flows, language))), context).flows).toEqual(flows);
  }
});

it('a document is the same whichever language it passes through', () => {
  const norwegian = importDataflow(written(defaults, 'nb'), context).flows;
  expect(written(norwegian, 'en')).toBe(written(defaults, 'en'));
});

it('no word of the mapping is without its place in the document', () => {
  // Whoever adds one: write and read it in write-page.ts and own-row.ts, let flow.arbitrary.ts make it, and add it here.
  expect(Object.keys(Property.shape).toSorted()).toEqual([
    'clearable',
    'convert',
    'customerp',
    'deferred',
    'direction',
    'group',
    'key',
    'master',
    'maxLength',
    'name',
    'negated',
    'onCreate',
    'reference',
    'required',
    'sensitive',
    'tidsbanken',
    'type',
    'values',
    'when',
  ]);
  expect(Object.keys(Conversion.shape).toSorted()).toEqual(['read', 'write']);
  expect(Object.keys(CreationRule.shape).toSorted()).toEqual(['automatic', 'numbers', 'referredToBy', 'rule']);
  expect(Object.keys(Filter.shape).toSorted()).toEqual(['customerp', 'tidsbanken']);
  expect(Object.keys(Condition.shape).toSorted()).toEqual([
    'field',
    'is',
    'isEmpty',
    'isNot',
    'property',
    'startsWith',
  ]);
  expect(Object.keys(MatchKey.shape).toSorted()).toEqual(['name', 'placeholders', 'properties', 'strength']);
  expect(Object.keys(FlowMapping.shape).toSorted()).toEqual([
    'create',
    'enabled',
    'filter',
    'keys',
    'kind',
    'label',
    'lifecycle',
    'properties',
  ]);
});
