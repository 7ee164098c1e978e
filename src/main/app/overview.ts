import type { FlowCard, Overview, SystemHealth } from '../../shared/contract/views.ts';
import { MAIN_KINDS, SIDES, flowOf } from '../../shared/domain.ts';
import type { Kind, Side } from '../../shared/domain.ts';
import { SYSTEM_NAME, failureText } from '../sync/words.ts';
import type { AppService } from './app-service.ts';
import { unfinishedChecklists } from './checklist/unfinished.ts';
import type { Runner } from './runs/runner.ts';
import { runElsewhere } from './runs/run-elsewhere.ts';
import { listRuns } from './runs/runs.ts';
import { isDemo } from './workspace/workspace-config.ts';
import type { Workspace } from './workspace/workspace.ts';

const RECENT_RUNS = 20;

/** The first screen: both systems as last checked, a card for each flow, and the newest runs. */
export function overviewOf(w: Workspace, runner: Runner): Pick<AppService, 'overview' | 'check'> {
  let systems = SIDES.map((side) => uncheckedSystem(w, side));
  return {
    overview: () => overview(w, runner, systems),
    check: async () => {
      systems = await Promise.all(SIDES.map((side) => checkSystem(w, side)));
      return systems;
    },
  };
}

export const workspaceView = ({ config, dir }: Workspace): AppService['workspace'] => ({
  name: config.name,
  path: dir,
  demo: isDemo(config),
});

async function overview(w: Workspace, runner: Runner, systems: SystemHealth[]): Promise<Overview> {
  const unfinished = await unfinishedChecklists(w.store);
  const recent = await listRuns(w, { offset: 0, limit: RECENT_RUNS });
  return {
    workspace: workspaceView(w),
    systems,
    flows: await flowCards(w, recent.rows.find((run) => run.record === undefined)?.startedAt ?? null),
    running: runner.running(),
    lastRun: recent.rows.find((run) => run.state !== 'running') ?? null,
    recentRuns: recent.rows,
    ...(await runElsewhere(w, runner)),
    ...(unfinished.length === 0 ? {} : { unfinished }),
  };
}

const uncheckedSystem = ({ config }: Workspace, side: Side): SystemHealth => ({
  side,
  name: SYSTEM_NAME[side],
  url: config.systems[side].url,
  state: 'unknown',
  detail: '',
  checkedAt: null,
});

async function checkSystem(w: Workspace, side: Side): Promise<SystemHealth> {
  const facts = await w.connectors[side].probe(new AbortController().signal);
  const seen = { ...uncheckedSystem(w, side), checkedAt: w.clock.now() };
  if (facts.ok) return { ...seen, state: 'ok', detail: facts.value.notes.join(' · ') };
  return {
    ...seen,
    state: facts.failure.kind === 'signInNeeded' ? 'signInNeeded' : 'unreachable',
    detail: failureText(side, facts.failure),
  };
}

/** @param lastRunAt when all flows were last synchronised; a run of one record says nothing of a flow */
async function flowCards({ store, flows }: Workspace, lastRunAt: number | null): Promise<FlowCard[]> {
  const records = await store.records.countAll();
  const changes = await store.changes.countShown();
  const mismatches = await store.mismatches.counts();
  const kinds: readonly Kind[] = [...MAIN_KINDS, 'department'];
  return Promise.all(
    kinds
      .filter((kind) => flows.has(kind))
      .map(async (kind) => {
        const own = records.filter((row) => row.kind === kind);
        const { waiting = 0, approved = 0, held = 0 } = changes.find((row) => row.kind === kind) ?? {};
        return {
          flow: flowOf(kind),
          inStep: count(own.filter((row) => row.bucket === 'inStep')),
          waiting,
          approved,
          ...(held === 0 ? {} : { held }),
          mismatches: count(mismatches.filter((m) => m.kind === kind)),
          skipped: count(own.filter((row) => row.bucket === 'skipped')),
          links: await store.links.count(kind),
          records: {
            customerp: count(own.filter((row) => row.side === 'customerp')),
            tidsbanken: count(own.filter((row) => row.side === 'tidsbanken')),
          },
          firstReviewPending: (await store.meta.reviewedBy(kind)) === null,
          lastRunAt,
        };
      }),
  );
}

const count = (rows: readonly { count: number }[]): number => rows.reduce((n, row) => n + row.count, 0);
