import { invalid, observed, type Observation } from './observation.ts';

const ORG_NO_WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];
const withoutBlanks = (text: string): string => text.replaceAll(' ', '');

/** 2.2, postcode. Longer all-digit codes of other countries stay as they are. */
export function canonPostcode(text: string): Observation {
  const digits = withoutBlanks(text);
  return /^\d{1,10}$/.test(digits) ? observed(digits.padStart(4, '0')) : invalid('a postcode of digits is expected');
}

/** Whether the last of the 9 digits is the one that the others ask for. */
export function hasOrgNoCheckDigit(digits: string): boolean {
  const sum = ORG_NO_WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return (11 - (sum % 11)) % 11 === Number(digits[8]);
}

/** 2.2, orgNo: 9 digits, also out of "NO 987 654 325 MVA". A wrong check digit warns; it does not block. */
export function canonOrgNo(text: string): Observation {
  const digits = withoutBlanks(text).replace(/^NO/i, '').replace(/MVA$/i, '');
  if (!/^\d{9}$/.test(digits)) return invalid('an organisation number of 9 digits is expected');
  if (hasOrgNoCheckDigit(digits)) return observed(digits);
  return { state: 'value', value: digits, warning: 'the check digit of the organisation number is wrong' };
}

/** 2.2, nationalId. Check digits are no condition: the series changes in 2032, and D-numbers add 40 to the day. */
export function canonNationalId(text: string): Observation {
  const digits = withoutBlanks(text);
  return /^\d{11}$/.test(digits) ? observed(digits) : invalid('a national id of 11 digits is expected');
}
