import { otherSide } from '../../../shared/domain.ts';
import type { Pair, Props, Side } from '../../../shared/domain.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import type { Fields } from '../mapping-problem.ts';
import { isActive } from '../mapping.ts';
import type { FlowMapping, Property } from '../mapping.ts';
import { UNOBSERVED } from '../observation.ts';
import type { Observation } from '../observation.ts';
import { combinedForm, writeForm } from '../write-form.ts';
import { roundTripOf, rowIn, sendsTo } from './round-trip.ts';
import type { RoundTrip, Row } from './round-trip.ts';

/** A record as the store holds it: canonical values, and what failed its type. */
export interface LintRecord {
  readonly nativeId: string;
  readonly label: string;
  readonly props: Props;
  readonly spellings: Readonly<Record<string, string>>;
  readonly invalid: readonly { readonly property: string }[];
}

/** The row by which a field was read when the store was filled, and whether the row at hand makes the same of it. */
interface ReadBy {
  readonly was: Property;
  readonly alike: boolean;
}

/** A row that records can judge: how its values go to and fro, and what is known of its two fields. */
export interface LintedRow extends Row {
  readonly trip: RoundTrip;
  /** Null: the field was not read so far. */
  readonly readBy: Pair<ReadBy | null>;
  /** Whether the row ever sends a value to that side. */
  readonly sends: Pair<boolean>;
  /** Whether a counterpart of that side's record cannot be created without the value. */
  readonly needed: Pair<boolean>;
}

/** Undefined for a row that is off, or whose fields nobody declares. */
export function lintedRow(
  property: Property,
  mapping: FlowMapping,
  readBy: Pair<FlowMapping | null>,
  fields: Fields,
): LintedRow | undefined {
  const row = rowIn(property, fields);
  if (!isActive(property) || row === null) return undefined;
  const sends = both((side) => sendsTo(property, side));
  return {
    ...row,
    trip: roundTripOf(row),
    readBy: both((side) => readerOf(property, side, readBy[side])),
    sends,
    needed: both((side) => {
      const target = otherSide(side);
      const isRequired = property.required && property.type !== 'reference';
      const isCreated = sends[target] && mapping.create[target].rule !== 'never';
      return isRequired && isCreated && property.onCreate?.[target] === undefined;
    }),
  };
}

const both = <T>(of: (side: Side) => T): Pair<T> => ({ customerp: of('customerp'), tidsbanken: of('tidsbanken') });

/** What stands for a sensitive value is no value, so a row that conceals tells nothing to one that does not. */
function readerOf(property: Property, side: Side, readBy: FlowMapping | null): ReadBy | null {
  const was = readBy?.properties.find(
    (row) => row[side] === property[side] && isActive(row) && row.sensitive === property.sensitive,
  );
  return was === undefined ? null : { was, alike: readsAlike(was, property, side) };
}

const readsAlike = (a: Property, b: Property, side: Side): boolean =>
  a.type === b.type &&
  a.negated === b.negated &&
  JSON.stringify(a.values) === JSON.stringify(b.values) &&
  a.convert?.[side]?.read === b.convert?.[side]?.read;

/** `unknown`: the field was not read so far, or by a row that could make nothing of it. */
export type Sight = Observation | { readonly state: 'unknown' };

const UNKNOWN: Sight = { state: 'unknown' };

/**
 * What the row sees in a field that another row may have read: the stored value is written as that system has it, and
 * read anew. Of a value that failed the other row's type nothing is known.
 */
export function sightOf({ property, fields, parts, trip, readBy }: LintedRow, side: Side, record: LintRecord): Sight {
  const reader = readBy[side];
  if (reader === null) return UNKNOWN;
  const { was, alike } = reader;
  if (record.invalid.some((one) => one.property === was.name))
    return alike ? { state: 'invalid', reason: 'it failed its type when it was read' } : UNKNOWN;
  const value = record.props[was.name];
  if (value === undefined) return UNOBSERVED;
  const spelling = record.spellings[was.name];
  if (alike || value === null) return { state: 'value', value, ...(spelling === undefined ? {} : { spelling }) };
  if (property.sensitive) return UNKNOWN;
  const form = combinedForm(writeForm(was, side, value, spelling, writable(fields[side])), parts[side], 'update');
  return form.kind === 'write' ? trip.readSent(side, form) : UNKNOWN;
}

/** How a field spells its values has nothing to do with whether it may be written. */
const writable = (declaration: FieldDeclaration): FieldDeclaration => ({ ...declaration, readOnly: false });
