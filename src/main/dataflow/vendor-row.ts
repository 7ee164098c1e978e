import type { Side } from '../../shared/domain.ts';
import type { FieldDeclaration } from '../mapping/field-declaration.ts';
import { partsOf } from '../mapping/field-path.ts';
import type { Fields } from '../mapping/mapping-problem.ts';
import { Property, VALUE_TYPES, type FlowMapping, type ValueType } from '../mapping/mapping.ts';
import type { FieldRef, PropertyRow } from './dataflow.ts';
import { declaredField, unknownField } from './known-field.ts';
import { conditioned, conditionVerdict } from './vendor-condition.ts';

/** What to do with a row of a vendor's document. */
export type RowVerdict =
  | {
      readonly status: 'taken' | 'adapted';
      readonly property: Property;
      readonly why: string;
      /** The lower, the better it fits; of rows that write one field the best stands. */
      readonly rank: number;
    }
  | { readonly status: 'refused'; readonly why: string };

export interface RowContext {
  readonly fields: Fields;
  readonly defaults: FlowMapping;
  /** What the document promises: both directions, or only the one of the document. */
  readonly direction: Property['direction'];
  /** The side whose data types the document's last column gives: the one that the document leads to. */
  readonly typesOf: Side;
}

const refused = (why: string): RowVerdict => ({ status: 'refused', why });

/**
 * A row of two names and a data type as a property. The other system's names are another ERP's as often as not: where
 * Customerp has no field of that name, the default mapping says which of its fields belongs to Tidsbanken's.
 */
export function vendorProperty(given: PropertyRow, context: RowContext): RowVerdict {
  const row = withPlaces(given, context);
  const { partner, tidsbanken } = row;
  const bad = refusal(partner, tidsbanken);
  if (bad !== null) return refused(bad);
  const natural = naturalKey(tidsbanken);
  const field = natural ? 'Id' : tidsbanken.path;
  const declared = declaredField(context.fields.tidsbanken, field);
  if (declared === undefined) return refused(unknownField('Tidsbanken', field, context.fields.tidsbanken));
  const usual = context.defaults.properties.find((property) => property.tidsbanken === field);
  if (natural && usual === undefined)
    return refused(`“${tidsbanken.path}” stands for a key that this flow does not have.`);
  if (isLinkId(partner, field)) return refused(LINKED);
  const condition = conditionVerdict(row, usual, context);
  if (typeof condition === 'string') return refused(condition);
  const found = propertyFor(row, field, usual, context);
  if (typeof found === 'string') return refused(found);
  const property = conditioned(found.property, condition.when);
  const whys = [
    ...(natural ? [`“${tidsbanken.path}” is the vendor's helper for the key; Tidsbanken's own field Id is used.`] : []),
    ...condition.whys,
    ...found.whys,
    ...(property.group === found.property.group
      ? []
      : [`It holds for some records only, so it is decided apart from its group “${found.property.group ?? ''}”.`]),
  ];
  return {
    status: whys.length > 0 ? 'adapted' : 'taken',
    property,
    why: whys.join(' '),
    rank: found.rank,
  };
}

/** `phones[0].number` is one value where the system declares that place of its list; else it stays what it is. */
function placed(field: FieldRef, declared: Fields[Side]): FieldRef {
  const path = field.path.replaceAll(/\[(\d+)\]/g, '.$1');
  return declaredField(declared, path) === undefined ? field : { ...field, path, isRepeated: false };
}

const withPlaces = (row: PropertyRow, { fields }: RowContext): PropertyRow => ({
  ...row,
  partner: placed(row.partner, fields.customerp),
  tidsbanken: placed(row.tidsbanken, fields.tidsbanken),
});

const LINKED =
  'An id that a system gives is not synchronised: Tidsbro keeps both ids in the link. The number that a person chooses is the key.';

function refusal(partner: FieldRef, tidsbanken: FieldRef): string | null {
  const empty = partner.path === '' ? 'first' : 'second';
  if (partner.path === '' || tidsbanken.path === '') return `The ${empty} property of the row is empty.`;
  if (partner.isAuxiliary) return `“${partner.path}” is a helper of the vendor's and no field of the system.`;
  if (tidsbanken.isAuxiliary && !naturalKey(tidsbanken))
    return `“${tidsbanken.path}” is a helper of the vendor's and no field of Tidsbanken.`;
  const list = [partner, tidsbanken].find((field) => field.isRepeated);
  return list === undefined
    ? null
    : `“${list.path}” lies in a list; a property is one value of one record, and no place of that list is declared.`;
}

/** `sesam_kundeId` and its like carry the key under another name (fact sheet, Q20). */
const naturalKey = ({ path }: FieldRef): boolean => /^sesam_(kunde|ansatt|avdeling|prosjekt)id$/i.test(path);
const isLinkId = ({ path }: FieldRef, field: string): boolean => /^id$/i.test(path) && field === 'Id';

interface Found {
  readonly property: Property;
  readonly whys: readonly string[];
  readonly rank: number;
}

function propertyFor(
  row: PropertyRow,
  field: string,
  usual: Property | undefined,
  context: RowContext,
): Found | string {
  const { path } = row.partner;
  const inCustomerp = declaredField(context.fields.customerp, path);
  // A system with a descriptor of its own may have no field of that name either, and then nothing stands in for it.
  const canStandIn = usual !== undefined && partsOf(usual, 'customerp', context.fields.customerp) !== null;
  if (canStandIn && (inCustomerp === undefined || usual.customerp === path)) {
    const whys =
      inCustomerp === undefined
        ? [`Customerp has no field “${path}”; “${usual.customerp}” is what belongs to ${field}.`]
        : [];
    return usualProperty(row, usual, whys, context);
  }
  if (inCustomerp === undefined) return unknownField('Customerp', path, context.fields.customerp);
  return newProperty(row, field, usual, { customerp: inCustomerp, context });
}

/** A pair that the default mapping has: with its type, its group and its flags. */
function usualProperty(row: PropertyRow, usual: Property, adapted: readonly string[], context: RowContext): Found {
  const whys = [...adapted, ...typeNote(row.dataType, typedField(row, usual.tidsbanken, context), usual.type)];
  const narrowed = usual.direction === 'both' && !usual.key ? context.direction : usual.direction;
  if (usual.sensitive) whys.push('It is sensitive, so it is there and off until a person switches it on.');
  return { property: { ...usual, direction: narrowed }, whys, rank: adapted.length === 0 ? 0 : 2 };
}

interface NewPair {
  readonly customerp: FieldDeclaration;
  readonly context: RowContext;
}

function newProperty(
  row: PropertyRow,
  field: string,
  usual: Property | undefined,
  { customerp, context }: NewPair,
): Found | string {
  const tidsbanken = declaredField(context.fields.tidsbanken, field);
  if (usual?.type === 'reference' || usual?.key === true) {
    return `${field} belongs to “${usual.customerp}” of Customerp, which is a ${usual.key ? 'key' : 'reference'}; no other field can be it.`;
  }
  const type = typeOf(row.dataType, tidsbanken, customerp, usual);
  const negated = type === 'boolean' && polarity(row.partner.path) !== polarity(field);
  const sensitive = usual?.sensitive === true;
  const direction = sensitive ? 'off' : writable(context.direction, customerp, tidsbanken);
  if (direction === null) return 'Neither side of the row can be written.';
  const whys = [
    ...typeNote(row.dataType, typedField(row, field, context), type),
    ...(negated ? ['One side says the opposite of the other, so the value is turned around.'] : []),
    ...(sensitive ? ['It is sensitive, so it is there and off until a person switches it on.'] : []),
    ...(direction !== context.direction && !sensitive
      ? ['One side keeps the field itself, so it goes one way only.']
      : []),
  ];
  const property = Property.parse({
    name: nameOf(row.partner.path),
    customerp: row.partner.path,
    tidsbanken: field,
    type,
    negated,
    sensitive,
    direction,
  });
  return { property, whys, rank: 1 };
}

function writable(
  wanted: Property['direction'],
  customerp: FieldDeclaration,
  tidsbanken: FieldDeclaration | undefined,
): Property['direction'] | null {
  const can = { customerp: !customerp.readOnly, tidsbanken: tidsbanken?.readOnly !== true };
  const to = (side: Side): boolean =>
    wanted === 'both' || wanted === (side === 'customerp' ? 'toCustomerp' : 'toTidsbanken');
  const ways = { customerp: to('customerp') && can.customerp, tidsbanken: to('tidsbanken') && can.tidsbanken };
  if (ways.customerp && ways.tidsbanken) return 'both';
  if (ways.tidsbanken) return 'toTidsbanken';
  return ways.customerp ? 'toCustomerp' : null;
}

/** A flag that says closed, inactive or archived is the opposite of one that says active or visible. */
const polarity = (path: string): boolean =>
  /inactiv|inaktiv|archiv|arkiv|clos|lukk|avslutt|slutt|terminat|block|hidden|skjult|disabled|deleted/i.test(path);

const GIVEN: Readonly<Record<string, ValueType>> = {
  text: 'string',
  str: 'string',
  float: 'decimal',
  number: 'decimal',
  double: 'decimal',
  int: 'integer',
  bool: 'boolean',
  datetime: 'datetime',
  'date-time': 'datetime',
};

const typeNamed = (given: string): ValueType | undefined =>
  VALUE_TYPES.find((type) => type.toLowerCase() === given.toLowerCase()) ??
  (Object.hasOwn(GIVEN, given.toLowerCase()) ? GIVEN[given.toLowerCase()] : undefined);

/** The document's data type is JSON's: a date is a “string” to it. What the systems declare says more. */
function typeOf(
  given: string,
  tidsbanken: FieldDeclaration | undefined,
  customerp: FieldDeclaration,
  usual: Property | undefined,
): ValueType {
  if (usual !== undefined && usual.type !== 'enum') return usual.type;
  if (tidsbanken !== undefined && tidsbanken.dateStyle !== 'date') return 'date';
  const named = typeNamed(given);
  if (named !== undefined && named !== 'string' && named !== 'enum' && named !== 'reference') return named;
  const json = new Set([tidsbanken?.json, customerp.json]);
  if (json.has('boolean')) return 'boolean';
  if (json.has('number')) return 'decimal';
  return json.has('integer') && json.size === 1 ? 'integer' : 'string';
}

const JSON_TYPES: Readonly<Record<FieldDeclaration['json'], readonly string[]>> = {
  string: ['string', 'text', 'str', 'date', 'datetime', 'date-time'],
  integer: ['integer', 'int', 'number'],
  number: ['number', 'float', 'double', 'decimal', 'integer', 'int'],
  boolean: ['boolean', 'bool'],
};

/** The field of which the row gives the data type; undefined where Customerp has no field of that name. */
function typedField(row: PropertyRow, field: string, { fields, typesOf }: RowContext): FieldDeclaration | undefined {
  return typesOf === 'tidsbanken'
    ? declaredField(fields.tidsbanken, field)
    : declaredField(fields.customerp, row.partner.path);
}

/** A data type that the field does not have is told: the field's own is used. */
function typeNote(given: string, declared: FieldDeclaration | undefined, type: ValueType): string[] {
  const said = given.toLowerCase();
  if (declared === undefined || said === '' || said === 'n/a' || said === type.toLowerCase()) return [];
  if (JSON_TYPES[declared.json].includes(said)) return [];
  return [`The document says “${given}”; the field is ${declared.json}, read as ${type}.`];
}

/** A name of our own from a path: `address.city` becomes `addressCity`. */
export function nameOf(path: string): string {
  const words = path
    .normalize('NFKD')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const [first = 'property', ...rest] = words;
  const name = [
    first.charAt(0).toLowerCase() + first.slice(1),
    ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('');
  return /^[a-z]/.test(name) ? name : `p${name}`;
}
