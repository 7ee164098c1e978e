import { SIDES, type Pair, type Side } from '../../shared/domain.ts';
import type { Fields, MappingProblem } from './mapping-problem.ts';
import { isActive, type FlowMapping } from './mapping.ts';
import { writeForm } from './write-form.ts';

const NAME: Readonly<Record<Side, string>> = { customerp: 'Customerp', tidsbanken: 'Tidsbanken' };
const WORD: Readonly<Record<Side, string>> = { customerp: 'inCustomerp', tidsbanken: 'inTidsbanken' };

/**
 * Ranges of numbers for new records that could not be used (K8). `chosenId`: the field that takes the number the creator
 * chooses, by side; null where the system numbers by itself (2.4).
 */
export function numberProblems(mapping: FlowMapping, fields: Fields, chosenId: Pair<string | null>): MappingProblem[] {
  return SIDES.flatMap((side): MappingProblem[] => {
    const range = mapping.create[side].numbers;
    const fault = range === undefined ? null : faultOf(mapping, side, [range.from, range.to], fields, chosenId[side]);
    if (fault === null) return [];
    return [
      {
        kind: 'creationRule',
        recordKind: mapping.kind,
        side,
        at: ['create', 'numbers', WORD[side]],
        what: fault,
        notDone: `The flow of ${mapping.kind} records was not started.`,
        todo: 'Give a range that fits, or remove it: then a person is asked.',
      },
    ];
  });
}

function faultOf(
  mapping: FlowMapping,
  side: Side,
  ends: readonly number[],
  fields: Fields,
  field: string | null,
): string | null {
  if (field === null)
    return `${NAME[side]} numbers new ${mapping.kind} records by itself, so no number can be chosen for them.`;
  const property = mapping.properties.find((p) => isActive(p) && p.key && p[side] === field);
  const declaration = fields[side][field];
  if (property === undefined || declaration === undefined)
    return `No key of this mapping is written to “${field}”, which takes the number of a new record of ${NAME[side]}.`;
  const outside = ends.map(String).find((number) => {
    const longest = Math.min(property.maxLength[side] ?? Infinity, declaration.maxLength ?? Infinity);
    if (number.length > longest) return true;
    const form = writeForm(property, side, number, undefined, declaration, 'create');
    // What is cut to fit would be another number.
    return form.kind !== 'write' || (form.json !== number && form.json !== Number(number));
  });
  return outside === undefined
    ? null
    : `“${outside}” cannot be the number of a ${mapping.kind} record in ${NAME[side]}.`;
}
