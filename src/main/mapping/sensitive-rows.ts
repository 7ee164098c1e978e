import { SIDES } from '../../shared/domain.ts';
import { pathsIn } from './field-path.ts';
import { isActive, type FlowMapping, type Property } from './mapping.ts';

/** A row by which personal data would flow that did not flow so far. */
export interface SensitiveRow {
  readonly row: string;
  /** `compared`: it is read and written, and kept concealed (J1). `shown`: it is kept and shown as it is. */
  readonly how: 'compared' | 'shown';
}

/**
 * Rows that a person has to confirm before they are saved: sensitive ones that are switched on, and rows that would keep
 * as it is what so far was concealed, or what the default mapping (`usual`) has as sensitive. Pure.
 */
export function sensitiveRows(before: FlowMapping, after: FlowMapping, usual: FlowMapping): SensitiveRow[] {
  const was = new Map(before.properties.map((row) => [row.name, row]));
  return after.properties.filter(isActive).flatMap((row): SensitiveRow[] => {
    const old = was.get(row.name);
    const isNew = old === undefined || !isActive(old);
    if (row.sensitive) return isNew ? [{ row: row.name, how: 'compared' }] : [];
    const isPersonal = old?.sensitive === true || isUsuallySensitive(row, usual);
    const wasShown = old !== undefined && !isNew && !old.sensitive && SIDES.every((side) => old[side] === row[side]);
    return isPersonal && !wasShown ? [{ row: row.name, how: 'shown' }] : [];
  });
}

const isUsuallySensitive = (row: Property, usual: FlowMapping): boolean =>
  row.type === 'nationalId' ||
  usual.properties.some(
    (one) =>
      one.sensitive && SIDES.some((side) => pathsIn(row[side]).some((path) => pathsIn(one[side]).includes(path))),
  );

/**
 * Names what a person says yes to: a row that is compared, whatever its fields, as it stays concealed; a row that is
 * shown with its fields, as over others it would show something else.
 */
export const confirmationOf = ({ kind, properties }: FlowMapping, { row, how }: SensitiveRow): string => {
  const fields = properties.filter(({ name }) => name === row).map((one) => SIDES.map((side) => one[side]).join(' | '));
  return [`${kind}.${row} ${how}`, ...(how === 'shown' ? fields : [])].join(' ');
};

/** All rows of a mapping that somebody has to have said yes to. Pure. */
export const personalRows = (mapping: FlowMapping, usual: FlowMapping): SensitiveRow[] =>
  sensitiveRows(usual, mapping, usual);

/** Rows that are held, however they came into the file: nobody has said yes to them. Pure. */
export const heldRows = (
  mapping: FlowMapping,
  usual: FlowMapping,
  confirmed: ReadonlySet<string>,
): readonly SensitiveRow[] =>
  personalRows(mapping, usual).filter((row) => !confirmed.has(confirmationOf(mapping, row)));

/**
 * The mapping without the values of these rows: they are off, and name, match and close no record. A filter that looks at
 * one is left as it is, and so keeps the flow from starting: without it other records would take part. Pure.
 */
export function withholding(mapping: FlowMapping, held: readonly SensitiveRow[], usual: FlowMapping): FlowMapping {
  if (held.length === 0) return mapping;
  const isHeld = (name: string): boolean => held.some(({ row }) => row === name);
  const { lifecycle, ...rest } = mapping;
  const label = mapping.label.filter((name) => !isHeld(name));
  const joins = lifecycle?.joinsWhenInactive?.filter((name) => !isHeld(name));
  return {
    ...rest,
    properties: mapping.properties.map((row) =>
      isHeld(row.name) ? { ...row, direction: 'off', sensitive: true } : row,
    ),
    keys: mapping.keys.filter((key) => !key.properties.some(isHeld)),
    label: label.length === 0 ? usual.label : label,
    ...(lifecycle === undefined || isHeld(lifecycle.property)
      ? {}
      : { lifecycle: { ...lifecycle, ...(joins === undefined ? {} : { joinsWhenInactive: joins }) } }),
  };
}
