import type { Side } from '../../shared/domain.ts';
import type { Property, RowCondition } from '../mapping/mapping.ts';
import { rowCondition } from './conditions.ts';
import type { Condition, PropertyRow } from './dataflow.ts';
import { declaredField, unknownField } from './known-field.ts';
import type { RowContext } from './vendor-row.ts';

/** A condition as the mapping keeps it, and what was made otherwise of it. */
export interface ConditionVerdict {
  readonly when?: RowCondition;
  readonly whys: readonly string[];
}

/** The condition of a row as the mapping can keep it; else why the row says nothing without it. */
export function conditionVerdict(
  { partner, tidsbanken }: PropertyRow,
  usual: Property | undefined,
  context: RowContext,
): ConditionVerdict | string {
  const conditions = [...partner.conditions, ...tidsbanken.conditions];
  if (conditions.length === 0) return { whys: [] };
  const unusable =
    whyUnusable(partner.conditions, 'customerp', context) ?? whyUnusable(tidsbanken.conditions, 'tidsbanken', context);
  if (unusable === null)
    return usual !== undefined && (usual.key || usual.required)
      ? `${conditionText(conditions)}, and each record needs “${usual.tidsbanken}”.`
      : { ...rowCondition(partner, tidsbanken), whys: [] };
  // Wikidata's Q11994066 is the Norwegian organisation number; the type takes nothing else.
  const isNorwegian = conditions.every(({ value }) => /^(no|nor|norway|norge|wd:Q11994066)$/i.test(value));
  if (usual?.type !== 'orgNo' || !isNorwegian) return `${conditionText(conditions)}. ${unusable}`;
  return { whys: ['The condition is kept by the type: only a Norwegian organisation number is a valid value.'] };
}

const conditionText = ([first]: readonly Condition[]): string => {
  const on = first === undefined || first.field === '' ? 'a condition' : `“${first.field}” being “${first.value}”`;
  return `The row depends on ${on}`;
};

/** Why a condition on fields of that side cannot be looked at; null where it can. */
function whyUnusable(conditions: readonly Condition[], side: Side, { fields, defaults }: RowContext): string | null {
  for (const { field } of conditions) {
    if (field === '') return 'It is not worded as “Dependant on having VALUE in FIELD”.';
    if (declaredField(fields[side], field) === undefined) return unknownField(NAME[side], field, fields[side]);
    const isSensitive = defaults.properties.some((row) => row.sensitive && row[side] === field);
    if (isSensitive) return `“${field}” is sensitive, and no row tells anything about it by being there or not.`;
  }
  return null;
}

const NAME: Readonly<Record<Side, string>> = { customerp: 'Customerp', tidsbanken: 'Tidsbanken' };

/** A group is one for all records, so a row of some of them leaves it. */
export function conditioned(property: Property, when: RowCondition | undefined): Property {
  if (when === undefined) return property;
  const { group: _group, ...alone } = property;
  return { ...alone, when };
}
