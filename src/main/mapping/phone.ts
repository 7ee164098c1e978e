import { invalid, observed, type Observation } from './observation.ts';
import type { FieldDeclaration } from './field-declaration.ts';

const PLAIN = /^\+?\d{8,15}$/;
const SEPARATORS = /[\s().\-\u2010-\u2013]/g;

/**
 * 2.2, phone. Only separators are dropped: of "900 00 042 ext 5" or two numbers in one field no digits are joined to a
 * number that nobody has.
 */
export function canonPhone(text: string): Observation {
  const digits = text.replace(SEPARATORS, '').replace(/^00/, '+');
  if (!PLAIN.test(digits)) return invalid('a phone number of 8 to 15 digits is expected');
  return observed(digits.length === 8 ? `+47${digits}` : digits);
}

/** The number in the style of the system that gets it; `national` shortens Norwegian numbers only. */
export function writtenPhone(value: string, declaration: FieldDeclaration): string {
  return declaration.phoneStyle === 'national' && /^\+47\d{8}$/.test(value) ? value.slice(3) : value;
}
