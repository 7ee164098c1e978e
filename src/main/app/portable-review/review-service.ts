import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { FlowCard, OpenedReview, SystemHealth } from '../../../shared/contract/views.ts';
import { SIDES, fail, ok } from '../../../shared/domain.ts';
import type { Flow, Problem, Result, Side } from '../../../shared/domain.ts';
import { PRESETS, createConnector, presetDescriptor } from '../../connectors/create-connector.ts';
import type { Connector } from '../../connectors/connector.ts';
import { secretNames } from '../../connectors/descriptor/descriptor.ts';
import { openReviewCopy } from '../../store/review-copy.ts';
import type { ReviewCopy } from '../../store/review-copy.ts';
import { openStore } from '../../store/store.ts';
import type { Clock } from '../../sync/context.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import type { AppService } from '../app-service.ts';
import { createService } from '../service.ts';
import { settingsOf } from '../workspace/settings.ts';
import { WorkspaceConfig } from '../workspace/workspace-config.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { writeDecisions } from './answer.ts';
import { copyDeskOf } from './copy-desk.ts';
import { PlanManifest } from './format.ts';
import { REVIEW_FILE, reviewerText } from './open-review.ts';
import { noMergeHere, noOutcomes, onlyAtHome } from './portable-review.ts';
import { Transfers } from './transfers.ts';

const Reviewer = z.object({ account: z.string(), name: z.string() });

/**
 * The service of an opened review: Review and Mismatches on what was brought along, everything else as in a workspace
 * where nothing was ever read. There is no system, no secret and no address that exists, so nothing can be sent; runs
 * are refused as well. Problems: `reviewUnusable`.
 */
export function openReviewService(dir: string, clock: Clock): Result<AppService, Problem> {
  const opened = openReviewCopy(join(dir, REVIEW_FILE));
  if (!opened.ok) return opened;
  const copy = opened.value;
  const manifest = PlanManifest.parse(JSON.parse(copy.fact('manifest') ?? 'null'));
  const reviewer = Reviewer.parse(JSON.parse(copy.fact('reviewer') ?? 'null'));
  const person = reviewerText(reviewer);
  const { origin } = manifest;
  const { exportedBy, exportedAt } = origin;
  const from = origin.workspace.name;
  const reviewNow = (): OpenedReview => ({ from, exportedBy, exportedAt, person, decided: copy.decidedCounts() });
  const empty = createService(emptyWorkspace(dir, from, person, clock));
  const transfers = new Transfers();
  return ok({
    ...empty,
    workspace: { name: from, path: dir, demo: false },
    urls: [],
    ...copyDeskOf({ copy, person, now: () => clock.now() }),
    overview: async () => ({
      ...(await empty.overview()),
      workspace: { name: from, path: dir, demo: false },
      review: reviewNow(),
      systems: SIDES.map(noSystem),
      flows: cardsOf(copy, manifest.flows),
    }),
    check: async () => SIDES.map(noSystem),
    startRun: async () => fail(onlyAtHome()),
    audit: async () => fail(onlyAtHome()),
    link: async () => fail(onlyAtHome()),
    unlink: async () => fail(onlyAtHome()),
    setDirection: async () => fail(onlyAtHome()),
    backUp: async () => fail(onlyAtHome()),
    portable: {
      write: async (path, passphrase) => {
        const written = await writeDecisions(copy, { origin, reviewer, now: clock.now() }, path, passphrase);
        if (!written.ok) return written;
        const { approved, rejected, mismatches } = copy.decidedCounts();
        return ok({ holds: 'decisions', review: origin.review, path, changes: approved + rejected, mismatches });
      },
      merge: noMergeHere,
      outcomes: noOutcomes,
      transfers,
    },
    close: async () => {
      await transfers.close();
      await empty.close();
      copy.close();
    },
  });
}

const system = (side: Side) => ({ preset: PRESET[side], url: `https://${side}.invalid`, secrets: {} });

/** Nothing was read, and the addresses are of a sort that never exists (RFC 2606). */
function emptyWorkspace(dir: string, name: string, person: string, clock: Clock): Workspace {
  const config = WorkspaceConfig.parse({
    name,
    systems: { customerp: system('customerp'), tidsbanken: system('tidsbanken') },
  });
  const store = openStore(':memory:', () => clock.now());
  if (!store.ok) throw new Error(store.failure.what);
  return {
    dir,
    config,
    store: store.value,
    connectors: { customerp: nowhere('customerp'), tidsbanken: nowhere('tidsbanken') },
    flows: new Map(),
    settings: settingsOf(config),
    versions: { policy: '', tenant: '' },
    clock,
    holder: randomUUID(),
    person,
    pair: null,
  };
}

const PRESET = { customerp: 'customerp-rest', tidsbanken: 'tidsbanken' } as const satisfies Record<
  Side,
  keyof typeof PRESETS
>;

function nowhere(side: Side): Connector {
  const names = secretNames(presetDescriptor(PRESET[side]).signIn);
  const connector = createConnector({
    side,
    use: { preset: PRESET[side] },
    baseUrl: `https://${side}.invalid`,
    secrets: Object.fromEntries(names.map((name) => [name, 'none'])),
  });
  if (!connector.ok) throw new Error(connector.failure.what);
  return connector.value;
}

const noSystem = (side: Side): SystemHealth => ({
  side,
  name: SYSTEM_NAME[side],
  url: '',
  state: 'unknown',
  detail: '',
  checkedAt: null,
});

const sum = (rows: readonly { readonly count: number }[]): number => rows.reduce((n, { count }) => n + count, 0);

function cardsOf(copy: ReviewCopy, flows: readonly Flow[]): FlowCard[] {
  const changes = copy.changeCounts({ show: 'open' });
  const mismatches = copy.mismatchCounts();
  return flows.map((flow) => ({
    flow,
    inStep: 0,
    waiting: sum(changes.filter((row) => row.flow === flow && row.standing === 'waiting')),
    approved: sum(changes.filter((row) => row.flow === flow && row.standing === 'approved')),
    mismatches: sum(mismatches.filter((row) => row.flow === flow)),
    skipped: 0,
    links: 0,
    records: { customerp: 0, tidsbanken: 0 },
    firstReviewPending: false,
    lastRunAt: null,
  }));
}
