import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { flowOf } from '../../../shared/domain.ts';
import { anyFlow } from '../../dataflow/flow.arbitrary.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import type { FlowMapping, Property } from '../../mapping/mapping.ts';
import { flowConfigOf } from './flow-config-of.ts';
import { mappingOf } from './mapping-of.ts';
import { WorkspaceConfig } from './workspace-config.ts';
import { withMappings } from './workspace-edit.ts';

const defaults = defaultMapping();
const usualOf = ({ kind }: Pick<FlowMapping, 'kind'>): FlowMapping => {
  const usual = defaults.find((mapping) => mapping.kind === kind);
  if (usual === undefined) throw new Error(`There is no default for ${kind}`);
  return usual;
};

const SYSTEMS = `name: Test
systems:
  customerp: { preset: customerp-rest, url: 'http://127.0.0.1:1', secrets: {} }
  tidsbanken: { preset: tidsbanken, url: 'http://127.0.0.1:2', secrets: {} }
`;
const read = (text: string): WorkspaceConfig => WorkspaceConfig.parse(parse(text));
const mappingIn = (text: string, { kind }: Pick<FlowMapping, 'kind'>): FlowMapping =>
  mappingOf(usualOf({ kind }), read(text));
const written = (text: string, ...mappings: FlowMapping[]): string => {
  const result = withMappings(text, mappings, defaults);
  if (!result.ok) throw new Error(result.failure);
  return result.value;
};

const isName = (name: string): boolean => /^[a-z][A-Za-z0-9]*$/.test(name);

/** What a person could set: a property has one row, and lengths are lengths. */
const isSettable = ({ properties, label, lifecycle }: FlowMapping): boolean => {
  const names = properties.map(({ name }) => name);
  return (
    new Set(names).size === names.length &&
    label.every(isName) &&
    (lifecycle === undefined || [lifecycle.property, ...(lifecycle.joinsWhenInactive ?? [])].every(isName))
  );
};
const positive = (row: Property): Property => ({
  ...row,
  maxLength: Object.fromEntries(
    Object.entries(row.maxLength).filter(([, length]) => length !== undefined && length > 0),
  ),
});
const named = (mapping: FlowMapping): FlowMapping => {
  const { lifecycle: _lifecycle, ...rest } = mapping;
  return { ...rest, label: ['name'], properties: mapping.properties.map(positive) };
};
const anySettable = fc
  .oneof(anyFlow, anyFlow.map(named))
  .map((mapping) => ({ ...mapping, properties: mapping.properties.map(positive) }))
  .filter(isSettable);
/** One that differs from the default in a few rows, as people's do. */
const anyNear = anySettable.map((mapping) => {
  const usual = usualOf(mapping);
  const own = mapping.properties.filter(({ name }) => !usual.properties.some((row) => row.name === name));
  const changed = usual.properties.map((row, i) => {
    const other = mapping.properties[i];
    return other === undefined || row.key ? row : { ...row, direction: other.direction, master: other.master };
  });
  return { ...mapping, properties: [...changed, ...own] };
});

describe('a mapping written into workspace.yaml', () => {
  it('is read back as it is, whatever stood there before', () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(anySettable, anyNear), { minLength: 1, maxLength: 3 }), (mappings) => {
        let text = `${SYSTEMS}flows: {}\n`;
        for (const mapping of mappings) {
          text = written(text, mapping);
          expect(mappingIn(text, mapping)).toEqual(mapping);
        }
      }),
      { numRuns: 60 },
    ));

  it('says as little as does: the default nothing, a direction only that', () => {
    const usual = usualOf({ kind: 'customer' });
    expect(flowConfigOf(usual, usual)).toEqual({});
    const turned = {
      ...usual,
      properties: usual.properties.map((row): Property =>
        row.name === 'phone' ? { ...row, direction: 'toTidsbanken' } : row,
      ),
    };
    expect(flowConfigOf(turned, usual)).toEqual({ properties: { phone: { direction: 'toTidsbanken' } } });
  });

  it('leaves comments, policy and other flows where they are', () => {
    const before = `${SYSTEMS}
# Ours.
flows:
  customer-kunde:
    onConflict: customerp # as agreed
    create: { inTidsbanken: every } # from the ERP
    properties:
      # The ERP knows better.
      phone: { direction: toTidsbanken }
      website: { direction: off }
  project-prosjekt:
    onConflict: newest
`;
    const customer = mappingIn(before, { kind: 'customer' });
    const wished: FlowMapping = {
      ...customer,
      create: { ...customer.create, tidsbanken: { rule: 'ifReferredTo', referredToBy: ['project'], automatic: false } },
      properties: customer.properties.map((row): Property =>
        row.name === 'website' ? { ...row, direction: 'both' } : row,
      ),
    };
    const after = written(before, wished);
    expect(after).toContain('# Ours.');
    expect(after).toContain('onConflict: customerp # as agreed');
    expect(after).toContain('# from the ERP');
    expect(after).toContain('# The ERP knows better.');
    expect(after).toContain('website: { direction: both }');
    expect(read(after).flows['project-prosjekt']).toEqual({ onConflict: 'newest' });
    expect(mappingIn(after, wished)).toEqual(wished);
  });

  it('a flow that has its mapping already is not touched, to the letter', () => {
    const before = `${SYSTEMS}flows:\n    customer-kunde:   {enabled: true}\n`;
    expect(written(before, mappingIn(before, { kind: 'customer' }))).toBe(before);
  });

  it.each([
    ['nothing', ''],
    ['an empty word', 'flows:\n'],
    ['numbers that are not shared', 'flows:\n  customer-kunde: { numbersAreShared: false }\n'],
  ])('finds its place where %s stood', (_name, flows) => {
    const usual = usualOf({ kind: 'customer' });
    const wished = { ...usual, enabled: false };
    const after = written(`${SYSTEMS}${flows}`, wished);
    expect(mappingIn(after, wished)).toEqual(wished);
    expect(Object.keys(read(after).flows)).toEqual([flowOf('customer')]);
  });
});
