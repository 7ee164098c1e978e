import type { GroupChange, Side } from '../../../shared/domain.ts';
import { atPath } from '../../../shared/json.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { WriteResult } from '../../connectors/connector.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { Payload } from './payload.ts';

const HIDDEN = '••••••';
const SHORTEST = 4; // a shorter text is in too many sentences to take it out

/** Whether the change carries a sensitive value: it is taken from its source at the time of writing (J1). */
export const isSensitive = (flow: CompiledFlow, groups: readonly GroupChange[]): boolean =>
  groups.some((group) => group.members.some((m) => flow.property(m.property)?.sensitive === true));

/** The payload as it may be told: what stands for a sensitive value is in its place (J1, J2). */
export function tellable(flow: CompiledFlow, side: Side, payload: Payload, groups: readonly GroupChange[]): Payload {
  const hidden = groups
    .flatMap((group) => group.members)
    .flatMap((m): [string, string | null][] => {
      const property = flow.property(m.property);
      return property?.sensitive === true && payload.has(property[side]) ? [[property[side], m.desired]] : [];
    });
  return hidden.length === 0 ? payload : new Map([...payload, ...hidden]);
}

/**
 * What a system said about a write, without the sensitive values that went there, should it repeat them (I19). A
 * full-object write carries those that are switched off as well.
 */
export function withoutSecrets<R extends WriteResult>(
  result: R,
  flow: CompiledFlow,
  side: Side,
  sent: { readonly payload: Payload; readonly whole: JsonObject },
): R {
  if (!('detail' in result)) return result;
  const texts = flow.mapping.properties
    .filter((property) => property.sensitive)
    .flatMap((property) => [sent.payload.get(property[side]), atPath(sent.whole, property[side])])
    .map((json) => (typeof json === 'string' || typeof json === 'number' ? String(json) : ''))
    .filter((text) => text.length >= SHORTEST);
  return {
    ...result,
    detail: texts.reduce((detail, text) => detail.replaceAll(spelledAnyhow(text), HIDDEN), result.detail),
  };
}

/** The text with any dots, dashes and blanks between its letters and digits. */
function spelledAnyhow(text: string): RegExp {
  const signs = Array.from(text.replaceAll(/[^\p{L}\p{N}]/gu, ''));
  return new RegExp(signs.join('[^\\p{L}\\p{N}]{0,2}'), 'giu');
}
