import { otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { RECORD_LINT_KINDS } from './finding.ts';

export type RecordLintKind = (typeof RECORD_LINT_KINDS)[number];

export const NAME: Readonly<Record<Side, string>> = { customerp: 'Customerp', tidsbanken: 'Tidsbanken' };

/** What the sentences are made of: the row, the side its values come from, and its fields there and on the other side. */
export interface RowWords {
  readonly property: string;
  readonly side: Side;
  readonly field: string;
  readonly target: string;
}

/** What happens to such values, and what to do about it. */
export function wordsOf(kind: RecordLintKind, { property, side, field, target }: RowWords): [string, string] {
  const [here, there] = [NAME[side], NAME[otherSide(side)]];
  switch (kind) {
    case 'unreadable':
      return [
        `“${field}” of ${here} holds values that do not fit the type of “${property}”.`,
        'Correct the values, or choose another type.',
      ];
    case 'unmappedValue':
      return [
        `“${field}” of ${here} holds values that the value map of “${property}” does not have.`,
        'Add the values to the value map, or correct the records.',
      ];
    case 'neverSeen':
      return [
        `No record of ${here} that was read shows the field “${field}”.`,
        'Check how the field is spelled and whether the key may read it, or switch the row off.',
      ];
    case 'requiredEmpty':
      return [
        `“${property}” is required, and “${field}” of ${here} is empty: no counterpart in ${there} can be created.`,
        'Fill in the values, or set the creation rule to never.',
      ];
    case 'cut':
      return [
        `“${target}” of ${there} holds fewer characters than “${field}” of ${here}: the end is cut.`,
        'Shorten the values, or let the row flow one way, so that no edit in the shorter field cuts the longer one.',
      ];
    case 'tooLong':
      return [
        `“${field}” of ${here} holds values that are longer than the mapping says it can hold.`,
        'Correct the length of the row, or shorten the values.',
      ];
    case 'decimals':
      return [
        `“${target}” of ${there} does not hold the decimals of “${field}”.`,
        'Map it to a field with decimals, or round the values at the source.',
      ];
    case 'leadingZeros':
      return [
        `“${target}” of ${there} is a number and drops the leading zeros of “${field}”.`,
        'Choose the type integerKey, or a field of text.',
      ];
    case 'takenForEmpty':
      return [
        `${there} takes these values of “${field}” for empty.`,
        'Correct the values, or take the spelling out of the field’s empty values.',
      ];
    case 'twoSpellings':
      return [
        `Two values of “${property}” share one spelling in ${there}: it comes back as the other one.`,
        'Give each value a spelling of its own, or let the row flow one way.',
      ];
    case 'case':
      return [
        `“${property}” comes back from ${there} in other capitals.`,
        'Choose a conversion that keeps them, or let the row flow one way.',
      ];
    case 'blanks':
      return [
        `“${property}” comes back from ${there} with other blanks or line breaks.`,
        'Choose the type multiline, or a conversion that keeps them.',
      ];
    case 'date':
      return [
        `“${property}” comes back from ${there} as another date or time.`,
        'Choose the type that both fields have, and check the declared time zone.',
      ];
    case 'altered':
      return [
        `“${property}” does not come back from ${there} as it left.`,
        'Correct the conversion of one direction, or let the row flow one way.',
      ];
  }
  return kind satisfies never;
}
