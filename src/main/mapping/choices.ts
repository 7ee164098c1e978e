import { invalid, observed, type Observation } from './observation.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import type { Property } from './mapping.ts';
import type { Side } from '../../shared/domain.ts';
import { cleanLine } from './text.ts';

/** Spelling as read to canonical value, for one side of an enum property. */
export type Choices = ReadonlyMap<string, string>;

/** Canonical names are read too, so that a canonical value stays what it is; a spelling goes before a name. */
export function choicesOf(property: Property, side: Side): Choices {
  const values = Object.entries(property.values ?? {});
  const names = values.map(([name]) => [name, name] as const);
  return new Map([...names, ...values.map(([name, spelled]) => [cleanLine(spelled[side]), name] as const)]);
}

/** 2.2, enum: declared spellings only. */
export function canonEnum(text: string, choices: Choices): Observation {
  const name = choices.get(text);
  return name === undefined ? invalid('not one of the declared values') : observed(name);
}

/** 2.2, boolean: JSON's own two (and their canonical text), and what the field declares. */
export function canonBoolean(text: string, declaration: FieldDeclaration): Observation {
  if (text === 'true' || text === 'false') return observed(text);
  if (declaration.trueValues.includes(text)) return observed('true');
  if (declaration.falseValues.includes(text)) return observed('false');
  return invalid('neither a declared true nor a declared false');
}

export const opposite = (value: string): string => (value === 'true' ? 'false' : 'true');

/** How a boolean is written where the field is not a JSON boolean: the first declared spelling. */
export function writtenBoolean(value: string, declaration: FieldDeclaration): string {
  if (declaration.json === 'boolean') return value;
  return (value === 'true' ? declaration.trueValues[0] : declaration.falseValues[0]) ?? value;
}
