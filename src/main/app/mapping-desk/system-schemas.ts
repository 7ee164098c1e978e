import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Result, Side } from '../../../shared/domain.ts';
import type { Connector, ConnectorFailure } from '../../connectors/connector.ts';
import { SystemSchema } from '../../mapping/lint/system-schema.ts';
import type { KindSchema } from '../../mapping/lint/system-schema.ts';
import type { Store } from '../../store/store.ts';

const keyOf = (side: Side): string => `schema:${side}`;

/** What became of asking one system what its fields are. `none`: its descriptor names no place that says so. */
export interface SchemaRead {
  readonly side: Side;
  readonly outcome: 'read' | 'none' | 'failed';
  readonly failure?: ConnectorFailure;
}

/** Asks both systems what their fields are, and keeps what they say; what was kept before stays where one fails. Reads only. */
export async function readSchemas(
  { meta }: Pick<Store, 'meta'>,
  connectors: Pair<Connector>,
  signal: AbortSignal,
): Promise<SchemaRead[]> {
  const reads: SchemaRead[] = [];
  for (const side of SIDES) {
    const read: Result<SystemSchema, ConnectorFailure> | undefined = await connectors[side].schema?.(signal);
    if (read === undefined || (read.ok && Object.keys(read.value).length === 0)) reads.push({ side, outcome: 'none' });
    else if (read.ok) {
      await meta.set(keyOf(side), JSON.stringify(read.value));
      reads.push({ side, outcome: 'read' });
    } else reads.push({ side, outcome: 'failed', failure: read.failure });
  }
  return reads;
}

export type SchemasOf = (kind: Kind) => Pair<KindSchema | null>;

/** What both systems last said of their fields; null where nothing is kept, or in a form that is not known any more. */
export async function keptSchemas({ meta }: Pick<Store, 'meta'>): Promise<SchemasOf> {
  const kept = async (side: Side): Promise<SystemSchema> => {
    const parsed = SystemSchema.safeParse(JSON.parse((await meta.get(keyOf(side))) ?? '{}'));
    return parsed.success ? parsed.data : {};
  };
  const [customerp, tidsbanken] = [await kept('customerp'), await kept('tidsbanken')];
  return (kind) => ({ customerp: customerp[kind] ?? null, tidsbanken: tidsbanken[kind] ?? null });
}
