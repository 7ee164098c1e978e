import type { Pair, Problem, Side } from '../../shared/domain.ts';
import type { SyncContext } from './context.ts';
import { isDown, SYSTEM_NAME, systemProblem } from './words.ts';

/** Who answers at a side's address: the company of the set-up, another one (S3), or nobody. */
export type Tenant = 'asBefore' | 'another' | 'down';

/**
 * S3: base URL, key and company must be those of the set-up. The first run remembers them; a change stops every write
 * until a person has confirmed it. A system that answers nobody is told at once, and not asked for every kind in turn.
 */
export async function tenants(ctx: SyncContext): Promise<Pair<Tenant>> {
  const [customerp, tidsbanken] = await Promise.all([tenantOf(ctx, 'customerp'), tenantOf(ctx, 'tidsbanken')]);
  for (const { problem } of [customerp, tidsbanken]) if (problem !== null) ctx.report(problem);
  return { customerp: customerp.tenant, tidsbanken: tidsbanken.tenant };
}

interface Answer {
  readonly tenant: Tenant;
  readonly problem: Problem | null;
}

async function tenantOf(ctx: SyncContext, side: Side): Promise<Answer> {
  const facts = await ctx.connectors[side].probe(ctx.abort);
  if (!facts.ok) {
    const down = isDown(facts.failure);
    return down
      ? { tenant: 'down', problem: systemProblem(side, facts.failure) }
      : { tenant: 'asBefore', problem: null };
  }
  const remembered = await ctx.store.meta.get(`tenant:${side}`);
  const now = `${facts.value.tenant} ${facts.value.keyDigest}`;
  if (remembered === null) await ctx.store.meta.set(`tenant:${side}`, now);
  return remembered === null || remembered === now
    ? { tenant: 'asBefore', problem: null }
    : { tenant: 'another', problem: anotherTenant(side) };
}

const anotherTenant = (side: Side): Problem => ({
  kind: 'rail',
  what: `${SYSTEM_NAME[side]} answers as another company, or with another key, than the one this workspace was set up with (rail S3).`,
  notDone: 'Nothing was written to either system.',
  todo: 'Check address and keys. If the change is meant, confirm it in Mismatches.',
  side,
  facts: { rail: 'S3' },
});
