import { SIDES, type Side } from '../../shared/domain.ts';
import { canon } from './canon.ts';
import { choicesOf } from './choices.ts';
import { compileExpression } from './expression.ts';
import { FieldDeclaration } from './field-declaration.ts';
import { isCombined } from './field-path.ts';
import type { Found } from './mapping-problem.ts';
import { isWrittenTo, type Property } from './mapping.ts';

/** What is wrong with the conversions, combined fields and values for new records of one row. Empty: nothing. */
export const rowProblems = (property: Property): Found[] => [
  ...SIDES.flatMap((side) => conversionProblems(property, side)),
  ...combinationProblems(property),
  ...SIDES.flatMap((side) => createProblems(property, side)),
];

function conversionProblems(property: Property, side: Side): Found[] {
  const conversion = property.convert?.[side];
  if (conversion === undefined) return [];
  const at = { kind: 'conversion', property: property.name, side } as const;
  if (property.key || property.type === 'reference') {
    const what = `"${property.name}" is a key or a reference, and those are never converted.`;
    return [{ ...at, what, todo: 'Remove its conversion.' }];
  }
  const problems = (['read', 'write'] as const).flatMap((way): Found[] => {
    const text = conversion[way];
    const compiled = text === undefined ? null : compileExpression(text);
    if (compiled === null || compiled.ok) return [];
    const what = `The conversion “${text ?? ''}” of "${property.name}" (${side}, ${way}) is not valid: ${compiled.failure}.`;
    return [{ ...at, what, todo: 'Correct the expression; it knows “value” and “empty”.' }];
  });
  if (conversion.write !== undefined || !isWrittenTo(property, side)) return problems;
  const what = `The field "${property[side]}" of "${property.name}" is written, and its conversion has no way back.`;
  return [...problems, { ...at, what, todo: 'Add “write”, or choose a direction that does not write there.' }];
}

function combinationProblems(property: Property): Found[] {
  const sides = SIDES.filter((side) => isCombined(property[side]));
  const [side] = sides;
  if (side === undefined) return [];
  const at = { kind: 'combination', property: property.name, side } as const;
  const faults: [boolean, string, string][] = [
    [sides.length > 1, 'stands in several fields on both sides', 'Map the fields one by one.'],
    [property.type !== 'string', 'stands in several fields and is no string', 'Give it the type string.'],
    [property.key, 'stands in several fields and is a key', 'Let a key stand in one field.'],
    [property.sensitive, 'stands in several fields and is sensitive', 'Map its fields one by one.'],
  ];
  return faults
    .filter(([isFault]) => isFault)
    .map(([, fault, todo]) => ({ ...at, what: `"${property.name}" ${fault}.`, todo }));
}

/** In the property's own sense there are no sentinels, and the decimal mark is a point. */
const NO_FIELD = FieldDeclaration.parse({ json: 'string' });

function createProblems(property: Property, side: Side): Found[] {
  const value = property.onCreate?.[side];
  if (value === undefined) return [];
  const at = { kind: 'createDefault', property: property.name, side } as const;
  if (property.key || property.sensitive || property.type === 'reference') {
    const what = `"${property.name}" is a key, sensitive or a reference, and those have no value of their own on create.`;
    return [{ ...at, what, todo: 'Remove its value on create.' }];
  }
  if (!isWrittenTo(property, side)) {
    const what = `"${property.name}" has a value for new records of ${side}, and does not flow there.`;
    return [{ ...at, what, todo: 'Choose a direction that goes there, or remove the value.' }];
  }
  const seen = canon(property.type, value, NO_FIELD, { choices: choicesOf(property, 'customerp') });
  if (seen.state === 'value' && seen.value === value) return [];
  const what = `“${value}”, which new records of ${side} would get, is no ${property.type} in canonical form.`;
  return [{ ...at, what, todo: 'Write it as the mapping compares it, such as 2025-01-31, +4790000042 or 12.5.' }];
}
