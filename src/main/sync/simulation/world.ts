/* oxlint-disable typescript/no-unsafe-type-assertion -- calls seen through a proxy have lost their types */
// oxlint-disable-next-line no-restricted-imports -- the person of a simulation decides with the product's own hands
import { Decider } from '../../app/decide.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { LinkDesk } from '../../app/link-desk.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import type { Workspace } from '../../app/workspace.ts';
import { fail, ok } from '../../../shared/domain.ts';
import type { Result, Side } from '../../../shared/domain.ts';
import { isJsonObject } from '../../../shared/json.ts';
import type { ConnectorFailure, Page, RawRecord, UpdateRequest, WriteResult } from '../../connectors/connector.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import type { Step as ChangeStep } from '../../store/changes.ts';
import type { NewPlan } from '../../store/plans.ts';
import type { ProgressNote, SyncContext } from '../context.ts';
import { Crash } from '../testing/crash-at.ts';
import type { PageScript, Scripted } from '../testing/fake-system.ts';
import { APPROVE_ALL, Fakes, PREVIEW, SAFE } from '../testing/run-on-fakes.ts';
import type { RanOnFakes } from '../testing/run-on-fakes.ts';
import type { Marks } from './marks.ts';
import { Oracle } from './oracle.ts';
import { Outside, settle } from './outside.ts';
import { EngineProcess } from './process.ts';
import type { Watcher } from './process.ts';
import { Random } from './random.ts';
import { isEdit, isFault } from './steps.ts';
import type { Edit, Fault, Person, RunStep, Step } from './steps.ts';

/** A fault put into the engine on purpose, between it and everything that it works with. */
export type Mutant = (ctx: SyncContext) => SyncContext;

/** Runs counted from a healed world to one in step (I1). */
const RUNS_TO_CONVERGE = 2;
const RESTART_MS = 2_000;

/** Two systems with people in them, the engine between, and an oracle that watches. */
export class World {
  readonly fakes: Fakes;
  readonly oracle: Oracle;
  /** What came to pass, a line each. */
  readonly story: string[] = [];
  readonly #outside: Outside;
  readonly #marks: Marks;
  readonly #mutant: Mutant;

  constructor(seed: number, marks: Marks, mutant: Mutant = (ctx) => ctx) {
    const random = new Random(seed ^ 0x5eed);
    this.fakes = new Fakes({ mapping: mappingOf(random), inFile: random.chance(0.06) });
    switchCapabilities(this.fakes, random);
    this.#marks = marks;
    this.#mutant = mutant;
    this.oracle = new Oracle(this.fakes, marks);
    this.#outside = new Outside(this.fakes);
    settle(this.#outside);
  }

  close(): void {
    this.fakes.close();
  }

  async perform(step: Step, number: number): Promise<void> {
    this.oracle.step = number;
    this.fakes.clock.advance(100);
    if (isEdit(step)) this.#edit(step, '');
    else if (isFault(step)) this.#fault(step);
    else if (step.do === 'pass') {
      this.fakes.clock.advance(step.ms);
      this.#tell(`${String(step.ms / 1_000)} s pass`);
    } else if (step.do === 'run') await this.#run(step);
    else await this.#decide(step);
  }

  /** No more faults; everything is approved, nothing decided (I1, I4), and then the histories are judged. */
  async heal(): Promise<void> {
    this.oracle.step += 1;
    this.fakes.customerp.heal();
    this.fakes.tidsbanken.heal();
    this.fakes.clock.advance(3_600_000);
    const request = {
      do: 'run',
      mode: 'all',
      full: true,
      wait: true,
      crash: null,
      stopAt: null,
      meanwhile: [],
    } as const;
    for (let n = 0; n < RUNS_TO_CONVERGE; n++) await this.#run(request);
    const [sent, planned] = [this.#received(), (await this.fakes.changes()).length];
    await this.#run(request);
    await this.oracle.converged(this.#received() - sent, (await this.fakes.changes()).length - planned);
    await this.oracle.atEnd();
    await this.#markFindings();
  }

  #edit(edit: Edit, when: string): void {
    const told = this.#outside.perform(edit);
    if (told === null) return;
    this.#marks.add('edits');
    this.#marks.add(`edit:${edit.do}`);
    this.#tell(`${when}${told}`);
  }

  #fault(fault: Fault): void {
    this.#marks.add('faults');
    this.#marks.add(`fault:${fault.do === 'pages' ? fault.trick : fault.do === 'answer' ? fault.answer : fault.do}`);
    this.#tell(`fault ${JSON.stringify(fault)}`);
    switch (fault.do) {
      case 'answer': {
        const { side, answer, acts, afterMs, alters } = fault;
        const scripted: Scripted = {
          answer,
          acts,
          ...(afterMs > 0 ? { afterMs } : {}),
          ...(alters ? { keeps: altered } : {}),
        };
        this.fakes.of(side).answer(scripted);
        return;
      }
      case 'failReads':
        this.fakes.of(fault.side).failReads(failureOf(fault.failure));
        return;
      case 'pages': {
        const system = this.fakes.of(fault.side);
        if (fault.trick === 'hide' && !system.capabilities(fault.kind).count)
          this.oracle.lostSilently(fault.side, fault.kind);
        system.nextPages(fault.kind, pageScript(fault));
        return;
      }
      case 'turnBack':
        this.fakes.clock.turnBack(fault.ms);
        this.oracle.clockTurnedBack(fault.ms);
    }
  }

  async #decide(person: Person): Promise<void> {
    const told = person.do === 'decide' ? await this.#decideMismatch(person) : await this.#judge(person);
    if (told === null) return;
    this.#marks.add(`person:${told.split(' ')[0] ?? ''}`);
    this.#tell(`person: ${told}`);
    await this.oracle.personDecided();
  }

  async #decideMismatch({ at, take }: Extract<Person, { do: 'decide' }>): Promise<string | null> {
    const open = await this.fakes.mismatches();
    const mismatch = open[Math.floor(at * open.length)];
    const chosen = mismatch?.takes[Math.floor(take * mismatch.takes.length)];
    if (mismatch === undefined || chosen === undefined) return null;
    const [linkTo] = mismatch.candidates;
    const decided = await this.#decider().decideMismatch(mismatch.id, {
      take: chosen,
      ...(linkTo === undefined ? {} : { linkTo }),
    });
    return `${chosen} for ${mismatch.mismatch} ${mismatch.label} ${mismatch.group ?? ''}${decided.ok ? '' : ` – ${decided.failure.what}`}`;
  }

  async #judge({ at, take }: Extract<Person, { do: 'judge' }>): Promise<string | null> {
    const ids = await this.fakes.store.changes.idsIn(['planned', 'approved']);
    const id = ids[Math.floor(at * ids.length)];
    if (id === undefined) return null;
    if (take === 'approve') await this.fakes.store.changes.approve(id, 'all', 'tester', true, []);
    else await this.fakes.store.changes.reject(id, 'all', []);
    return `${take}s change ${String(id)}`;
  }

  #decider(): Decider {
    const { fakes } = this;
    const workspace: Workspace = {
      dir: '',
      // Nothing that decides looks at the configuration file.
      config: {} as never,
      store: fakes.store,
      connectors: { customerp: fakes.customerp, tidsbanken: fakes.tidsbanken },
      flows: fakes.flows,
      settings: fakes.settings,
      versions: { policy: '1', tenant: '1' },
      clock: fakes.clock,
      holder: 'simulation',
      person: 'tester',
    };
    return new Decider(workspace, new LinkDesk(workspace));
  }

  async #run(step: RunStep): Promise<void> {
    this.#marks.add('runs');
    const stop = new AbortController();
    const process = new EngineProcess(step.crash, this.#watcher(step, stop));
    const { mode, approve } = REQUEST_OF[step.mode];
    const told: string[] = [];
    this.oracle.beginRun(mode);
    const request = {
      mode,
      approve,
      full: step.full,
      wait: step.wait,
      stop,
      progress: ({ record }: ProgressNote) => told.push(record ?? ''),
      through: (ctx: SyncContext) => this.#mutant(process.through(ctx)),
    };
    const name = `run ${step.mode}${step.full ? ' full' : ''}${step.wait ? ' wait' : ''}`;
    try {
      const ran = step.mode === 'apply' ? await this.fakes.apply(request) : await this.fakes.run(request);
      this.#tell(`${name}: ${ran.state}, ${String(process.requests)} requests${wordsOf(ran)}`);
      await this.oracle.endRun(ran, process.requests, told);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#marks.add('crashes');
      this.#marks.add(`crash:${process.diedAt ?? ''}`);
      this.#marks.add(`Z:${crashPoint(process.diedAt ?? '')}`);
      if (process.diedInRecovery) this.#marks.add('Z:Z9 during recovery');
      this.#tell(`${name}: crashed at ${process.diedAt ?? ''}`);
      this.fakes.clock.advance(RESTART_MS);
      if (this.fakes.folder !== null) this.fakes.reopen();
    }
  }

  #watcher(step: RunStep, stop: AbortController): Watcher {
    const { oracle } = this;
    return {
      beforeRequest: async (index, side, name, args) => {
        for (const { request, edit } of step.meanwhile) if (request === index) this.#edit(edit, 'meanwhile, ');
        if (step.stopAt === index) stop.abort();
        const [request] = args as [UpdateRequest];
        if (name === 'create' || name === 'update') await oracle.beforeWrite(side, name, request);
      },
      afterRequest: (side, name, args, result) => this.#watchAnswer(side, name, args, result),
      beforeStep: async (name, args) => {
        if (name === 'changes.approveMany') {
          const [items, by] = args as [readonly { id: number; groups: readonly string[] }[], string];
          await oracle.approving(items, by);
        }
        if (name === 'changes.advance') {
          const [id, next] = args as [number, ChangeStep];
          this.#marks.add(`edge:${(await this.fakes.store.changes.get(id))?.state ?? ''} → ${next.state}`);
          if (next.base !== undefined) await oracle.baseMoving(next.base);
        }
        if (name === 'plans.save') {
          const [{ parts }] = args as [NewPlan];
          for (const move of parts.flatMap((part) => part.bases)) await oracle.baseMoving(move);
        }
        if (name === 'links.end') this.#marks.add('existence:link ended');
      },
      afterStep: (name, args) => {
        const [, next] = args as [unknown, Partial<ChangeStep> | undefined];
        if (MAKES_LINKS.test(name) || next?.newLink !== undefined || next?.activateLink !== undefined)
          oracle.linksMade();
      },
    };
  }

  #watchAnswer(side: Side, name: string, args: readonly unknown[], result: unknown): void {
    const { oracle } = this;
    const [request] = args as [UpdateRequest];
    const { kind, nativeId } = request;
    if (name === 'create' || name === 'update') oracle.afterWrite(result as WriteResult);
    if (name === 'read') {
      const read = result as Result<RawRecord | null, ConnectorFailure>;
      oracle.afterRead(side, kind, nativeId, read.ok ? read.value : null);
    }
    if (name === 'find') {
      const found = result as Result<readonly RawRecord[], ConnectorFailure>;
      if (found.ok) oracle.found(side, kind, found.value);
    }
    if (name === 'collect') {
      const page = result as Result<Page, ConnectorFailure>;
      if (page.ok) oracle.pageSeen(side, kind, page.value.records);
    }
  }

  #received(): number {
    return this.fakes.customerp.received.length + this.fakes.tidsbanken.received.length;
  }

  async #markFindings(): Promise<void> {
    for (let id = 1; ; id++) {
      const found = await this.fakes.store.mismatches.get(id);
      if (found === null) break;
      this.#marks.add(`mismatch:${found.mismatch}`);
      const { row, goneIn, confirmed } = found.detail;
      if (row !== undefined) this.#marks.add(`row:${row}`);
      if (goneIn !== undefined) this.#marks.add(`existence:gone in ${goneIn}, confirmed ${confirmed ?? ''}`);
    }
    for (const change of await this.fakes.changes()) {
      this.#marks.add(`change:${change.op} ${change.state}`);
      for (const group of change.groups) this.#marks.add(`row:${group.row}`);
    }
    for (const [event, count] of Object.entries(await this.fakes.store.journal.countEvents()))
      this.#marks.add(`event:${event}`, count);
  }

  #tell(what: string): void {
    this.story.push(`${String(this.oracle.step).padStart(3)} ${what}`);
  }
}

const MAKES_LINKS = /^links\.(make|end|setDirection)$/;
const REQUEST_OF = { safe: SAFE, all: APPROVE_ALL, none: PREVIEW, apply: { mode: 'manual', approve: null } } as const;

/** Which row of section 10 a crash belongs to, by the durable step that it came at. */
function crashPoint(diedAt: string): string {
  const [name = '', when] = diedAt.split(' ');
  if (name.endsWith('.page') || name.startsWith('records.') || name.endsWith('.probe')) return 'Z1 during collect';
  if (name === 'plans.save')
    return when === 'before' ? 'Z2 before the plan is committed' : 'Z3 plan committed, nothing sent';
  if (name === 'changes.approveMany') return 'Z3 plan committed, nothing sent';
  if (name === 'changes.advance:preparing') return 'Z4 preparing';
  if (name === 'changes.advance:sending') return when === 'before' ? 'Z4 preparing' : 'Z5 sending';
  if (/^(customerp|tidsbanken)\.(create|update)$/.test(name)) return 'Z5 sending';
  if (name === 'changes.advance:acked') return when === 'before' ? 'Z5 sending' : 'Z6 acked, not read back';
  if (name === 'changes.advance:verified')
    return when === 'before' ? 'Z7 read back, base not committed' : 'Z8 base committed, run not closed';
  return 'elsewhere';
}

const wordsOf = (ran: RanOnFakes): string => {
  const kinds = [...new Set(ran.problemKinds)].join(', ');
  const rails = ran.rails.map((r) => `${r.rail}:${r.kind}`).join(', ');
  return `${kinds === '' ? '' : `; problems: ${kinds}`}${rails === '' ? '' : `; rails: ${rails}`}`;
};

/** What some worlds are set up with besides the default mapping. */
function mappingOf(random: Random): (flow: FlowMapping) => FlowMapping {
  const createsInCustomerp = random.chance(0.4);
  const automatic = random.chance(0.2);
  const oneWay = random.chance(0.3);
  return (flow) => ({
    ...flow,
    create: {
      customerp:
        createsInCustomerp && flow.create.tidsbanken.rule === 'every'
          ? { rule: 'every', automatic: false }
          : flow.create.customerp,
      tidsbanken: { ...flow.create.tidsbanken, automatic },
    },
    properties: flow.properties.map((p) =>
      !oneWay || p.key || p.group !== undefined || p.required
        ? p
        : p.name === 'website' || p.name === 'jobTitle'
          ? { ...p, direction: 'toTidsbanken' }
          : p.name === 'mobile'
            ? { ...p, direction: 'toCustomerp' }
            : p,
    ),
  });
}

/** Each world's systems can do other things (2.4). */
function switchCapabilities(fakes: Fakes, random: Random): void {
  const { customerp, tidsbanken } = fakes;
  customerp.pageSize = 3 + random.below(8);
  tidsbanken.pageSize = 3 + random.below(8);
  const conditional = random.chance(0.6);
  const marker = random.chance(0.8);
  const whole = random.chance(0.2);
  const count = random.chance(0.85);
  const delta = random.chance(0.85);
  const upserts = random.chance(0.2);
  const partial = random.chance(0.2);
  for (const kind of customerp.kinds)
    customerp.can(kind, {
      conditionalWrite: conditional,
      ...(marker ? {} : { markerField: null }),
      ...(whole ? { partialUpdate: false, putMerges: 'unknown' } : {}),
    });
  for (const kind of tidsbanken.kinds)
    tidsbanken.can(kind, {
      count,
      delta,
      ...(upserts ? { createOnExisting: 'upserts' } : {}),
      ...(partial ? { partialUpdate: true, putMerges: true } : {}),
    });
}

/** A system that knows better what a record should be called (W3). */
const altered: NonNullable<Scripted['keeps']> = (raw) =>
  Object.fromEntries(
    Object.entries(raw).map(([name, value]) =>
      ['name', 'lastName', 'Navn', 'Etternavn'].includes(name) && typeof value === 'string'
        ? [name, `${value} (rettet)`]
        : [name, value],
    ),
  );

function failureOf(kind: ConnectorFailure['kind']): ConnectorFailure {
  const detail = 'as the story says';
  switch (kind) {
    case 'slowDown':
      return { kind, retryAfterMs: 1_000, detail };
    case 'signInNeeded':
      return { kind, status: 401, detail };
    case 'serverError':
      return { kind, status: 503, detail };
    case 'refused':
      return { kind, status: 400, detail };
    case 'unreachable':
    case 'timeout':
    case 'unreadable':
    case 'cut':
    case 'cancelled':
      return { kind, detail };
  }
}

function pageScript({ trick, at, failure }: Extract<Fault, { do: 'pages' }>): PageScript {
  return (pages) => {
    const here = Math.floor(at * pages.length);
    const good = pages.map((page) => ok(page));
    const page = pages[here];
    if (page === undefined) return good;
    switch (trick) {
      case 'fail':
        return [...good.slice(0, here), fail(failureOf(failure))];
      case 'repeat':
        return [...good.slice(0, here + 1), ok(page), ...good.slice(here + 1)];
      case 'hide':
        return good.with(here, ok({ ...page, records: page.records.slice(1) }));
      case 'contradict': {
        const [first] = page.records;
        if (first === undefined) return good;
        const raw = Object.fromEntries(
          Object.entries(first.raw).map(([name, value]) =>
            typeof value === 'string' && !isJsonObject(value) && /name|Navn/.test(name)
              ? [name, `${value} 2`]
              : [name, value],
          ),
        );
        return [...good, ok({ ...page, records: [{ ...first, raw }] })];
      }
      case 'reverse':
        return pages.toReversed().map((p) => ok({ ...p, records: p.records.toReversed() }));
      case 'empty':
        return [...good.slice(0, here), ok({ ...page, records: [] }), ...good.slice(here)];
    }
  };
}
