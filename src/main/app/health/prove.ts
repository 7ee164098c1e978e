import { SIDES, fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Problem, Result, Side } from '../../../shared/domain.ts';
import type { RunView } from '../../../shared/contract/views.ts';
import type { StoredLink } from '../../store/links.ts';
import { flowFor } from '../../sync/context.ts';
import type { SyncContext } from '../../sync/context.ts';
import { runWork } from '../../sync/run-sync.ts';
import type { RunOutcome } from '../../sync/run-sync.ts';
import { idOn } from '../../sync/observe.ts';
import type { NamedRecord } from '../checklist/checklists.ts';
import { finishPuttingBack } from '../checklist/unfinished.ts';
import type { LinkDesk } from '../records/link-desk.ts';
import { whyNotOnly } from '../records/only-record.ts';
import { refused } from '../refusals.ts';
import type { Runner } from '../runs/runner.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { proveMerge } from './merge-proof.ts';
import { settingOf } from './proof.ts';
import type { Proof } from './proof.ts';
import { readingProofs } from './reading-proofs.ts';

export interface ProveOptions {
  /** A linked record that the operator named; both of the pair are looked at. */
  readonly record: NamedRecord;
  /** The id once more, typed by a person who lets the record be written to; null: nothing is written. */
  readonly confirmed: string | null;
}

export interface Proofs {
  readonly proofs: readonly Proof[];
  /** The run that wrote; null where nothing was to be written. */
  readonly run: RunView | null;
}

const MILLISECONDS = 1000;

/**
 * What the two systems can do, seen on one named pair, beside what their descriptors say (2.4). Reading proofs always;
 * the one that writes only where its record was named a second time, under the lease and put back as a checklist's.
 * Suggests settings and sets none. Fails with `notFound`, `refused` or `busy` before anything is sent.
 */
export async function prove(
  w: Workspace,
  runner: Runner,
  links: LinkDesk,
  { record, confirmed }: ProveOptions,
): Promise<Result<Proofs, Problem>> {
  if (confirmed !== null && confirmed !== record.nativeId) return fail(notConfirmed(record.nativeId));
  const found = await links.find(record.flow, record.nativeId);
  if (!found.ok) return found;
  const link = await w.store.links.get(found.value.linkId);
  if (link === null) throw new Error('The link was found a moment ago.');
  const kind = kindOf(record.flow);
  const why = await whyNotOnly(w, { kind, side: 'customerp', nativeId: link.customerpId });
  if (why !== null) return fail(why);
  const read = (await Promise.all(SIDES.map((side) => readingProofs(subjectOf(w, link, side))))).flat();
  if (confirmed === null)
    return ok({ proofs: [...read, ...SIDES.map((side) => notWritten(w, link, side))], run: null });
  const written: Proof[] = [];
  const salt = Math.floor(w.clock.now() / MILLISECONDS);
  const started = await runner.start({ do: 'apply', approve: 'none' }, (ctx) =>
    underLease({ ...ctx, request: { ...ctx.request, kinds: [kind] } }, async (narrowed) => {
      await finishPuttingBack(narrowed);
      for (const side of SIDES)
        if (!narrowed.stop.aborted) written.push(await proveMerge(narrowed, link.id, side, salt));
    }),
  );
  if (!started.ok) return started;
  const run = await started.value.ended;
  return ok({ proofs: [...read, ...written], run });
}

/** After a restore from a backup a run only looks (section 10). */
async function underLease(ctx: SyncContext, work: (ctx: SyncContext) => Promise<void>): Promise<RunOutcome> {
  if (ctx.request.mode === 'preview') return { state: 'failed', collected: [], applied: [], rails: [] };
  return runWork(ctx, () => work(ctx));
}

const subjectOf = (w: Workspace, link: StoredLink, side: Side) => ({
  connector: w.connectors[side],
  flow: flowFor(w, link.kind),
  kind: link.kind,
  nativeId: idOn(link, side),
  skewMs: w.settings.skewMs[side],
  signal: new AbortController().signal,
});

function notWritten({ connectors }: Workspace, { kind }: StoredLink, side: Side): Proof {
  const { putMerges } = connectors[side].capabilities(kind);
  const seen = 'it takes a write: name the record once more with --write';
  const setting =
    putMerges === 'unknown' ? settingOf(side, kind, 'putMerges', 'true or false, once it was seen') : null;
  return { side, kind, capability: 'putMerges', says: String(putMerges), verdict: 'notTried', seen, setting };
}

const notConfirmed = (nativeId: string): Problem =>
  refused(
    `A record is written to and put back only where its id was typed a second time, and that was not ${nativeId}.`,
    `Name a test record, and give --write ${nativeId}. A system that replaces whole records empties it for a moment.`,
    'notConfirmed',
  );
