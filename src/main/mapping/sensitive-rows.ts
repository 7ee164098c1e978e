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
