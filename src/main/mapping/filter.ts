import { SIDES, type Props, type Side } from '../../shared/domain.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { getterOf, isCombined } from './field-path.ts';
import type { Fields, Found } from './mapping-problem.ts';
import { isActive, type Condition, type FlowMapping } from './mapping.ts';
import { numberText } from './numbers.ts';
import { cleanLine } from './text.ts';

/** Whether a record of one side takes part (S5): all conditions of its side hold. Pure and total. */
export type Takes = (raw: JsonObject, props: Props) => boolean;

/**
 * Stands among the values of a record that its side's filter leaves out: no name of a property has a colon. Kept with
 * them, so that leaving and entering are changes of the record like any other.
 */
const OUT_OF_SCOPE = ':outOfScope';

export const isOutOfScope = (props: Props): boolean => props[OUT_OF_SCOPE] === 'true';

/** The values of a record, marked where its filter leaves it out. */
export const marked = (props: Props, raw: JsonObject, takes: Takes | null): Props =>
  takes === null || takes(raw, props) ? props : { ...props, [OUT_OF_SCOPE]: 'true' };

/** The filter of one side; null where there is none, and so every record takes part. */
export function filterOf(mapping: Pick<FlowMapping, 'filter'>, side: Side): Takes | null {
  const conditions = mapping.filter?.[side];
  if (conditions === undefined) return null;
  const tests = conditions.map(testOf);
  return (raw, props) => tests.every((holds) => holds(raw, props));
}

/**
 * Whether a record takes part as far as its mapped values tell; null where a condition looks at a field, or at a property
 * that `known` does not have: then only a reading tells.
 */
export function filterOnProps(
  mapping: Pick<FlowMapping, 'filter'>,
  side: Side,
  known: (property: string) => boolean,
): ((props: Props) => boolean) | null {
  const conditions = mapping.filter?.[side] ?? [];
  if (conditions.some(({ property }) => property === undefined || !known(property))) return null;
  const tests = conditions.map(testOf);
  return (props) => tests.every((holds) => holds({}, props));
}

function testOf(condition: Condition): Takes {
  const { property, field } = condition;
  if (property === undefined) return fieldTest({ ...condition, field: field ?? '' });
  const fits = fitting(condition);
  return (_raw, props) => fits(props[property]);
}

/** Whether a field of the system, as it has it, fits a condition. */
export function fieldTest(condition: Condition & { readonly field: string }): (raw: JsonObject) => boolean {
  const fits = fitting(condition);
  const get = getterOf(condition.field);
  return (raw) => fits(textOf(get(raw)));
}

/** Null: empty. Undefined: not observed, or no plain value, and then nobody knows; nothing is written on a guess. */
function fitting({ is, isNot, startsWith, isEmpty }: Condition): (value: string | null | undefined) => boolean {
  return (value) => {
    if (value === undefined) return false;
    if (isEmpty !== undefined) return (value === null) === isEmpty;
    if (isNot !== undefined) return value === null || !isNot.includes(value);
    if (value === null) return false;
    if (is !== undefined) return is.includes(value);
    return startsWith?.some((start) => value.startsWith(start)) ?? false;
  };
}

function textOf(json: Json | undefined): string | null | undefined {
  if (json === undefined || json === null) return json;
  if (typeof json === 'boolean') return String(json);
  if (typeof json === 'number') return numberText(json) ?? undefined;
  if (typeof json !== 'string') return undefined;
  const text = cleanLine(json);
  return text === '' ? null : text;
}

/** Fields of that side that only its filter looks at: they are asked for as well. */
export const filterFields = (mapping: Pick<FlowMapping, 'filter'>, side: Side): string[] =>
  (mapping.filter?.[side] ?? []).flatMap(({ field }) => field ?? []);

/** Conditions that nothing can be told by. */
export function filterProblems(mapping: FlowMapping, fields: Fields): Found[] {
  return SIDES.flatMap((side) =>
    (mapping.filter?.[side] ?? []).flatMap((condition, i): Found[] => {
      const at = { kind: 'filter', side, at: ['filter', side, String(i)] } as const;
      const { property: name, field } = condition;
      if (field !== undefined) {
        if (!isCombined(field) && Object.hasOwn(fields[side], field)) return [];
        const what = `The field "${field}" of the filter is not declared for ${side}.`;
        return [{ ...at, what, todo: 'Declare it in the descriptor, or correct the path.' }];
      }
      const property = mapping.properties.find((one) => one.name === name);
      if (property === undefined || !isActive(property)) {
        const what = `"${name ?? ''}", named by the filter, is not a property that is in use.`;
        return [{ ...at, what, todo: 'Add the property, switch it on, or name another.' }];
      }
      if (!property.sensitive) return [];
      const what = `"${property.name}" is sensitive, and no filter may tell anything about it.`;
      return [{ ...at, property: property.name, what, todo: 'Filter by another property.' }];
    }),
  );
}
