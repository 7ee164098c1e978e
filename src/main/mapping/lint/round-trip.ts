import { otherSide } from '../../../shared/domain.ts';
import type { Pair, Side, Value } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import { observerOf } from '../canon.ts';
import { comparedLength, sameValue } from '../equality.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import type { Property } from '../mapping.ts';
import { isWrittenTo } from '../mapping-problems.ts';
import { exactDecimal } from '../numbers.ts';
import type { Observation } from '../observation.ts';
import { writeForm } from '../write-form.ts';
import type { WriteForm } from '../write-form.ts';
import type { LintEffect } from './finding.ts';
import type { RecordLintKind } from './words.ts';

/** A row with what the two systems declare about its fields. */
export interface Row {
  readonly property: Property;
  readonly fields: Pair<FieldDeclaration>;
}

/** What becomes of one value on its way to the other side and back. `null`: nothing; it comes back as it left. */
export type Trip = null | {
  readonly kind: RecordLintKind;
  readonly effect: LintEffect;
  readonly there?: Value;
  readonly back?: Value;
};

/** The round trip of one row, prepared once for all its values. */
export interface RoundTrip {
  /** How that side's field reads, in the row's own sense. */
  readonly read: (side: Side, json: Json | undefined) => Observation;
  /** From `side` to the other one and back (canonical value, and how it was spelled). */
  readonly from: (side: Side, value: string, spelling?: string) => Trip;
}

/**
 * A value is sent as it would be written, read as it would be read, and sent back the same way: exactly what two runs
 * would do, without the systems. What does not come back equal would be different after every write.
 */
export function roundTripOf({ property, fields }: Row): RoundTrip {
  const observe = {
    customerp: observerOf(property, 'customerp', fields.customerp),
    tidsbanken: observerOf(property, 'tidsbanken', fields.tidsbanken),
  };
  const read = (side: Side, json: Json | undefined): Observation => observe[side](json, false);
  const write = (side: Side, value: string, spelling: string | undefined): WriteForm =>
    writeForm(property, side, value, spelling, fields[side]);
  const compared = { comparedLength: comparedLength(property, fields) };

  const from = (side: Side, value: string, spelling?: string): Trip => {
    const to = otherSide(side);
    const sent = write(to, value, spelling);
    if (sent.kind === 'leaveOut')
      return sent.reason === 'notExpressible'
        ? { kind: whyNotWritten({ property, fields }, to, value), effect: 'swings' }
        : null;
    const there = read(to, sent.json);
    if (there.state !== 'value') return { kind: 'conversion', effect: 'swings' };
    if (!sameValue(compared, value, there.value))
      return { kind: lossOf(property, value, there.value), effect: 'swings', there: there.value };
    const back = there.value === null ? null : returned(read, write, side, there);
    if (back === value || back === undefined) return null;
    // Equal as far as both sides can hold it: nothing is written until somebody edits the shorter one.
    const effect = sameValue(compared, value, back) ? 'loses' : 'swings';
    return { kind: lossOf(property, value, back), effect, there: there.value, back };
  };
  return { read, from };
}

/** What comes back on the side a value came from; undefined where the row never writes it there. */
function returned(
  read: RoundTrip['read'],
  write: (side: Side, value: string, spelling: string | undefined) => WriteForm,
  side: Side,
  there: { readonly value: Value; readonly spelling?: string },
): Value | undefined {
  if (there.value === null) return null;
  const sent = write(side, there.value, there.spelling);
  if (sent.kind === 'leaveOut') return sent.reason === 'notExpressible' ? null : undefined;
  const back = read(side, sent.json);
  return back.state === 'value' ? back.value : null;
}

/** Whether the row ever sends a value to that side: with an edit, or at creation. */
export const sendsTo = (property: Property, side: Side): boolean =>
  property.key ? property.direction !== 'off' : isWrittenTo(property, side);

/** Why a field cannot hold the value so that it reads back the same. */
function whyNotWritten({ property, fields }: Row, to: Side, value: string): RecordLintKind {
  const declaration = fields[to];
  const seen = observerOf(property, to, { ...declaration, readOnly: false })(value, false);
  if (seen.state === 'value' && seen.value === null) return 'takenForEmpty';
  if (property.type === 'enum') return property.values?.[value] === undefined ? 'unmappedValue' : 'twoSpellings';
  if (property.type === 'date' || property.type === 'datetime') return 'date';
  if (declaration.json === 'integer' || declaration.json === 'number') return whyNoNumber(value);
  return 'conversion';
}

function whyNoNumber(value: string): RecordLintKind {
  const exact = exactDecimal(value);
  if (exact === null) return 'conversion';
  if (/^[+-]?0\d/.test(value)) return 'leadingZeros';
  return 'decimals';
}

/** In which way the value that came back is another one. */
function lossOf(property: Property, before: string, after: Value): RecordLintKind {
  if (after === null) return 'takenForEmpty';
  if (property.type === 'enum') return 'twoSpellings';
  if (property.type === 'date' || property.type === 'datetime') return 'date';
  if (before.toLowerCase() === after.toLowerCase()) return 'case';
  if (withoutBlanks(before) === withoutBlanks(after)) return 'blanks';
  if (before.startsWith(after)) return isNumber(before, after) ? 'decimals' : 'cut';
  if (isNumber(before, after)) return Number(before) === Number(after) ? 'leadingZeros' : 'decimals';
  return 'conversion';
}

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');
const isNumber = (...texts: string[]): boolean => texts.every((text) => exactDecimal(text) !== null);
