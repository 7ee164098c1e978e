import { SIDES, type Side } from '../../shared/domain.ts';
import type { JsonObject } from '../../shared/json.ts';
import { isCombined, pathsIn } from './field-path.ts';
import { fieldTest } from './filter.ts';
import type { Fields, Found } from './mapping-problem.ts';
import type { FlowMapping, Property } from './mapping.ts';

/** Whether a row holds for a record of that side; null where it holds for each. */
export function holdsFor({ when }: Pick<Property, 'when'>, side: Side): ((raw: JsonObject) => boolean) | null {
  const fields = when?.[side];
  if (fields === undefined) return null;
  const tests = Object.entries(fields).map(([field, is]) => fieldTest({ field, is }));
  return (raw) => tests.every((holds) => holds(raw));
}

/** Fields of that side that only the row's condition looks at: they are asked for as well. */
export const conditionFields = ({ when }: Pick<Property, 'when'>, side: Side): string[] =>
  Object.keys(when?.[side] ?? {});

/** Conditions of a row that nothing can be told by, or that it cannot have. */
export function conditionProblems(property: Property, mapping: FlowMapping, fields: Fields): Found[] {
  if (property.when === undefined) return [];
  const at = { kind: 'rowCondition', property: property.name } as const;
  const { name } = property;
  const must = property.key ? 'a key' : property.required ? 'required' : null;
  const isLifecycle = mapping.lifecycle?.property === name;
  const needed = must ?? (isLifecycle ? 'what says that a record is in use' : null);
  const found: Found[] =
    needed === null
      ? []
      : [{ ...at, what: `"${name}" is ${needed}, and holds for each record.`, todo: 'Remove its condition.' }];
  const asked = SIDES.flatMap((side) => conditionFields(property, side).map((field) => ({ side, field })));
  return [
    ...found,
    ...asked.flatMap(({ side, field }): Found[] => {
      const about = `The field "${field}" of ${side}, on which "${name}" depends,`;
      if (isCombined(field) || !Object.hasOwn(fields[side], field))
        return [
          {
            ...at,
            side,
            what: `${about} is not declared.`,
            todo: 'Declare it in the descriptor, or correct the path.',
          },
        ];
      const isSensitive = mapping.properties.some((row) => row.sensitive && pathsIn(row[side]).includes(field));
      if (!isSensitive) return [];
      return [{ ...at, side, what: `${about} is sensitive.`, todo: 'Let the row depend on another field.' }];
    }),
  ];
}
