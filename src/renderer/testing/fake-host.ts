import { createRouterClient, implement } from '@orpc/server';
import type { ChecklistView } from '../../shared/contract/checklist-views.ts';
import { contract } from '../../shared/contract/contract.ts';
import type {
  BulkSummary,
  ChangeRow,
  JournalRow,
  MismatchRow,
  MismatchSummary,
  Overview,
  RecordDetail,
  RecordHistory,
  RunView,
  UndoRow,
} from '../../shared/contract/views.ts';
import type { SetupState } from '../../shared/contract/setup.ts';
import type { Client, ProblemView } from '../bridge.ts';

/** A host with invented records that remembers what it was asked. Its answers pass the contract's own schemas. */
export interface FakeHost {
  readonly client: Client;
  readonly asked: { call: string; input: unknown }[];
  changes: ChangeRow[];
  /** What the summary of Review counts; made from the changes when left out. */
  sorts?: BulkSummary['rows'];
  /** How many approved changes wait for their number. */
  held?: number;
  mismatches: MismatchRow[];
  /** Set it to have `sync.start` refuse. */
  busy: ProblemView | null;
  lastRun: RunView | null;
  /** Set it to have no workspace open. */
  choices: SetupState['choices'];
  /** Set it to have the workspace refused. */
  refused?: ProblemView;
  record: RecordDetail;
  history: RecordHistory;
  journal: JournalRow[];
  /** What undo would come to, whatever is to be undone. */
  undos: UndoRow[];
  checklist: ChecklistView;
  /** What an applying run is said to have done. */
  applies: RunView;
}

const AT = Date.UTC(2026, 4, 4, 8);

const NO_CHECKLIST: ChecklistView = { flow: 'customer-kunde', lines: [], rules: [], unfinished: [] };

export const aProblem: ProblemView = {
  kind: 'busy',
  what: 'Another run holds the workspace.',
  notDone: 'No run was started.',
  todo: 'Wait until it ends.',
};

export const aChange = (id: number, more: Partial<ChangeRow> = {}): ChangeRow => ({
  id,
  flow: 'customer-kunde',
  op: 'update',
  target: 'tidsbanken',
  label: `Fjordglimt ${id} AS`,
  customerpId: `C${id}`,
  tidsbankenId: `${id}`,
  state: 'planned',
  needs: 'review',
  approved: 'none',
  groups: ['email'],
  summary: 'email: post@fjordglimt.example',
  changed: [{ property: 'email', type: 'email', to: 'post@fjordglimt.example' }],
  changedMore: 0,
  rail: null,
  problem: null,
  createdAt: AT,
  ...more,
});

export const aMismatch = (id: number, more: Partial<MismatchRow> = {}): MismatchRow => ({
  id,
  flow: 'customer-kunde',
  kind: 'bothEdited',
  label: `Nordlys ${id} AS`,
  customerpId: `C${id}`,
  tidsbankenId: `${id}`,
  group: 'email',
  detail: {},
  suggests: 'customerp',
  takes: ['customerp', 'tidsbanken', 'accept', 'later'],
  firstSeenAt: AT,
  seenCount: 1,
  ...more,
});

export const aRun = (more: Partial<RunView> = {}): RunView => ({
  id: 2,
  mode: 'manual',
  approve: null,
  state: 'done',
  startedAt: AT,
  endedAt: AT + 2000,
  full: false,
  flows: { 'customer-kunde': aCount() },
  requests: { customerp: 4, tidsbanken: 9 },
  seconds: 2,
  problems: [],
  ...more,
});

type Counts = NonNullable<RunView['flows']['customer-kunde']>;
export const aCount = (more: Partial<Counts> = {}): Counts => ({
  read: { customerp: 0, tidsbanken: 0 },
  links: 5,
  created: { customerp: 0, tidsbanken: 0 },
  updated: { customerp: 0, tidsbanken: 0 },
  inStep: 0,
  proposed: 0,
  mismatches: 0,
  skipped: 0,
  failed: 0,
  ...more,
});

export const aRecord = (more: Partial<RecordDetail> = {}): RecordDetail => ({
  isAside: false,
  flow: 'project-prosjekt',
  side: 'tidsbanken',
  nativeId: '0',
  label: 'Uten prosjekt',
  number: '0',
  bucket: 'skipped',
  reason: 'systemRecord',
  partnerId: null,
  linkId: null,
  direction: null,
  missing: false,
  link: null,
  properties: [],
  changes: [],
  mismatches: [],
  pages: {},
  ...more,
});

const email = {
  property: 'email',
  group: 'email',
  fields: { customerp: 'email', tidsbanken: 'Epost' },
  type: 'email',
  sensitive: false,
  customerp: 'post@fjordglimt.example',
  base: { customerp: 'old@fjordglimt.example', tidsbanken: 'old@fjordglimt.example' },
  tidsbanken: 'old@fjordglimt.example',
  differs: true,
};

const overviewOf = (host: Omit<FakeHost, 'client'>): Overview => ({
  workspace: { name: 'Test', path: '/tmp/test', demo: false },
  systems: [],
  flows: [
    {
      flow: 'customer-kunde',
      inStep: 10,
      waiting: host.changes.filter((change) => change.approved === 'none').length,
      approved: host.changes.filter((change) => change.approved === 'all').length,
      ...(host.held === undefined ? {} : { held: host.held }),
      mismatches: host.mismatches.length,
      skipped: 0,
      links: 5,
      records: { customerp: 6, tidsbanken: 6 },
      firstReviewPending: false,
      lastRunAt: AT,
    },
  ],
  running: null,
  lastRun: host.lastRun,
  recentRuns: [],
});

const paged = <Row>(rows: readonly Row[], window: { offset: number; limit: number }) => ({
  total: rows.length,
  rows: rows.slice(window.offset, window.offset + window.limit),
});

const summaryOf = (rows: readonly MismatchRow[]): MismatchSummary => ({
  total: rows.length,
  rows: [...Map.groupBy(rows, ({ kind }) => kind)].map(([kind, alike]) => ({
    flow: 'customer-kunde',
    kind,
    count: alike.length,
  })),
  takes: (rows[0]?.takes ?? []).filter((take) => rows.every((row) => row.takes.includes(take))),
});

const os = implement(contract);

/** Only what the tests call is answered; any other call fails as unknown. */
function routerOf(host: Omit<FakeHost, 'client'>) {
  const note = (call: string, input: unknown): void => {
    host.asked.push({ call, input });
  };
  return {
    setup: {
      state: os.setup.state.handler(() => {
        const { choices, refused } = host;
        return { choices, ...(refused === undefined ? {} : { refused }) };
      }),
    },
    overview: { get: os.overview.get.handler(() => overviewOf(host)) },
    sync: {
      start: os.sync.start.handler(({ input, errors }) => {
        note('sync.start', input);
        if (host.busy !== null) throw errors.BUSY({ data: host.busy });
        return { runId: 1 };
      }),
      progress: os.sync.progress.handler(async function* () {
        yield null;
      }),
    },
    review: {
      list: os.review.list.handler(({ input }) =>
        paged(
          host.changes.filter(
            ({ approved, rail }) =>
              input.show === 'open' ||
              (approved === 'all' && rail !== null) ||
              (approved === 'all') === (input.show === 'approved'),
          ),
          input,
        ),
      ),
      get: os.review.get.handler(({ input, errors }) => {
        const row = host.changes.find((change) => change.id === input.id);
        if (row === undefined) throw errors.NOT_FOUND({ data: { ...aProblem, what: 'It has ended.' } });
        const group = { group: 'email', row: 'R7', needs: row.needs, approved: row.approved === 'all' };
        const groupViews = [{ ...group, properties: [{ ...email, desired: 'post@fjordglimt.example' }] }];
        return { ...row, groupViews, approvedBy: null, approvedAt: null, waitsFor: [] };
      }),
      summary: os.review.summary.handler(() => ({
        total: host.changes.length,
        rows: host.sorts ?? [
          { flow: 'customer-kunde', target: 'tidsbanken', op: 'update', count: host.changes.length, review: 1 },
        ],
        rails: host.changes.flatMap((change) => change.rail ?? []),
      })),
      apply: os.review.apply.handler(() => {
        host.lastRun = host.applies;
        host.changes = [];
        return { runId: host.applies.id };
      }),
      decide: os.review.decide.handler(({ input }) => {
        note('review.decide', input);
        host.changes = host.changes.map((row) => (input.ids.includes(row.id) ? { ...row, approved: 'all' } : row));
        return { decided: input.ids.length, refused: [] };
      }),
      decideAll: os.review.decideAll.handler(({ input }) => {
        note('review.decideAll', input);
        return { decided: input.confirmCount - 1, refused: [{ itemId: '1', why: 'It went stale.' }] };
      }),
    },
    checklist: {
      get: os.checklist.get.handler(() => host.checklist),
      start: os.checklist.start.handler(({ input }) => {
        note('checklist.start', input);
        return { runId: 7 };
      }),
      restore: os.checklist.restore.handler(() => {
        note('checklist.restore', null);
        return { runId: 8 };
      }),
    },
    undo: {
      preview: os.undo.preview.handler(() => {
        return {
          reversed: countUndos(host.undos, 'reversed'),
          kept: countUndos(host.undos, 'kept'),
          cannot: countUndos(host.undos, 'cannot'),
        };
      }),
      rows: os.undo.rows.handler(({ input }) =>
        paged(
          host.undos.filter((u) => u.outcome === input.outcome),
          input,
        ),
      ),
      propose: os.undo.propose.handler(({ input }) => {
        note('undo.propose', input);
        const groups = countUndos(host.undos, 'reversed');
        return { changes: groups, groups, missed: 0, rails: [] };
      }),
    },
    runs: {
      list: os.runs.list.handler(({ input }) => paged(host.lastRun === null ? [] : [host.lastRun], input)),
      journal: os.runs.journal.handler(({ input }) =>
        paged(
          host.journal.filter(({ event }) => input.events === undefined || input.events.includes(event)),
          input,
        ),
      ),
    },
    records: {
      get: os.records.get.handler(() => host.record),
      history: os.records.history.handler(() => host.history),
    },
    mismatches: {
      list: os.mismatches.list.handler(({ input }) => paged(host.mismatches, input)),
      counts: os.mismatches.counts.handler(() => []),
      get: os.mismatches.get.handler(({ input }) => ({
        ...(host.mismatches.find((row) => row.id === input.id) ?? aMismatch(input.id)),
        properties: [email],
        candidates: [
          {
            side: 'tidsbanken',
            nativeId: '77',
            label: 'Nordlys',
            agreesOn: ['name'],
            keys: [
              { key: 'orgNo', strength: 'strong', outcome: 'differs', own: '310123404', theirs: '310123412' },
              {
                key: 'nameAndEmail',
                strength: 'weak',
                outcome: 'agrees',
                own: 'Nordlys, a@b.example',
                theirs: 'Nordlys, a@b.example',
              },
            ],
            linked: false,
          },
        ],
        pages: { customerp: `http://127.0.0.1:1/C${String(input.id)}` },
      })),
      summary: os.mismatches.summary.handler(() => summaryOf(host.mismatches)),
      decideAll: os.mismatches.decideAll.handler(({ input }) => {
        note('mismatches.decideAll', input);
        host.mismatches = [];
        return { decided: input.confirmCount, refused: [] };
      }),
      decide: os.mismatches.decide.handler(({ input }) => {
        note('mismatches.decide', input);
        host.mismatches = host.mismatches.filter((row) => !input.ids.includes(row.id));
        return { decided: input.ids.length, refused: [] };
      }),
    },
  };
}

export function fakeHost(more: Partial<Omit<FakeHost, 'client'>> = {}): FakeHost {
  const host = {
    asked: [],
    changes: [],
    mismatches: [],
    busy: null,
    lastRun: null,
    choices: null,
    applies: aRun(),
    record: aRecord(),
    journal: [],
    undos: [],
    checklist: NO_CHECKLIST,
    history: { events: [], provenance: [], isCut: false },
    ...more,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the calls left out are never made
  return Object.assign(host, { client: createRouterClient(routerOf(host)) as unknown as Client });
}

const countUndos = (undos: readonly UndoRow[], outcome: UndoRow['outcome']): number =>
  undos.filter((undo) => undo.outcome === outcome).length;
