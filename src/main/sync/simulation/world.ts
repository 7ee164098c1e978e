/* oxlint-disable typescript/no-unsafe-type-assertion -- calls seen through a proxy have lost their types */
// oxlint-disable-next-line no-restricted-imports -- a run after a restore is narrowed by the product's own hands
import { heldAfterRestore, releaseAfterRestore } from '../../app/backups/backups-preview.ts';
// oxlint-disable-next-line no-restricted-imports -- a checklist is the product's own
import { runChecklist } from '../../app/checklist/run-checklist.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { finishPuttingBack } from '../../app/checklist/unfinished.ts';
import { KINDS, SIDES } from '../../../shared/domain.ts';
import type { Result, Side } from '../../../shared/domain.ts';
import type {
  CollectRequest,
  ConnectorFailure,
  Page,
  RawRecord,
  UpdateRequest,
  WriteResult,
} from '../../connectors/connector.ts';
import type { NewChange } from '../../store/changes.ts';
import type { Restore } from '../../store/checklists.ts';
import type { StoredLink } from '../../store/links.ts';
import type { Step as ChangeStep } from '../../store/changes.ts';
import type { BaseMove } from '../../store/bases.ts';
import type { DraftPage } from '../../store/plan-drafts.ts';
import type { RecordRef } from '../../store/runs.ts';
import type { ProgressNote, SyncContext } from '../context.ts';
import { Crash } from '../testing/crash-at.ts';
import { APPROVE_ALL, Fakes, PREVIEW, SAFE } from '../testing/run-on-fakes.ts';
import type { RanOnFakes, RunOnFakes } from '../testing/run-on-fakes.ts';
import { crashPoint } from './crash-points.ts';
import { arrange, heal, nameOfFault } from './faults.ts';
import { Housekeeping } from './housekeeping.ts';
import type { Marks } from './marks.ts';
import { Operator } from './operator.ts';
import { Oracle } from './oracle.ts';
import { Outside, settle } from './outside.ts';
import { planOnCopy, sentOnceMore, undisturbed } from './probes.ts';
import { EngineProcess } from './process.ts';
import type { Watcher } from './process.ts';
import { isFault, isHouse, isPerson, isProbe } from './story.ts';
import type { Edit, Fault, House, Person, Probe, RunStep, Step } from './story.ts';
import { capabilitiesIn, mappingOf, pairsOfWeaknesses, traitsOf } from './traits.ts';
import type { Traits } from './traits.ts';

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
  readonly #operator: Operator;
  readonly #house: Housekeeping;
  readonly #marks: Marks;
  readonly #mutant: Mutant;
  readonly #isOneByOne: boolean;

  constructor(seed: number, marks: Marks, mutant: Mutant = (ctx) => ctx, traits: Traits = traitsOf(seed)) {
    this.fakes = fakesOf(traits);
    this.#marks = marks;
    this.#mutant = mutant;
    this.oracle = new Oracle(this.fakes, marks);
    this.#outside = new Outside(this.fakes);
    this.#operator = new Operator(this.fakes);
    this.#house = new Housekeeping(this.fakes, this.oracle, traits);
    this.#isOneByOne = (traits.writesAtOnce ?? 1) === 1;
    settle(this.#outside, traits.twins);
    for (const side of SIDES) for (const name of traits.weak[side]) marks.add(`weak:${side} ${name}`);
    for (const pair of pairsOfWeaknesses(traits)) marks.add(`weakPair:${pair}`);
  }

  close(): void {
    this.fakes.close();
  }

  async perform(step: Step, number: number): Promise<void> {
    this.oracle.step = number;
    this.fakes.clock.advance(100);
    if (isFault(step)) this.#fault(step);
    else if (isPerson(step)) await this.#person(step);
    else if (isHouse(step)) await this.#keepHouse(step);
    else if (isProbe(step)) await this.#probe(step);
    else if (step.do === 'run') await this.#run(step);
    else if (step.do === 'pass') this.#pass(step.ms);
    else this.#edit(step, '');
  }

  /** No more faults; everything is approved, nothing decided (I1, I4), and then the histories are judged. */
  async heal(): Promise<void> {
    this.oracle.step += 1;
    await heal(this.fakes);
    this.fakes.clock.advance(3_600_000);
    for (let n = 0; n < RUNS_TO_CONVERGE; n++) {
      // After a restore of the store nothing is written before both systems were read, and no test value put back.
      if ((await this.fakes.store.checklists.unfinished()).length > 0)
        await this.#run({ ...HEALED_RUN, mode: 'apply', work: 'putBack' });
      await this.#operator.approveUndos();
      await this.oracle.personDecided();
      await this.#run(HEALED_RUN);
    }
    const [sent, planned] = [this.#received(), (await this.fakes.changes()).length];
    await this.#run(HEALED_RUN);
    await this.oracle.converged(this.#received() - sent, (await this.fakes.changes()).length - planned);
    await this.oracle.atEnd();
    await this.#markFindings();
  }

  #pass(ms: number): void {
    this.fakes.clock.advance(ms);
    this.#tell(`${String(ms / 1_000)} s pass`);
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
    this.#marks.add(`fault:${nameOfFault(fault)}`);
    this.#tell(`fault ${JSON.stringify(fault)}`);
    arrange(this.fakes, this.oracle, fault);
  }

  async #person(person: Person): Promise<void> {
    const told = await this.#operator.perform(person);
    if (told === null) return;
    this.#marks.add(`person:${told.split(' ')[0] ?? ''}`);
    this.#tell(`person: ${told}`);
    await this.oracle.personDecided();
  }

  async #keepHouse(house: House): Promise<void> {
    const told = await this.#house.perform(house);
    if (told === null) return;
    this.#marks.add(`house:${house.do}`);
    if (house.do === 'dieInBackup') this.#marks.add('Z:Z10 during backup');
    if (house.do === 'dieInMigration') this.#marks.add('Z:Z10 during migration');
    this.#tell(told);
  }

  async #probe(probe: Probe): Promise<void> {
    this.#marks.add(`probe:${probe.do}`);
    await (probe.do === 'planTwice' ? this.#planTwice() : this.#applyTwice());
  }

  /** I10: the same plan, whatever order the records come in and however large the pages are. */
  async #planTwice(): Promise<void> {
    const plan = await planOnCopy(this.fakes, 'asTheyCome', this.#mutant);
    const turned = await planOnCopy(this.fakes, 'upsideDown', this.#mutant);
    this.#tell('the plan is made twice, the second time with the pages upside down');
    this.oracle.probed(plan === turned, 'I10', () => firstDifference(plan, turned));
  }

  /** I17: what was approved is applied, and then once more by somebody who does not know. */
  async #applyTwice(): Promise<void> {
    await undisturbed(this.fakes, () => this.#run({ ...HEALED_RUN, mode: 'none', wait: false }));
    const { changes } = this.fakes.store;
    for (const id of await changes.idsIn(['planned'])) await changes.approve(id, 'all', 'tester', true, []);
    await this.oracle.personDecided();
    await this.fakes.onCopy(async (copy) => {
      await undisturbed(this.fakes, () => this.#run({ ...HEALED_RUN, mode: 'apply', wait: false }));
      const sent = await sentOnceMore(this.fakes, copy, this.#mutant);
      const twice = await Promise.all(sent.map((id) => changes.get(id)));
      const again = twice.find((change) => change?.state === 'verified');
      this.#tell('what was approved is applied a second time');
      const what = (): string =>
        `change ${String(again?.id)} (${again?.op ?? ''} ${again?.label ?? ''}) would be sent again`;
      this.oracle.probed(again === undefined, 'I17', what);
    });
  }

  async #run(step: RunStep): Promise<void> {
    const only = step.only === undefined ? null : await this.#operator.recordFor(step.only);
    if (step.only !== undefined && only === null) return;
    this.#marks.add('runs');
    const stop = new AbortController();
    const process = new EngineProcess(step.crash, this.#watcher(step, stop));
    const told: string[] = [];
    const asked = {
      ...REQUEST_OF[step.mode],
      full: step.full,
      wait: step.wait,
      kinds: only === null || step.work !== undefined ? KINDS : [only.kind],
      person: 'tester',
      ...(only === null || step.work !== undefined ? {} : { only }),
    };
    const request = await heldAfterRestore(this.fakes.store, asked);
    if (step.work !== undefined && request.mode === 'preview') return;
    await this.oracle.beginRun(request.mode, step.work === undefined ? only : null);
    const named = only === null ? null : await this.fakes.store.links.of(only.kind, only.side, only.nativeId);
    if (step.work === 'checklist' && named?.state !== 'active') return;
    if (step.work !== undefined) this.oracle.beginChecklist(named);
    const name = nameOfRun(step, only);
    const run: RunOnFakes = {
      ...request,
      stop,
      progress: ({ record }: ProgressNote) => told.push(record ?? ''),
      through: (ctx: SyncContext) => this.#mutant(process.through(ctx)),
    };
    try {
      this.#stopInWait(step, stop);
      const ran = await process.whileAlive(this.#begin(step, only, named, run));
      await releaseAfterRestore(this.fakes.store, request, ran);
      this.#tell(`${name}: ${ran.state}, ${String(process.requests)} requests${wordsOf(ran)}`);
      await this.oracle.endRun(ran, process.requests, told);
    } catch (error) {
      if (error instanceof Crash) this.#crashed(name, process);
      else this.oracle.threw(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.fakes.clock.onSleep = () => undefined;
    }
  }

  #begin(
    { mode, work }: RunStep,
    only: RecordRef | null,
    named: StoredLink | null,
    run: RunOnFakes,
  ): Promise<RanOnFakes> {
    if (work !== undefined) return this.fakes.work((ctx) => checklistWork(ctx, named), run);
    if (only !== null) return this.fakes.runOnly(only, run);
    return mode === 'apply' ? this.fakes.apply(run) : this.fakes.run(run);
  }

  #stopInWait({ stopInWaitOf }: RunStep, stop: AbortController): void {
    if (stopInWaitOf === undefined) return;
    this.fakes.clock.onSleep = (ms) => {
      if (ms < stopInWaitOf || stop.signal.aborted) return;
      this.#marks.add('stop:in a wait');
      this.#tell('the operator says Stop while the run waits');
      stop.abort();
    };
  }

  #crashed(name: string, process: EngineProcess): void {
    const diedAt = process.diedAt ?? '';
    this.#marks.add('crashes');
    this.#marks.add(`crash:${diedAt}`);
    this.#marks.add(`Z:${crashPoint(diedAt)}`);
    if (process.diedInRecovery) this.#marks.add('Z:Z9 during recovery');
    this.#tell(`${name}: crashed at ${diedAt}`);
    this.fakes.clock.advance(RESTART_MS);
    this.oracle.linksMade();
    if (this.fakes.folder !== null) this.fakes.reopen();
  }

  #watcher(step: RunStep, stop: AbortController): Watcher {
    const { oracle } = this;
    let leftAfterStop = 0;
    return {
      beforeRequest: async (index, side, name, args) => {
        for (const { request, edit } of step.meanwhile) if (request === index) this.#edit(edit, 'meanwhile, ');
        const [request] = args as [UpdateRequest];
        const isWrite = name === 'create' || name === 'update';
        if (isWrite && stop.signal.aborted && step.stopInWaitOf !== undefined && this.#isOneByOne) leftAfterStop += 1;
        // One was under way to the other system, and is finished.
        if (leftAfterStop > 1) oracle.leftAfterStop(name);
        if (step.stopAt === index) stop.abort();
        if (isWrite) await oracle.beforeWrite(side, name, request);
      },
      afterRequest: (side, name, args, result) => this.#watchAnswer(side, name, args, result),
      beforeStep: (name, args) => this.#watchStep(name, args),
      afterStep: (name, args) => {
        const [, next] = args as [unknown, Partial<ChangeStep> | undefined];
        if (MAKES_LINKS.test(name) || next?.newLink !== undefined || next?.activateLink !== undefined)
          oracle.linksMade();
      },
    };
  }

  async #watchStep(name: string, args: readonly unknown[]): Promise<void> {
    const { oracle } = this;
    if (name === 'changes.approveMany') {
      const [items, by] = args as [readonly { id: number; groups: readonly string[] }[], string];
      await oracle.approving(items, by);
    }
    if (name === 'changes.addDecided') oracle.deciding((args as [NewChange])[0]);
    if (name === 'changes.approve') await oracle.approvingOne((args as [number])[0]);
    if (name === 'checklists.begin') await oracle.testBeginning((args as [Omit<Restore, 'id' | 'begunAt'>])[0]);
    if (name === 'checklists.end') await oracle.testEnding((args as [number])[0]);
    if (name === 'drafts.discardStaged') oracle.planBeginning();
    if (name === 'drafts.stage') oracle.drafting((args as [DraftPage])[0]);
    if (name === 'plans.save') await oracle.planning();
    if (name === 'changes.advance') {
      const [id, next] = args as [number, ChangeStep];
      this.#marks.add(`edge:${(await this.fakes.store.changes.get(id))?.state ?? ''} → ${next.state}`);
      if (next.base !== undefined) await oracle.baseMoving(next.base);
      if (next.state === 'verified') await oracle.verifying(id);
    }
    if (name === 'bases.stage') {
      const [moves] = args as [readonly BaseMove[]];
      for (const move of moves) await oracle.baseMoving(move);
    }
    if (name === 'links.end') this.#marks.add('existence:link ended');
  }

  #watchAnswer(side: Side, name: string, args: readonly unknown[], result: unknown): void {
    const { oracle } = this;
    const [request] = args as [UpdateRequest];
    const { kind, nativeId } = request;
    if (name === 'create' || name === 'update') oracle.afterWrite(request, result as WriteResult);
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
      if (page.ok) oracle.pageSeen(side, args[0] as CollectRequest, page.value.records);
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
      if (change.origin === 'undo') this.#marks.add(`undo:${change.op} ${change.state}`);
      for (const group of change.groups) this.#marks.add(`row:${group.row}`);
    }
    for (const [event, count] of Object.entries(await this.fakes.store.journal.countEvents()))
      this.#marks.add(`event:${event}`, count);
  }

  #tell(what: string): void {
    this.story.push(`${String(this.oracle.step).padStart(3)} ${what}`);
  }
}

/** The named pair's checklist; without one, what earlier ones have left is put back. */
async function checklistWork(ctx: SyncContext, named: StoredLink | null): Promise<void> {
  if (named === null) return finishPuttingBack(ctx);
  const work = { named: [{ kind: named.kind, linkId: named.id }], creates: [], salt: SALT };
  await runChecklist(ctx, work);
}

const SALT = 4_242;

function nameOfRun({ mode, full, wait, work }: RunStep, only: RecordRef | null): string {
  const about = only === null ? '' : ` of ${only.side} ${only.kind} ${only.nativeId}`;
  if (work !== undefined) return `${work}${about}`;
  return `run ${mode}${full ? ' full' : ''}${wait ? ' wait' : ''}${about}`;
}

const MAKES_LINKS = /^links\.(make|end|setDirection)$/;
const REQUEST_OF = { safe: SAFE, all: APPROVE_ALL, none: PREVIEW, apply: { mode: 'manual', approve: null } } as const;

const HEALED_RUN = {
  do: 'run',
  mode: 'all',
  full: true,
  wait: true,
  crash: null,
  stopAt: null,
  meanwhile: [],
} as const satisfies RunStep;

const wordsOf = (ran: RanOnFakes): string => {
  const kinds = [...new Set(ran.problemKinds)].join(', ');
  const rails = ran.rails.map((r) => `${r.rail}:${r.kind}`).join(', ');
  return `${kinds === '' ? '' : `; problems: ${kinds}`}${rails === '' ? '' : `; rails: ${rails}`}`;
};

function firstDifference(one: string, other: string): string {
  const [a, b] = [one.split('\n'), other.split('\n')];
  const at = a.findIndex((row, index) => row !== b[index]);
  return `row ${String(at)} of the plan is ${a[at] ?? 'missing'} and ${b[at] ?? 'missing'}`;
}

function fakesOf(traits: Traits): Fakes {
  const { inFile, autoWritesPerRun, writesAtOnce = 1, pageSize } = traits;
  const atOnce = { customerp: writesAtOnce, tidsbanken: writesAtOnce };
  const settings = { writesAtOnce: atOnce, ...(autoWritesPerRun === null ? {} : { autoWritesPerRun }) };
  const fakes = new Fakes({ mapping: mappingOf(traits), inFile, settings });
  for (const side of SIDES) {
    const system = fakes.of(side);
    system.pageSize = pageSize[side];
    for (const kind of system.kinds) system.can(kind, capabilitiesIn(traits, side));
  }
  return fakes;
}
