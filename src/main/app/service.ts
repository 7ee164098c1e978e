import { DIRECTIONS, MAIN_KINDS, SIDES, fail, flowOf, kindOf, ok, otherSide } from '../../shared/domain.ts';
import type { Direction, Flow, Kind, Problem, Result, Side, Take } from '../../shared/domain.ts';
import type {
  BulkSummary,
  FlowCard,
  JournalRow,
  MismatchDetail,
  MismatchRow,
  MismatchSummary,
  Overview,
  Progress,
  PropertyView,
  SystemHealth,
} from '../../shared/contract/views.ts';
import type { StoredChange } from '../store/changes.ts';
import { nativeIdOf } from '../sync/observe.ts';
import { massLimit } from '../sync/review/rails.ts';
import { failureAdvice, failureText, SYSTEM_NAME } from '../sync/words.ts';
import { Decider } from './decide.ts';
import { LinkDesk } from './link-desk.ts';
import { notFound, refused, stale } from './refusals.ts';
import type {
  AppService,
  DecideOptions,
  DoctorReport,
  JournalQuery,
  MismatchQuery,
  ReviewQuery,
  RunOptions,
  Slice,
} from './app-service.ts';
import { summaryOfMismatches } from './mismatch-summary.ts';
import { recordHistory } from './record-history.ts';
import { recordPages } from './record-pages.ts';
import type { CompiledFlow } from '../mapping/compile.ts';
import { audit } from './audit.ts';
import type { AuditOptions } from './audit.ts';
import { storeHealth } from './health.ts';
import { isDemo } from './workspace-config.ts';
import { runView } from './run-view.ts';
import { Runner } from './runner.ts';
import {
  asListRow,
  candidateView,
  changeRow,
  groupView,
  linkView,
  mismatchRow,
  propertyViews,
  recordRow,
} from './views.ts';
import type { PairInView } from './views.ts';
import type { Workspace } from './workspace.ts';

type Change = Awaited<ReturnType<AppService['change']>>;
type Mismatch = Awaited<ReturnType<AppService['mismatch']>>;
type Outcome = Awaited<ReturnType<AppService['decideMismatches']>>;
type Detail = Awaited<ReturnType<AppService['record']>>;

const RECENT_RUNS = 20;
const WHOLE_PAGE = 500;

/** The service behind all hosts: reads the store for the screens, takes decisions, and starts runs. */
export class Service implements AppService {
  readonly #w: Workspace;
  readonly #runner: Runner;
  readonly #links: LinkDesk;
  readonly #decider: Decider;
  #health: SystemHealth[];

  constructor(workspace: Workspace) {
    this.#w = workspace;
    this.#runner = new Runner(workspace);
    this.#links = new LinkDesk(workspace);
    this.#decider = new Decider(workspace, this.#links);
    this.#health = SIDES.map((side) => ({
      side,
      name: SYSTEM_NAME[side],
      url: workspace.config.systems[side].url,
      state: 'unknown',
      detail: '',
      checkedAt: null,
    }));
  }

  get workspace(): AppService['workspace'] {
    return { name: this.#w.config.name, path: this.#w.dir, demo: isDemo(this.#w.config) };
  }

  async overview(): Promise<Overview> {
    const recent = await this.runs({ offset: 0, limit: RECENT_RUNS });
    return {
      workspace: { ...this.workspace },
      systems: this.#health,
      flows: await this.#cards(),
      running: this.running(),
      lastRun: recent.rows.find((run) => run.state !== 'running') ?? null,
      recentRuns: recent.rows,
    };
  }

  async check(): Promise<SystemHealth[]> {
    this.#health = await Promise.all(SIDES.map((side) => this.#checkSide(side)));
    return this.#health;
  }

  async doctor(): Promise<DoctorReport> {
    const systems = await Promise.all(
      SIDES.map(async (side) => {
        const facts = await this.#w.connectors[side].probe(new AbortController().signal);
        if (facts.ok) return { side, ok: true, findings: [...facts.value.notes], problem: null };
        const problem: Problem = {
          kind: facts.failure.kind,
          what: failureText(side, facts.failure),
          notDone: 'Nothing was read or written.',
          todo: failureAdvice(facts.failure),
          side,
        };
        return { side, ok: false, findings: [], problem };
      }),
    );
    const store = await storeHealth(this.#w);
    return { ok: store.ok && systems.every((system) => system.ok), systems, store };
  }

  audit(options: AuditOptions): ReturnType<AppService['audit']> {
    return audit(this.#w, options);
  }

  startRun(options: RunOptions): ReturnType<AppService['startRun']> {
    return this.#runner.start(options);
  }

  stop(): boolean {
    return this.#runner.stop();
  }

  running(): Progress | null {
    return this.#runner.running();
  }

  progress(signal: AbortSignal | undefined): AsyncGenerator<Progress | null, void, void> {
    return this.#runner.progress(signal);
  }

  async changes(query: ReviewQuery, slice: Slice): ReturnType<AppService['changes']> {
    const found = await this.#w.store.changes.list(filterOf(query), slice.offset, slice.limit);
    return { total: found.total, rows: found.rows.map((change) => changeRow(this.#w.flows.get(change.kind), change)) };
  }

  async change(id: number): Promise<Change> {
    const change = await this.#w.store.changes.get(id);
    const flow = change === null ? undefined : this.#w.flows.get(change.kind);
    if (change === null || flow === undefined) return fail(notFound(`There is no change ${String(id)}.`));
    const pair = await this.#pair(change.kind, change.customerpId, change.tidsbankenId);
    const nativeIds = await this.#referredIds(change);
    return ok({
      ...changeRow(flow, change),
      groupViews: await Promise.all(
        change.groups.map(async (group) => {
          const view = groupView(flow, pair, group, nativeIds);
          const named = await this.#named(flow, view.properties);
          return { ...view, properties: view.properties.map((p, index) => ({ ...p, ...named[index] })) };
        }),
      ),
      approvedBy: change.approvedBy,
      approvedAt: change.approvedAt,
      waitsFor: change.waitsFor.map((ref) => `${SYSTEM_NAME[ref.side]} ${ref.kind} ${ref.nativeId}`),
    });
  }

  async bulkSummary(query: ReviewQuery): Promise<BulkSummary> {
    const rows = await this.#w.store.changes.summary(filterOf(query));
    const byRow = new Map<string, BulkSummary['rows'][number]>();
    for (const { kind, target, op, count, review } of rows) {
      const key = `${kind}:${target}:${op}`;
      const before = byRow.get(key) ?? { flow: flowOf(kind), target, op, count: 0, review: 0 };
      byRow.set(key, { ...before, count: before.count + count, review: before.review + review });
    }
    return {
      total: rows.reduce((n, row) => n + row.count, 0),
      rows: [...byRow.values()],
      rails: [...new Set(rows.flatMap((row) => (row.rail === null ? [] : [row.rail])))],
    };
  }

  async decideChanges(ids: readonly number[], take: 'approve' | 'reject' | 'later', group?: string): Promise<Outcome> {
    // One row by itself was looked at; several at once are a mass change, whose number must be typed (S1).
    const seen = ids.length === 1;
    return collectOutcome(ids, 'change', (id) => this.#decideChange(id, take, group, seen));
  }

  async decideAllChanges(
    query: ReviewQuery,
    take: 'approve' | 'reject',
    confirmCount: number,
  ): Promise<Result<Outcome, Problem>> {
    const ids = await this.#w.store.changes.idsOf(filterOf(query));
    if (ids.length !== confirmCount) {
      return fail(countDiffers(ids.length, confirmCount, 'changes'));
    }
    if (take === 'reject')
      return ok(await collectOutcome(ids, 'change', (id) => this.#decideChange(id, 'reject', undefined, true)));
    return ok(await this.#approveAll(ids));
  }

  async mismatches(query: Parameters<AppService['mismatches']>[0], slice: Slice): ReturnType<AppService['mismatches']> {
    const found = await this.#w.store.mismatches.list(
      { kind: query.flow === undefined ? undefined : kindOf(query.flow), mismatch: query.kind, find: query.find },
      slice.offset,
      slice.limit,
    );
    return { total: found.total, rows: found.rows.map(mismatchRow) };
  }

  async mismatchCounts(): ReturnType<AppService['mismatchCounts']> {
    return (await this.#w.store.mismatches.counts()).map(({ kind, mismatch, count }) => ({
      flow: flowOf(kind),
      kind: mismatch,
      count,
    }));
  }

  async mismatch(id: number): Promise<Mismatch> {
    const mismatch = await this.#w.store.mismatches.get(id);
    const flow = mismatch === null ? undefined : this.#w.flows.get(mismatch.kind);
    if (mismatch === null || flow === undefined) return fail(notFound(`There is no mismatch ${String(id)}.`));
    const pair = await this.#pair(mismatch.kind, mismatch.customerpId, mismatch.tidsbankenId);
    const own = pair.customerp ?? pair.tidsbanken;
    const others =
      own === null
        ? []
        : await Promise.all(
            mismatch.candidates.map((nativeId) =>
              this.#w.store.records.get(mismatch.kind, otherSide(own.side), nativeId),
            ),
          );
    const candidates = others
      .filter((record) => record !== null)
      .map(async (record) =>
        candidateView(
          flow,
          own,
          record,
          (await this.#w.store.links.of(record.kind, record.side, record.nativeId)) !== null,
        ),
      );
    return ok({
      ...mismatchRow(mismatch),
      properties: await this.#named(flow, propertyViews(flow, pair)),
      candidates: await Promise.all(candidates),
      pages: this.#pages(mismatch.kind, mismatch),
    });
  }

  async mismatchSummary(query: MismatchQuery): Promise<MismatchSummary> {
    return summaryOfMismatches(await this.#mismatchesOf(query));
  }

  async decideAllMismatches(query: MismatchQuery, take: Take, confirmCount: number): Promise<Result<Outcome, Problem>> {
    const ids = (await this.#mismatchesOf(query)).map(({ id }) => id);
    return ids.length === confirmCount
      ? ok(await this.decideMismatches(ids, { take }))
      : fail(countDiffers(ids.length, confirmCount, 'mismatches'));
  }

  /** All that fit, read page by page. */
  async #mismatchesOf(query: MismatchQuery): Promise<MismatchRow[]> {
    const rows: MismatchRow[] = [];
    for (;;) {
      const found = await this.mismatches(query, { offset: rows.length, limit: WHOLE_PAGE });
      rows.push(...found.rows);
      if (found.rows.length === 0 || rows.length >= found.total) return rows;
    }
  }

  async decideMismatches(ids: readonly number[], options: DecideOptions): Promise<Outcome> {
    const changeIds: number[] = [];
    const outcome = await collectOutcome(ids, 'mismatch', async (id) => {
      const decided = await this.#decider.decideMismatch(id, options);
      if (decided.ok && decided.value.changeId !== null) changeIds.push(decided.value.changeId);
      return decided;
    });
    if (ids.length > 1) await this.#holdMass(changeIds);
    return outcome;
  }

  async records(query: Parameters<AppService['records']>[0], slice: Slice): ReturnType<AppService['records']> {
    const found = await this.#w.store.records.list(
      {
        kind: query.flow === undefined ? undefined : kindOf(query.flow),
        side: query.side,
        linked: query.linked,
        find: query.find,
      },
      slice.offset,
      slice.limit,
    );
    return { total: found.total, rows: found.rows.map(recordRow) };
  }

  async record(flow: Flow, side: Side, nativeId: string): Promise<Detail> {
    const kind = kindOf(flow);
    const record = await this.#w.store.records.get(kind, side, nativeId);
    const compiled = this.#w.flows.get(kind);
    if (record === null || compiled === undefined)
      return fail(notFound(`${SYSTEM_NAME[side]} has no record ${nativeId} in ${flow} that was ever read.`));
    const link = await this.#w.store.links.of(kind, side, nativeId);
    const pair = await this.#pair(
      kind,
      link?.customerpId ?? (side === 'customerp' ? nativeId : null),
      link?.tidsbankenId ?? (side === 'tidsbanken' ? nativeId : null),
    );
    const changes = await this.#w.store.changes.openOfRecord(kind, side, nativeId);
    return ok({
      ...recordRow(asListRow(record, link)),
      link: link === null ? null : linkView(link),
      properties: await this.#named(compiled, propertyViews(compiled, pair)),
      pages: this.#pages(kind, {
        customerpId: pair.customerp?.nativeId ?? null,
        tidsbankenId: pair.tidsbanken?.nativeId ?? null,
      }),
      changes: changes.map((change) => changeRow(compiled, change)),
      mismatches: (await this.#w.store.mismatches.openOfRecord(kind, side, nativeId)).map(mismatchRow),
    });
  }

  async recordHistory(flow: Flow, side: Side, nativeId: string): ReturnType<AppService['recordHistory']> {
    const kind = kindOf(flow);
    const compiled = this.#w.flows.get(kind);
    if (compiled === undefined) return fail(notFound(`The flow ${flow} is switched off.`));
    const link = await this.#w.store.links.of(kind, side, nativeId);
    const ids = link === null ? [nativeId] : [link.customerpId, link.tidsbankenId];
    return ok(await recordHistory(this.#w.store, compiled, ids));
  }

  link(flow: Flow, customerpId: string, tidsbankenId: string): ReturnType<AppService['link']> {
    return this.#links.link(flow, customerpId, tidsbankenId);
  }

  unlink(linkId: number): ReturnType<AppService['unlink']> {
    return this.#links.unlink(linkId);
  }

  setDirection(linkId: number, direction: Direction): ReturnType<AppService['setDirection']> {
    return DIRECTIONS.includes(direction)
      ? this.#links.setDirection(linkId, direction)
      : Promise.resolve(
          fail(
            refused(`There is no direction “${direction}”.`, `Choose one of ${DIRECTIONS.join(', ')}.`, 'noDirection'),
          ),
        );
  }

  async findLink(flow: Flow, nativeId: string): ReturnType<AppService['findLink']> {
    const links = await Promise.all(SIDES.map((side) => this.#w.store.links.of(kindOf(flow), side, nativeId)));
    const ids = new Set(links.flatMap((link) => (link === null ? [] : [link.id])));
    const [linkId, other] = [...ids];
    if (linkId === undefined) return fail(notFound(`No record ${nativeId} in ${flow} is linked.`));
    if (other === undefined) return ok({ linkId });
    return fail(
      refused(
        `${nativeId} is a Customerp id of one pair and a Tidsbanken id of another in ${flow}.`,
        'Use the id of the other record of the pair you mean.',
        'twoPairs',
      ),
    );
  }

  async runs(slice: Slice): ReturnType<AppService['runs']> {
    const found = await this.#w.store.runs.list(slice.offset, slice.limit);
    return { total: found.total, rows: found.rows.map((run) => runView(run, this.#w.clock.now())) };
  }

  async journal(query: JournalQuery, slice: Slice): ReturnType<AppService['journal']> {
    const { events, ...rest } = query;
    if (events === undefined) return this.#w.store.journal.list(rest, slice.offset, slice.limit);
    const rows = (await this.#wholeJournal(rest)).filter((row) => events.includes(row.event));
    return { total: rows.length, rows: rows.slice(slice.offset, slice.offset + slice.limit) };
  }

  /** The store finds no event by its name; what is asked for is one run's or one record's. */
  async #wholeJournal(query: Pick<JournalQuery, 'runId' | 'item'>): Promise<JournalRow[]> {
    const rows: JournalRow[] = [];
    for (;;) {
      const found = await this.#w.store.journal.list(query, rows.length, WHOLE_PAGE);
      rows.push(...found.rows);
      if (found.rows.length === 0 || rows.length >= found.total) return rows;
    }
  }

  journalSummary(runId?: number): Promise<Record<string, number>> {
    return this.#w.store.journal.countEvents(runId);
  }

  backUp(file: string): ReturnType<AppService['backUp']> {
    return this.#w.store.backUp(file);
  }

  /** Lets a run finish what is under way before the store is closed. */
  async close(): Promise<void> {
    await this.#runner.close();
    await Promise.all(SIDES.map((side) => this.#w.connectors[side].close()));
    this.#w.store.close();
  }

  /** S1: one decision for many mismatches is a mass change like any other; Review asks for its number. */
  async #holdMass(changeIds: readonly number[]): Promise<void> {
    const { store, person } = this.#w;
    const bySort = new Map<string, StoredChange[]>();
    for (const id of changeIds) {
      const change = await store.changes.get(id);
      if (change === null) continue;
      const sort = `${change.kind}:${change.target}:${change.op}`;
      bySort.set(sort, [...(bySort.get(sort) ?? []), change]);
    }
    for (const [first, ...more] of bySort.values()) {
      if (first === undefined) continue;
      const held = [first, ...more].map((change) => change.id);
      if (held.length <= massLimit(first.op, await store.links.count(first.kind), this.#w.settings.rails)) continue;
      const detail = { person, kind: first.kind, op: first.op, count: held.length };
      await store.changes.hold(held, `S1:${first.op}`, [{ event: 'heldByRail', detail }]);
    }
  }

  async #checkSide(side: Side): Promise<SystemHealth> {
    const facts = await this.#w.connectors[side].probe(new AbortController().signal);
    const seen = {
      side,
      name: SYSTEM_NAME[side],
      url: this.#w.config.systems[side].url,
      checkedAt: this.#w.clock.now(),
    };
    if (facts.ok) return { ...seen, state: 'ok', detail: facts.value.notes.join(' · ') };
    return {
      ...seen,
      state: facts.failure.kind === 'signInNeeded' ? 'signInNeeded' : 'unreachable',
      detail: failureText(side, facts.failure),
    };
  }

  async #cards(): Promise<FlowCard[]> {
    const { store, flows } = this.#w;
    const records = await store.records.countAll();
    const changes = await store.changes.countByState();
    const mismatches = await store.mismatches.counts();
    const lastRunAt = (await store.runs.list(0, 1)).rows[0]?.startedAt ?? null;
    const kinds: readonly Kind[] = [...MAIN_KINDS, 'department'];
    return Promise.all(
      kinds
        .filter((kind) => flows.has(kind))
        .map(async (kind) => {
          const own = records.filter((row) => row.kind === kind);
          const states = (names: readonly string[]): number =>
            count(changes.filter((c) => c.kind === kind && names.includes(c.state)));
          return {
            flow: flowOf(kind),
            inStep: count(own.filter((row) => row.bucket === 'inStep')),
            waiting: states(['planned', 'manual', 'unknown']),
            approved: states(['approved', 'deferred', 'preparing', 'sending', 'acked']),
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

  async #pair(kind: Kind, customerpId: string | null, tidsbankenId: string | null): Promise<PairInView> {
    const { records, links } = this.#w.store;
    const customerp = customerpId === null ? null : await records.get(kind, 'customerp', customerpId);
    const tidsbanken = tidsbankenId === null ? null : await records.get(kind, 'tidsbanken', tidsbankenId);
    const link = customerpId === null ? null : await links.of(kind, 'customerp', customerpId);
    return { customerp, tidsbanken, link: link?.tidsbankenId === tidsbankenId ? link : null };
  }

  #pages(kind: Kind, ids: { customerpId: string | null; tidsbankenId: string | null }): MismatchDetail['pages'] {
    return recordPages(this.#w.config, kind, { customerp: ids.customerpId, tidsbanken: ids.tidsbankenId });
  }

  /** A native id says little to a person: what it points to is named beside it. */
  async #named(flow: CompiledFlow, views: readonly PropertyView[]): Promise<PropertyView[]> {
    return Promise.all(
      views.map(async (view) => {
        const kind = flow.property(view.property)?.reference;
        if (kind === undefined) return view;
        const [customerp, tidsbanken] = await Promise.all(
          SIDES.map(async (side) => {
            const id = view[side];
            const record = typeof id === 'string' ? await this.#w.store.records.get(kind, side, id) : null;
            return record?.label;
          }),
        );
        const names = {
          ...(customerp === undefined ? {} : { customerp }),
          ...(tidsbanken === undefined ? {} : { tidsbanken }),
        };
        return { ...view, names };
      }),
    );
  }

  /** The records of the target that a change's references stand for, by `link:ID`. */
  async #referredIds(change: StoredChange): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for (const { desired } of change.groups.flatMap((g) => g.members)) {
      if (desired === null || !desired.startsWith('link:')) continue;
      const nativeId = await nativeIdOf(this.#w, change.target, desired);
      if (nativeId !== null) ids.set(desired, nativeId);
    }
    return ids;
  }

  async #decideChange(
    id: number,
    take: 'approve' | 'reject' | 'later',
    group: string | undefined,
    seen: boolean,
  ): Promise<Result<null, Problem>> {
    const { store, person } = this.#w;
    const change = await store.changes.get(id);
    if (change === null) return fail(notFound(`There is no change ${String(id)}.`));
    if (group !== undefined && !change.groups.some((g) => g.group === group))
      return fail(
        refused(
          `Change ${String(id)} has no group ${group}.`,
          `It has: ${change.groups.map((g) => g.group).join(', ')}.`,
          'noGroup',
        ),
      );
    const groups = group === undefined || change.op === 'create' ? ('all' as const) : [group];
    if (take === 'approve' && isDoubted(change)) return fail(cannotPass(change));
    if (take === 'approve' && !seen && isMass(change)) return fail(needsCount(change));
    const journal = [
      {
        event: decisionEvent(take),
        item: `change:${String(id)}`,
        detail: { person, group: group ?? null, fingerprint: change.fingerprint },
      },
    ];
    const taken =
      take === 'approve'
        ? await store.changes.approve(id, groups, person, true, journal)
        : take === 'reject'
          ? await store.changes.reject(id, groups, journal)
          : true;
    if (!taken) return fail(stale(`Change ${String(id)} has ended or is under way.`, 'underWay'));
    await this.#remember(change, take, group);
    return ok(null);
  }

  /** A person has seen the whole list and typed its number: that passes S1 and S7 for exactly these changes (section 13). */
  async #approveAll(ids: readonly number[]): Promise<Outcome> {
    const { store, person } = this.#w;
    const hard: Outcome['refused'] = [];
    const items: { id: number; groups: readonly string[] }[] = [];
    const kinds = new Set<Kind>();
    for (const id of ids) {
      const change = await store.changes.get(id);
      if (change === null || !['planned', 'approved', 'deferred', 'manual'].includes(change.state))
        hard.push(refusedItem(`change:${String(id)}`, stale('It has ended or is under way.', 'underWay')));
      else if (isDoubted(change)) hard.push(refusedItem(`change:${String(id)}`, cannotPass(change)));
      else {
        items.push({ id, groups: change.groups.map((g) => g.group) });
        kinds.add(change.kind);
      }
    }
    await store.changes.approveMany(items, person, true, [
      { event: 'approvedByCount', detail: { person, confirmed: ids.length, approved: items.length } },
    ]);
    for (const kind of kinds) await store.meta.markReviewed(kind, person);
    return { decided: items.length, refused: hard };
  }

  async #remember(
    change: StoredChange,
    take: 'approve' | 'reject' | 'later',
    group: string | undefined,
  ): Promise<void> {
    const { store, person } = this.#w;
    await store.decisions.add({
      person,
      itemType: 'change',
      itemId: change.id,
      fingerprint: change.fingerprint,
      take,
      group: group ?? null,
    });
    if (take !== 'later') await store.meta.markReviewed(change.kind, person);
  }
}

const count = (rows: readonly { count: number }[]): number => rows.reduce((n, row) => n + row.count, 0);

const countDiffers = (found: number, confirmed: number, items: string): Problem => ({
  kind: 'countDiffers',
  what: `${String(found)} ${items} match, and ${String(confirmed)} were confirmed.`,
  notDone: 'Nothing was decided.',
  todo: 'Look at the list again, and confirm its number.',
  facts: { count: found, confirmed },
});

const isMass = (change: StoredChange): boolean => /^S1\b/.test(change.rail ?? '');
const isDoubted = (change: StoredChange): boolean => /^(S[236]|C6)\b/.test(change.rail ?? '');

const needsCount = (change: StoredChange): Problem =>
  refused(
    `The change is held by the rail ${change.rail ?? ''}: too many changes of one sort at once.`,
    'Look through them, then use “Approve all” and type their number.',
    'needsCount',
    { rail: change.rail ?? '' },
  );
const cannotPass = (change: StoredChange): Problem =>
  refused(
    `The change is held by the rail ${change.rail ?? ''}, which cannot be passed.`,
    'See Mismatches for what is wrong.',
    'railNotPassed',
    { rail: change.rail ?? '' },
  );

const decisionEvent = (take: 'approve' | 'reject' | 'later'): string =>
  ({ approve: 'approved', reject: 'rejected', later: 'decidedLater' })[take];

const filterOf = (query: ReviewQuery) => ({
  kind: query.flow === undefined ? undefined : kindOf(query.flow),
  target: query.target,
  op: query.op,
  show: query.show,
  find: query.find,
});

const refusedItem = (itemId: string, problem: Problem): Outcome['refused'][number] => ({
  itemId,
  why: `${problem.what} ${problem.todo}`,
  problem: { ...problem },
});

/** Nothing is silently passed over: what was not decided is told with its reason. */
async function collectOutcome(
  ids: readonly number[],
  type: string,
  decide: (id: number) => Promise<Result<unknown, Problem>>,
): Promise<Outcome> {
  let decided = 0;
  const refusedItems: Outcome['refused'] = [];
  for (const id of ids) {
    const result = await decide(id);
    if (result.ok) decided += 1;
    else refusedItems.push(refusedItem(`${type}:${String(id)}`, result.failure));
  }
  return { decided, refused: refusedItems };
}
