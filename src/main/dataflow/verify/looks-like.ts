import type { Value } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { ValueType } from '../../mapping/mapping.ts';

export interface Look {
  readonly type: ValueType;
  /** For enums: how that side spells each value. */
  readonly spelled?: Readonly<Record<string, string>>;
  /** A boolean that the side holds turned round. */
  readonly isTurned: boolean;
  /** Code points that the side holds of a text; null: all. */
  readonly length: number | null;
}

/**
 * Whether what a system itself shows looks like the value, judged without the conversions that the sync uses: a reader
 * and a writer that are wrong in the same way agree with each other, and are seen only here. Null: it cannot be told,
 * as for references, whose ids differ between the systems.
 */
export function looksLike(value: Value, raw: Json | undefined, look: Look): boolean | null {
  if (value === null || raw === undefined || raw === null || typeof raw === 'object') return null;
  const text = String(raw);
  switch (look.type) {
    case 'string':
    case 'multiline':
    case 'id':
    case 'orgNo':
    case 'nationalId':
    case 'postcode':
    case 'integerKey':
      return startOf(text.normalize('NFC'), look.length) === startOf(value, look.length);
    case 'email':
      return startOf(text.toLowerCase(), look.length) === startOf(value, look.length);
    case 'phone':
      return onlyDigits(value).endsWith(onlyDigits(text).slice(-SUBSCRIBER)) && onlyDigits(text).length >= SUBSCRIBER;
    case 'date':
      return text.slice(0, ISO_DAY) === value;
    case 'datetime':
      return /[zZ]|[+-]\d\d:\d\d$/.test(text) ? Date.parse(text) === Date.parse(value) : null;
    case 'integer':
    case 'decimal':
      return Number(text.replace(',', '.')) === Number(value);
    case 'boolean':
      return typeof raw === 'boolean' ? raw === (look.isTurned ? value === 'false' : value === 'true') : null;
    case 'enum':
      return look.spelled === undefined ? null : text === look.spelled[value];
    case 'reference':
      return null;
  }
}

const SUBSCRIBER = 8;
const ISO_DAY = 10;
const onlyDigits = (text: string): string => text.replaceAll(/\D/g, '');
const startOf = (text: string, length: number | null): string =>
  length === null ? text : Array.from(text).slice(0, length).join('').trimEnd();
