import type { Pair, Side } from '../../shared/domain.ts';
import type { SyncContext } from './context.ts';
import { SYSTEM_NAME } from './words.ts';

/**
 * S3: base URL, key and company must be those of the set-up. The first run remembers them; a change stops every write
 * until a person has confirmed it. A system that does not answer is not taken for another one: its collection fails.
 */
export async function tenantsAsBefore(ctx: SyncContext): Promise<Pair<boolean>> {
  return { customerp: await asBefore(ctx, 'customerp'), tidsbanken: await asBefore(ctx, 'tidsbanken') };
}

async function asBefore(ctx: SyncContext, side: Side): Promise<boolean> {
  const facts = await ctx.connectors[side].probe(ctx.abort);
  if (!facts.ok) return true;
  const remembered = await ctx.store.meta.get(`tenant:${side}`);
  const now = `${facts.value.tenant} ${facts.value.keyDigest}`;
  if (remembered === null) {
    await ctx.store.meta.set(`tenant:${side}`, now);
    return true;
  }
  if (remembered === now) return true;
  ctx.report({
    kind: 'rail',
    what: `${SYSTEM_NAME[side]} answers as another company, or with another key, than the one this workspace was set up with (rail S3).`,
    notDone: 'Nothing was written to either system.',
    todo: 'Check address and keys. If the change is meant, make a new workspace.',
    side,
  });
  return false;
}
