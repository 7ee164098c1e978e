import { describe, expect, it } from 'vitest';
import { compileFlow } from './compile.ts';
import { defaultMapping } from './default-mapping.ts';
import { FieldDeclaration } from './field-declaration.ts';
import type { FlowMapping, Property } from './mapping.ts';
import { mappingDiff } from './shape.ts';
import type { FlowShape } from './shape.ts';

const project = defaultMapping().find(({ kind }) => kind === 'project') as FlowMapping;

function shape(mapping: FlowMapping, special: Record<string, object> = {}): FlowShape {
  const fields = (side: 'customerp' | 'tidsbanken') =>
    Object.fromEntries(
      mapping.properties.map((p) => [
        p[side],
        FieldDeclaration.parse({ json: p.type === 'boolean' ? 'boolean' : 'string', clear: null, ...special[p[side]] }),
      ]),
    );
  const compiled = compileFlow(mapping, { customerp: fields('customerp'), tidsbanken: fields('tidsbanken') });
  if (!compiled.ok) throw new Error(compiled.failure.map(({ what }) => what).join('\n'));
  return compiled.value.shape;
}

const changed = (name: string, extra: Partial<Property>): FlowMapping => ({
  ...project,
  properties: project.properties.map((p) => (p.name === name ? { ...p, ...extra } : p)),
});
const without = (name: string): FlowMapping => ({
  ...project,
  properties: project.properties.filter((p) => p.name !== name),
});

const NOTHING = { touched: [], redirected: [], entering: [], leaving: [], keysChanged: false, filterChanged: false };

describe('S5 what another mapping touches', () => {
  it.each([
    { is: 'the same', to: shape(project), diff: {} },
    {
      is: 'creation rules',
      to: shape({ ...project, create: { ...project.create, customerp: { rule: 'every', automatic: true } } }),
      diff: {},
    },
    {
      is: 'a longest length',
      to: shape(changed('customerOrderNumber', { maxLength: { tidsbanken: 30 } })),
      diff: { touched: ['customerOrderNumber'] },
    },
    { is: 'a declaration', to: shape(project, { StartDato: { zone: 'UTC' } }), diff: { touched: ['start'] } },
    {
      is: 'a property that enters a group',
      from: without('started'),
      to: shape(project),
      diff: { touched: ['start'], entering: ['started'] },
    },
    {
      is: 'a property that leaves a group',
      to: shape(without('started')),
      diff: { touched: ['start'], leaving: ['started'] },
    },
    {
      is: 'a group that leaves',
      to: shape(without('internal')),
      diff: { touched: ['internal'], leaving: ['internal'] },
    },
    {
      is: 'a property switched off',
      to: shape(changed('internal', { direction: 'off' })),
      diff: { touched: ['internal'], leaving: ['internal'] },
    },
    {
      is: 'a property that changes groups',
      to: shape(changed('orderDate', { group: 'start' })),
      diff: { touched: ['orderDate', 'start'] },
    },
    {
      is: 'what an end date belongs to',
      to: shape({ ...project, lifecycle: { property: 'closed', inactive: 'true' } }),
      diff: { touched: ['lifecycle'] },
    },
    {
      is: 'a direction',
      to: shape(changed('internal', { direction: 'toTidsbanken' })),
      diff: { redirected: ['internal'] },
    },
    { is: 'a master', to: shape(changed('name', { master: 'tidsbanken' })), diff: { redirected: ['name'] } },
    { is: 'a match key', to: shape({ ...project, keys: project.keys.slice(0, 1) }), diff: { keysChanged: true } },
    { is: 'the declaration of a key', to: shape(project, { Id: { json: 'integer' } }), diff: { keysChanged: true } },
  ])('$is', ({ from, to, diff }) => {
    expect(mappingDiff(shape(from ?? project), to)).toEqual({ ...NOTHING, ...diff });
  });
});
