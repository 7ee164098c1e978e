import { invalid, observed, type Observation } from './observation.ts';
import type { FieldDeclaration } from './field-declaration.ts';

const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The exact decimal text of a numeral, without exponent and needless zeros; null if it is not one. Never through a float. */
export function exactDecimal(text: string): string | null {
  const parts = NUMERAL.exec(text);
  if (parts === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const before = digits.slice(0, Math.max(point, 0)).padEnd(point, '0').replace(/^0+/, '');
  const after = (point < 0 ? '0'.repeat(-point) + digits : digits.slice(point)).replace(/0+$/, '');
  const size = (before === '' ? '0' : before) + (after === '' ? '' : `.${after}`);
  return sign === '-' && size !== '0' ? `-${size}` : size;
}

/** The text of a JSON number; null where reading it as a number has already lost digits (2.2, id). */
export function numberText(raw: number): string | null {
  if (Number.isSafeInteger(raw)) return String(raw);
  return Number.isFinite(raw) && !Number.isInteger(raw) ? exactDecimal(String(raw)) : null;
}

export function canonDecimal(text: string, declaration: FieldDeclaration): Observation {
  const value = exactDecimal(declaration.decimalComma ? text.replace(',', '.') : text);
  return value === null ? invalid('not a number') : observed(value);
}

export function canonInteger(text: string, declaration: FieldDeclaration): Observation {
  const seen = canonDecimal(text, declaration);
  return seen.state === 'value' && seen.value?.includes('.') === true ? invalid('not a whole number') : seen;
}

export function canonIntegerKey(text: string): Observation {
  return /^\d+$/.test(text) ? observed(text.replace(/^0+(?=\d)/, '')) : invalid('a number of digits only is expected');
}
