import { otherSide } from '../../../shared/domain.ts';
import type { Pair, Side, Value } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { Fields } from '../mapping-problem.ts';
import type { FlowMapping } from '../mapping.ts';
import { combinedForm, writeForm } from '../write-form.ts';
import type { LeaveOutReason } from '../write-form.ts';
import { lintedRow, sightOf } from './linted-row.ts';
import type { LintRecord } from './linted-row.ts';

/** What one row makes of one record that was read, and of the record it is linked to. */
export interface TriedRow {
  /** What the record shows; absent where it does not tell, or the value is no value of the type. */
  readonly value?: Value;
  /** What the other side would be sent, field by field. */
  readonly sent: readonly (readonly [field: string, json: Json])[];
  /** What the other side would then show, and what would come back from it. */
  readonly there?: Value;
  readonly back?: Value;
  /** Why nothing would be sent. */
  readonly leftOut: LeaveOutReason | 'notThisWay' | 'sensitive' | 'reference' | null;
}

/**
 * Sends the value of one record to the other side and back, as `FlowLint` does, and shows each step. Null for a row that
 * is off, not there, or whose fields nobody declares. Pure.
 */
export function tryRow(
  name: string,
  mapping: FlowMapping,
  readBy: Pair<FlowMapping | null>,
  declared: Fields,
): ((side: Side, record: LintRecord) => TriedRow) | null {
  const property = mapping.properties.find((one) => one.name === name);
  const row = property === undefined ? undefined : lintedRow(property, mapping, readBy, declared);
  if (row === undefined) return null;
  const { trip, parts, fields } = row;
  return (side, record) => {
    const seen = sightOf(row, side, record);
    if (seen.state !== 'value') return { sent: [], leftOut: null };
    const { value, spelling } = seen;
    const to = otherSide(side);
    const why = row.property.sensitive
      ? 'sensitive'
      : row.property.type === 'reference'
        ? 'reference'
        : row.sends[to]
          ? null
          : 'notThisWay';
    if (why !== null) return { value, sent: [], leftOut: why };
    const form = combinedForm(writeForm(row.property, to, value, spelling, fields[to]), parts[to], 'update');
    if (form.kind === 'leaveOut') return { value, sent: [], leftOut: form.reason };
    const sent = form.fields ?? [[row.property[to], form.json] as const];
    const there = trip.readSent(to, form);
    if (value === null || there.state !== 'value' || there.value === null)
      return { value, sent, leftOut: null, ...(there.state === 'value' ? { there: there.value } : {}) };
    const lost = trip.from(side, value, spelling);
    const back = lost === null ? value : lost.back;
    return { value, sent, leftOut: null, there: there.value, ...(back === undefined ? {} : { back }) };
  };
}
