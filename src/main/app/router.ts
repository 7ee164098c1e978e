import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import type { RunView } from '../../shared/contract/views.ts';
import { fail, problemText } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import type { AppService } from './app-service.ts';
import type { ReviewQuery } from './requests.ts';
import { mergeFromWindow, writeForWindow } from './portable-review/window-files.ts';
import { alreadyOpen } from './setup/write-draft.ts';

type ProblemView = RunView['problems'][number];
type Code = 'BUSY' | 'STALE' | 'REFUSED' | 'NOT_FOUND';
export type Errors = Readonly<Record<Code, (options: { message: string; data: ProblemView }) => Error>>;

export interface RouterContext {
  readonly service: AppService;
}

const CODE_OF: Readonly<Record<string, Code>> = {
  busy: 'BUSY',
  stale: 'STALE',
  countDiffers: 'STALE',
  notFound: 'NOT_FOUND',
};

/** The declared error by which a problem travels to the window. What has no code of its own is a refusal. */
export const codeOf = (problem: Problem): Code => CODE_OF[problem.kind] ?? 'REFUSED';

export function valueOf<T>(result: Result<T, Problem>, errors: Errors): T {
  if (result.ok) return result.value;
  const { failure } = result;
  throw errors[codeOf(failure)]({ message: problemText(failure), data: { ...failure } });
}

/** A workspace is open: there is nothing left to choose. */
const refuse = (errors: Errors): never => valueOf(fail(alreadyOpen), errors);

const os = implement(contract).$context<RouterContext>();
const ONE_DECIDED = { decided: 1, refused: [] };

/**
 * The one router behind every wire (message port, web socket). The contract has validated each input before a handler
 * runs; a Problem of the service travels as BUSY, STALE, NOT_FOUND or REFUSED and carries itself as data.
 */
export const router = os.router({
  setup: {
    state: os.setup.state.handler(() => ({ choices: null })),
    test: os.setup.test.handler(({ errors }) => refuse(errors)),
    folders: os.setup.folders.handler(({ errors }) => refuse(errors)),
    demo: os.setup.demo.handler(({ errors }) => refuse(errors)),
    create: os.setup.create.handler(({ errors }) => refuse(errors)),
    open: os.setup.open.handler(({ errors }) => refuse(errors)),
  },
  overview: {
    get: os.overview.get.handler(({ context }) => context.service.overview()),
    check: os.overview.check.handler(({ context }) => context.service.check()),
  },
  sync: {
    start: os.sync.start.handler(async ({ input, context, errors }) => {
      const started = await context.service.startRun({ do: 'sync', ...input });
      return { runId: valueOf(started, errors).runId };
    }),
    one: os.sync.one.handler(async ({ input, context, errors }) => {
      const { do: what, ...only } = input;
      const options =
        what === 'sync' ? ({ do: 'sync', approve: 'safe' } as const) : ({ do: 'plan', approve: 'none' } as const);
      return valueOf(await context.service.startRun({ ...options, only }), errors).ended;
    }),
    stop: os.sync.stop.handler(({ context }) => ({ stopping: context.service.stop() })),
    progress: os.sync.progress.handler(({ context, signal }) => context.service.progress(signal)),
  },
  review: {
    list: os.review.list.handler(({ input, context }) => context.service.changes(input, input)),
    get: os.review.get.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.change(input.id), errors),
    ),
    summary: os.review.summary.handler(({ input, context }) => context.service.bulkSummary(input)),
    decide: os.review.decide.handler(({ input, context }) =>
      context.service.decideChanges(input.ids, input.take, input.group),
    ),
    decideAll: os.review.decideAll.handler(async ({ input, context, errors }) => {
      const { take, confirmCount, ...query } = input;
      return valueOf(await context.service.decideAllChanges(query satisfies ReviewQuery, take, confirmCount), errors);
    }),
    apply: os.review.apply.handler(async ({ context, errors }) => {
      const started = await context.service.startRun({ do: 'apply', approve: 'none' });
      return { runId: valueOf(started, errors).runId };
    }),
  },
  mismatches: {
    list: os.mismatches.list.handler(({ input, context }) => context.service.mismatches(input, input)),
    counts: os.mismatches.counts.handler(({ context }) => context.service.mismatchCounts()),
    get: os.mismatches.get.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.mismatch(input.id), errors),
    ),
    decide: os.mismatches.decide.handler(({ input, context }) =>
      context.service.decideMismatches(input.ids, { take: input.take, linkTo: input.linkTo }),
    ),
    summary: os.mismatches.summary.handler(({ input, context }) => context.service.mismatchSummary(input)),
    decideAll: os.mismatches.decideAll.handler(async ({ input, context, errors }) => {
      const { take, confirmCount, ...query } = input;
      return valueOf(await context.service.decideAllMismatches(query, take, confirmCount), errors);
    }),
  },
  records: {
    list: os.records.list.handler(({ input, context }) => context.service.records(input, input)),
    get: os.records.get.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.record(input.flow, input.side, input.nativeId), errors),
    ),
    history: os.records.history.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.recordHistory(input.flow, input.side, input.nativeId), errors),
    ),
  },
  links: {
    link: os.links.link.handler(async ({ input, context, errors }) => {
      valueOf(await context.service.link(input.flow, input.customerpId, input.tidsbankenId), errors);
      return ONE_DECIDED;
    }),
    relink: os.links.relink.handler(async ({ input, context, errors }) => {
      valueOf(await context.service.relink(input.flow, input.customerpId, input.tidsbankenId), errors);
      return ONE_DECIDED;
    }),
    setAside: os.links.setAside.handler(async ({ input, context, errors }) => {
      valueOf(await context.service.setAside(input.flow, input.side, input.nativeId, input.aside), errors);
      return ONE_DECIDED;
    }),
    unlink: os.links.unlink.handler(async ({ input, context, errors }) => {
      valueOf(await context.service.unlink(input.linkId), errors);
      return ONE_DECIDED;
    }),
    direction: os.links.direction.handler(async ({ input, context, errors }) => {
      valueOf(await context.service.setDirection(input.linkId, input.direction), errors);
      return ONE_DECIDED;
    }),
  },
  undo: {
    preview: os.undo.preview.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.undoPreview(input.scope), errors),
    ),
    rows: os.undo.rows.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.undoRows(input.scope, input.outcome, input), errors),
    ),
    propose: os.undo.propose.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.proposeUndo(input.scope), errors),
    ),
  },
  mapping: {
    get: os.mapping.get.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.mapping.get(input.flow), errors),
    ),
    lint: os.mapping.lint.handler(async ({ input, context, errors, signal }) =>
      valueOf(await context.service.mapping.lint(input, input.records, signal), errors),
    ),
    try: os.mapping.try.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.mapping.try(input), errors),
    ),
    check: os.mapping.check.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.mapping.check(input), errors),
    ),
    save: os.mapping.save.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.mapping.save(input, input.version, input.confirmed), errors),
    ),
  },
  portable: {
    write: os.portable.write.handler(async ({ input, context, errors }) =>
      valueOf(await writeForWindow(context.service.portable, input.passphrase), errors),
    ),
    read: os.portable.read.handler(async ({ input, context, errors }) => ({
      piece: valueOf(await context.service.portable.transfers.read(input.id, input.offset), errors),
    })),
    send: os.portable.send.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.portable.transfers.take(input.id, input.offset, input.piece), errors),
    ),
    merge: os.portable.merge.handler(async ({ input, context, errors }) =>
      valueOf(await mergeFromWindow(context.service.portable, input), errors),
    ),
    outcomes: os.portable.outcomes.handler(({ input, context }) =>
      context.service.portable.outcomes(input.review, input.outcome, input),
    ),
  },
  runs: {
    list: os.runs.list.handler(({ input, context }) => context.service.runs(input)),
    journal: os.runs.journal.handler(({ input, context }) => context.service.journal(input, input)),
  },
  checklist: {
    get: os.checklist.get.handler(async ({ input, context, errors }) =>
      valueOf(await context.service.checklists.view(input.flow), errors),
    ),
    start: os.checklist.start.handler(async ({ input, context, errors }) => {
      const started = await context.service.checklists.start({ ...input, creates: [] });
      return { runId: valueOf(started, errors).runId };
    }),
    restore: os.checklist.restore.handler(async ({ context, errors }) => {
      const started = await context.service.checklists.restore();
      return { runId: valueOf(started, errors).runId };
    }),
  },
});
