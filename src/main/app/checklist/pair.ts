import { SIDES, fail, ok } from '../../../shared/domain.ts';
import type { Pair, Props, Result, Side } from '../../../shared/domain.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { isJsonObject } from '../../../shared/json.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { ValueType } from '../../mapping/mapping.ts';
import type { StoredLink } from '../../store/links.ts';
import { flowFor } from '../../sync/context.ts';
import type { SyncContext } from '../../sync/context.ts';
import { idOn, observe } from '../../sync/observe.ts';
import { failureText, recordName } from '../../sync/words.ts';

/** A pair under test as both systems show it now. */
export interface PairNow {
  readonly link: StoredLink;
  readonly flow: CompiledFlow;
  readonly label: string;
  /** References as `link:ID` (O2). */
  readonly props: Pair<Props>;
  readonly spellings: Pair<Readonly<Record<string, string>>>;
  readonly raw: Pair<JsonObject>;
}

/** Reads both records of a living link. Fails with a sentence: the link has ended, a record is gone or does not answer. */
export async function readPair(ctx: SyncContext, linkId: number): Promise<Result<PairNow, string>> {
  const link = await ctx.store.links.get(linkId);
  if (link?.state !== 'active') return fail(`Link ${String(linkId)} is no longer alive.`);
  const flow = flowFor(ctx, link.kind);
  const read = async (side: Side) => {
    const seen = await observe(ctx, side, link.kind, idOn(link, side), flow.fieldsToRead(side));
    if (!seen.ok) return fail(failureText(side, seen.failure));
    if (seen.value === null) return fail(`${recordName(side, link.kind, idOn(link, side), '')} is not there.`);
    return ok(seen.value);
  };
  const [customerp, tidsbanken] = await Promise.all(SIDES.map(read));
  if (customerp === undefined || tidsbanken === undefined) throw new Error('Both sides were read.');
  if (!customerp.ok) return customerp;
  if (!tidsbanken.ok) return tidsbanken;
  return ok({
    link,
    flow,
    label: customerp.value.staged.label,
    props: { customerp: customerp.value.props, tidsbanken: tidsbanken.value.props },
    spellings: { customerp: customerp.value.staged.spellings, tidsbanken: tidsbanken.value.staged.spellings },
    raw: { customerp: customerp.value.raw.raw, tidsbanken: tidsbanken.value.raw.raw },
  });
}

/** A field of a raw record by its dotted path. */
export const rawAt = (raw: JsonObject, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>((at, step) => (at !== undefined && isJsonObject(at) ? at[step] : undefined), raw);

const RESTYLED: ReadonlySet<ValueType> = new Set(['date', 'datetime', 'boolean', 'enum', 'reference']);

/** How a side spells a property, to be put back as it stood: "22 33 44 55" is not "+4722334455" to who reads it there. */
export function spelledOn({ flow, raw, spellings }: PairNow, name: string, side: Side): string | null {
  const property = flow.property(name);
  const [part, ...more] = property?.parts[side] ?? [];
  const kept = spellings[side][name] ?? null;
  if (property === undefined || part === undefined || more.length > 0) return kept;
  if (property.sensitive || property.convert?.[side] !== undefined || RESTYLED.has(property.type)) return kept;
  const text = rawAt(raw[side], part.path);
  return typeof text === 'string' && text !== '' ? text : kept;
}
