import { otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { Finding } from '../../dataflow/verify/finding.ts';
import type { StoredLink } from '../../store/links.ts';
import type { RecordRef } from '../../store/runs.ts';
import { flowFor } from '../../sync/context.ts';
import type { SyncContext } from '../../sync/context.ts';
import { sameAcross } from '../../sync/verify/verify.ts';
import { judgePair } from './carry.ts';
import { readPair } from './pair.ts';
import { applied, arrived } from './test-write.ts';

export interface CreatedNamed {
  readonly link: StoredLink | null;
  readonly to: Side;
  readonly verdict: Pick<Finding, 'verdict' | 'why' | 'detail'>;
}

/**
 * Has the sync create the counterpart that it proposed for the named record, and looks whether it holds what the document
 * promises. It is the sync's own change: the protocol of creation and its looks are those of every create (7.2).
 */
export async function createNamed(ctx: SyncContext, ref: RecordRef): Promise<CreatedNamed> {
  const to = otherSide(ref.side);
  const failed = (detail: string): CreatedNamed => ({
    link: null,
    to,
    verdict: { verdict: 'failed', why: 'notFound', detail },
  });
  const open = await ctx.store.changes.openOfRecord(ref.kind, ref.side, ref.nativeId);
  const change = open.find((c) => c.op === 'create' && (c.state === 'planned' || c.state === 'approved'));
  if (change === undefined) return failed('No creation is proposed for it. Run `tidsbro plan`, then look why.');
  if (/^(S[236]|C6)\b/.test(change.rail ?? '')) return failed(`Held by rail ${change.rail ?? ''}.`);
  await approveAll(ctx, change.id);
  const written = await applied(ctx, change.id);
  const link = await ctx.store.links.of(ref.kind, ref.side, ref.nativeId);
  if (link?.state !== 'active' || !arrived(written)) return failed(written.problem ?? written.state);
  await finishReferences(ctx, link);
  return { link, to, verdict: await asPromised(ctx, link, to) };
}

const REFERENCE_PASSES = 2;

/** References that creation leaves out come with changes of their own (O1). */
async function finishReferences(ctx: SyncContext, link: StoredLink): Promise<void> {
  for (let pass = 0; pass < REFERENCE_PASSES; pass++) {
    await judgePair(ctx, link.kind, link.customerpId);
    for (const change of await ctx.store.changes.openOfLink(link.id)) {
      if (change.state !== 'planned' && change.state !== 'approved') continue;
      await approveAll(ctx, change.id);
      await applied(ctx, change.id);
    }
  }
}

const approveAll = (ctx: SyncContext, id: number): Promise<boolean> =>
  ctx.store.changes.approve(id, 'all', ctx.request.person, true, [
    {
      event: 'approvedForChecklist',
      runId: ctx.runId,
      item: `change:${String(id)}`,
      detail: { person: ctx.request.person },
    },
  ]);

async function asPromised(ctx: SyncContext, link: StoredLink, to: Side): Promise<CreatedNamed['verdict']> {
  const read = await readPair(ctx, link.id);
  if (!read.ok) return { verdict: 'failed', why: 'notFound', detail: read.failure };
  const { props } = read.value;
  const flow = flowFor(ctx, link.kind);
  const other = flow.properties
    .filter(({ sensitive, fields }) => !sensitive && !fields[to].readOnly)
    .filter(({ name }) => {
      const [e, t] = [props.customerp[name], props.tidsbanken[name]];
      return e !== undefined && t !== undefined && !sameAcross(flow, name, e, t);
    })
    .map(({ name }) => name);
  if (other.length > 0) return { verdict: 'failed', why: 'otherValue', detail: other.join(', ') };
  return { verdict: 'passed', why: null, detail: `${link.customerpId} ↔ ${link.tidsbankenId}` };
}
