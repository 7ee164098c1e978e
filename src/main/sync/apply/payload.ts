import { hash } from 'node:crypto';
import { fail, ok } from '../../../shared/domain.ts';
import type { GroupChange, Kind, Result, Side } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { OpenValues } from '../../mapping/reading.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { nativeIdOf } from '../observe.ts';

/** The fields to send, by dotted path, in the target's own form. */
export type Payload = ReadonlyMap<string, Json>;

/**
 * Turns approved groups into the target's fields (A4, N5). Fails with the property that cannot be written there, so that
 * nothing is ever sent half. `open` holds the source's sensitive values: the change itself only has what stands for them.
 */
export async function buildPayload(
  ctx: Pick<SyncContext, 'store' | 'flows'>,
  side: Side,
  kind: Kind,
  groups: readonly GroupChange[],
  op: 'create' | 'update',
  open: OpenValues = {},
): Promise<Result<Payload, { property: string; reason: string }>> {
  const flow = flowFor(ctx, kind);
  const payload = new Map<string, Json>();
  for (const member of groups.flatMap((group) => group.members)) {
    const property = flow.property(member.property);
    if (property === undefined) return fail({ property: member.property, reason: 'it is no longer mapped' });
    let { desired: value, spelling } = member;
    if (property.reference !== undefined && value !== null) {
      value = await nativeIdOf(ctx, side, value);
      if (value === null) return fail({ property: member.property, reason: 'the record it refers to is not linked' });
    }
    if (op === 'update' && member.desired === member.expected) continue;
    if (property.sensitive && value !== null) {
      const real = open[member.property];
      if (real?.concealed !== value) return fail({ property: member.property, reason: 'it cannot be read again' });
      ({ value, spelling } = real);
    }
    const form = flow.write(side, member.property, value, spelling, op);
    if (form.kind === 'write')
      for (const [path, json] of form.fields ?? [[property[side], form.json] as const]) payload.set(path, json);
    else if (op === 'update' || (value !== null && form.reason !== 'readOnly'))
      return fail({ property: member.property, reason: form.reason });
  }
  return ok(payload);
}

/** What the journal and the intent keep of a payload: enough to tell two apart, nothing to read (J1, J2). */
export const payloadDigest = (payload: Payload): string =>
  hash('sha256', JSON.stringify([...payload].toSorted(([a], [b]) => (a < b ? -1 : 1))), 'hex');
