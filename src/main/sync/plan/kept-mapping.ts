import { FlowMapping } from '../../mapping/mapping.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { Store } from '../../store/store.ts';

const rowsKey = (version: string): string => `rows:${version}`;

type Keeper = Pick<Store, 'meta'>;

/** Keeps the rows by which records are read, so that a later mapping can still tell what their values are. */
export const keepMapping = async ({ meta }: Keeper, { version, mapping }: CompiledFlow): Promise<void> =>
  meta.set(rowsKey(version), JSON.stringify(mapping));

/** The mapping of that version; null when nobody kept it, or it was kept in a form that is not known any more. */
export async function keptMapping({ meta }: Keeper, version: string): Promise<FlowMapping | null> {
  const kept = await meta.get(rowsKey(version));
  if (kept === null) return null;
  const parsed = FlowMapping.safeParse(JSON.parse(kept));
  return parsed.success ? parsed.data : null;
}
