import { otherSide } from '../../../shared/domain.ts';
import type { Pair, Side, Value } from '../../../shared/domain.ts';
import { withPath } from '../../../shared/json.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { observerOf } from '../canon.ts';
import { comparedLength, sameValue } from '../equality.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import { declarationOf, partsOf, valueGetter } from '../field-path.ts';
import type { FieldPart } from '../field-path.ts';
import type { Fields } from '../mapping-problem.ts';
import { isWrittenTo } from '../mapping.ts';
import type { Property } from '../mapping.ts';
import { exactDecimal } from '../numbers.ts';
import type { Observation } from '../observation.ts';
import { combinedForm, writeForm } from '../write-form.ts';
import type { WriteForm } from '../write-form.ts';
import type { LintEffect } from './finding.ts';
import type { RecordLintKind } from './words.ts';

/** A row with what the two systems declare about its fields: one a side, or several that hold the value together. */
export interface Row {
  readonly property: Property;
  readonly fields: Pair<FieldDeclaration>;
  readonly parts: Pair<readonly FieldPart[]>;
}

/** Null where a field of the row is not declared. */
export function rowIn(property: Property, declared: Fields): Row | null {
  const customerp = partsOf(property, 'customerp', declared.customerp);
  const tidsbanken = partsOf(property, 'tidsbanken', declared.tidsbanken);
  if (customerp === null || tidsbanken === null) return null;
  const fields = { customerp: declarationOf(customerp), tidsbanken: declarationOf(tidsbanken) };
  return { property, fields, parts: { customerp, tidsbanken } };
}

/** What becomes of one value on its way to the other side and back. `null`: nothing; it comes back as it left. */
export type Trip = null | {
  readonly kind: RecordLintKind;
  readonly effect: LintEffect;
  readonly there?: Value;
  readonly back?: Value;
};

type Sent = Extract<WriteForm, { kind: 'write' }>;
type Write = (side: Side, value: string, spelling: string | undefined) => WriteForm;

/** The round trip of one row, prepared once for all its values. */
export interface RoundTrip {
  /** What that side would hold once it was sent, in the row's own sense. */
  readonly readSent: (side: Side, sent: Sent) => Observation;
  /** From `side` to the other one and back (canonical value, and how it was spelled). */
  readonly from: (side: Side, value: string, spelling?: string) => Trip;
}

/**
 * A value is sent as it would be written, read as it would be read, and sent back the same way: exactly what two runs
 * would do, without the systems. What does not come back equal would be different after every write.
 */
export function roundTripOf(row: Row): RoundTrip {
  const { property, fields, parts } = row;
  const read = { customerp: sentReader(row, 'customerp'), tidsbanken: sentReader(row, 'tidsbanken') };
  const readSent = (side: Side, sent: Sent): Observation => read[side](sent);
  const write: Write = (side, value, spelling) =>
    combinedForm(writeForm(property, side, value, spelling, fields[side]), parts[side], 'update');
  const compared = { comparedLength: comparedLength(property, fields) };

  const from = (side: Side, value: string, spelling?: string): Trip => {
    const to = otherSide(side);
    const sent = write(to, value, spelling);
    if (sent.kind === 'leaveOut')
      return sent.reason === 'notExpressible' ? { kind: whyNotWritten(row, to, value), effect: 'swings' } : null;
    const there = readSent(to, sent);
    if (there.state !== 'value') return { kind: 'altered', effect: 'swings' };
    if (!sameValue(compared, value, there.value))
      return { kind: lossOf(property, value, there.value), effect: 'swings', there: there.value };
    if (there.value === null) return null;
    const answer = write(side, there.value, there.spelling);
    if (answer.kind === 'leaveOut')
      return answer.reason === 'notExpressible'
        ? { kind: whyNotWritten(row, side, there.value), effect: 'swings', there: there.value }
        : null;
    const back = readSent(side, answer);
    if (back.state !== 'value') return { kind: 'altered', effect: 'swings', there: there.value };
    if (back.value === value) return null;
    // Equal as far as both sides can hold it: nothing is written until somebody edits the shorter one.
    const effect = sameValue(compared, value, back.value) ? 'loses' : 'swings';
    const kind = lossOf(property, value, back.value);
    const isOwnLimit = kind === 'cut' && there.value === value;
    return { kind: isOwnLimit ? 'tooLong' : kind, effect, there: there.value, back: back.value };
  };
  return { readSent, from };
}

/** Several fields are put together again as a record would show them. */
function sentReader({ property, fields, parts }: Row, side: Side): (sent: Sent) => Observation {
  const observe = observerOf(property, side, fields[side]);
  const get = valueGetter(parts[side]);
  return ({ json, fields: shares }) => {
    if (shares === undefined) return observe(json, false);
    const raw = shares.reduce<JsonObject>((record, [path, share]) => withPath(record, path, share), {});
    return observe(get(raw, false), false);
  };
}

/** Whether the row ever sends a value to that side: with an edit, or at creation. */
export const sendsTo = (property: Property, side: Side): boolean =>
  property.key ? property.direction !== 'off' : isWrittenTo(property, side);

/** Why a field cannot hold the value so that it reads back the same. */
function whyNotWritten({ property, fields }: Row, to: Side, value: string): RecordLintKind {
  const declaration = fields[to];
  if (property.convert?.[to] !== undefined) return 'altered';
  const seen = observerOf(property, to, { ...declaration, readOnly: false })(value, false);
  if (seen.state === 'value' && seen.value === null) return 'takenForEmpty';
  if (property.type === 'enum') return property.values?.[value] === undefined ? 'unmappedValue' : 'twoSpellings';
  if (property.type === 'date' || property.type === 'datetime') return 'date';
  if (declaration.json === 'integer' || declaration.json === 'number') return whyNoNumber(value);
  return 'altered';
}

function whyNoNumber(value: string): RecordLintKind {
  const exact = exactDecimal(value);
  if (exact === null) return 'altered';
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
  return 'altered';
}

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');
const isNumber = (...texts: string[]): boolean => texts.every((text) => exactDecimal(text) !== null);
