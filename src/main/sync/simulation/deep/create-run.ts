/* oxlint-disable typescript/no-unsafe-type-assertion -- calls seen through a proxy have lost their types */
import { otherSide } from '../../../../shared/domain.ts';
import type { Side } from '../../../../shared/domain.ts';
import type { Json } from '../../../../shared/json.ts';
import type { WriteResult } from '../../../connectors/connector.ts';
import type { FlowMapping } from '../../../mapping/mapping.ts';
import type { SyncContext } from '../../context.ts';
import { Crash } from '../../testing/crash-at.ts';
import { ansatt, customer, employee, kunde, project } from '../../testing/records.ts';
import { APPROVE_ALL, Fakes, PREVIEW } from '../../testing/run-on-fakes.ts';
import { Marks } from '../marks.ts';
import { textOf } from '../values.ts';
import { EngineProcess } from '../process.ts';
import type { Watcher } from '../process.ts';
import type { CrashAt } from '../steps.ts';
import type { Mutant } from '../world.ts';
import { CREATE_FAULTS, targetOf } from './create-case.ts';
import type { CreateCase } from './create-case.ts';
import { CreateJudge } from './create-judge.ts';
import type { Broken } from './create-judge.ts';

export interface CreateRun {
  readonly broken: readonly Broken[];
  /** Whether each crash came to pass: a run may be over before it. */
  readonly crashed: readonly boolean[];
  readonly marks: Marks;
  readonly story: readonly string[];
}

const RESTART_MS = 2_000;
const NUMBER = '4001';
const MARKER = { customerp: 'externalReference', tidsbanken: 'Eksternref' } as const;

const bothWays = (flow: FlowMapping): FlowMapping => ({
  ...flow,
  create: { customerp: { rule: 'every', automatic: false }, tidsbanken: { rule: 'every', automatic: false } },
});

/** Takes one record through the create protocol (7.2), with all that the case holds against it, and judges the end. */
export async function runCreate(given: CreateCase, mutant: Mutant = (ctx) => ctx): Promise<CreateRun> {
  const world = new OneRecord(given, mutant);
  try {
    return await world.play();
  } finally {
    world.fakes.close();
  }
}

class OneRecord {
  readonly fakes = new Fakes({ mapping: bothWays });
  readonly #case: CreateCase;
  readonly #target: Side;
  readonly #sourceId: string;
  readonly #judge: CreateJudge;
  readonly #marks = new Marks();
  readonly #story: string[] = [];
  readonly #mutant: Mutant;

  constructor(given: CreateCase, mutant: Mutant) {
    this.#case = given;
    this.#mutant = mutant;
    this.#target = targetOf(given.abilities);
    const { naming, onExisting, conditional, filter, pointRead } = given.abilities;
    this.fakes.of(this.#target).can(given.kind, {
      createOnExisting: onExisting,
      conditionalWrite: conditional,
      filterByKey: filter,
      pointRead,
      markerField: naming === 'marker' || naming === 'both' ? MARKER[this.#target] : null,
    });
    this.#sourceId = this.#put(otherSide(this.#target), NUMBER);
    this.#judge = new CreateJudge(this.fakes, given, this.#sourceId);
  }

  async play(): Promise<CreateRun> {
    const { crashes, faults } = this.#case;
    await this.#approved();
    this.fakes.of(this.#target).answer(...faults.map((fault) => CREATE_FAULTS[fault]));
    const crashed: boolean[] = [];
    for (const [index, crash] of (crashes.length === 0 ? [null] : crashes).entries()) {
      const died = await this.#applies(crash);
      if (crash !== null) crashed.push(died);
      if (index === 0) this.#meanwhile();
    }
    await this.#heal();
    this.#marks.add('create runs');
    for (const fault of faults) this.#marks.add(`create fault:${fault}`);
    return { broken: await this.#judge.atEnd(), crashed, marks: this.#marks, story: this.#story };
  }

  /** Planned and approved by a person, so that the run that crashes is all protocol. */
  async #approved(): Promise<void> {
    const { kind } = this.#case;
    await this.fakes.run({ ...PREVIEW, kinds: [kind] });
    const { changes } = this.fakes.store;
    for (const id of await changes.idsIn(['planned'])) await changes.approve(id, 'all', 'tester', true, []);
  }

  /** Returns whether it crashed. */
  async #applies(crash: CrashAt | null): Promise<boolean> {
    const process = new EngineProcess(crash, this.#watcher());
    const { kind, wait } = this.#case;
    try {
      const run = this.fakes.apply({ kinds: [kind], wait, through: (ctx) => this.#mutant(process.through(ctx)) });
      await process.whileAlive(run);
      this.#story.push('applied to its end');
      return false;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#marks.add(`create crash:${process.diedAt ?? ''}`);
      this.#story.push(`crashed at ${process.diedAt ?? ''}`);
      this.#judge.crashed();
      this.fakes.clock.advance(RESTART_MS);
      return true;
    }
  }

  /** No more faults; everything is approved. Without faults one run is enough (I1), and the next writes nothing (I4). */
  async #heal(): Promise<void> {
    const { customerp, tidsbanken, clock } = this.fakes;
    customerp.heal();
    tidsbanken.heal();
    clock.advance(3_600_000);
    const process = new EngineProcess(null, this.#watcher());
    const request = {
      ...APPROVE_ALL,
      kinds: [this.#case.kind],
      full: true,
      wait: true,
      through: (ctx: SyncContext) => this.#mutant(process.through(ctx)),
    };
    await this.fakes.run(request);
    const received = this.fakes.of(this.#target).received.length;
    await this.fakes.run(request);
    this.#judge.sentAfterHealing(this.fakes.of(this.#target).received.length - received);
  }

  #watcher(): Watcher {
    return {
      beforeRequest: async (_, side, name) => {
        if (name === 'create') await this.#judge.beforeCreate(side);
      },
      afterRequest: (_, name, __, result) => {
        if (name !== 'create') return;
        const { kind } = result as WriteResult;
        this.#marks.add(`create outcome:${kind}`);
        this.#story.push(`create: ${kind}`);
        this.#judge.afterCreate(kind);
      },
      beforeStep: async () => undefined,
      afterStep: () => undefined,
    };
  }

  #meanwhile(): void {
    const { kind, meanwhile } = this.#case;
    const source = otherSide(this.#target);
    this.#story.push(`meanwhile: ${meanwhile}`);
    switch (meanwhile) {
      case 'nothing':
        return;
      case 'twin':
        return this.#putIfFree();
      case 'stranger':
        return this.#putIfFree('Ukjent');
      case 'sourceEdited':
        this.#judge.othersActed();
        return this.fakes.of(source).edit(kind, this.#sourceId, nameOn(source, kind, 'Nytt navn'));
      case 'clockBack':
        this.#judge.othersActed();
        return this.fakes.clock.turnBack(600_000);
    }
  }

  /** Somebody makes a record of that number by hand, unless it is there. */
  #putIfFree(name?: string): void {
    const target = this.#target;
    const field = target === 'customerp' ? 'number' : 'Id';
    const isThere = this.fakes
      .of(target)
      .all(this.#case.kind)
      .some((raw) => textOf(raw[field]) === NUMBER);
    if (isThere) return;
    this.#judge.othersActed();
    this.#put(target, NUMBER, name === undefined ? {} : nameOn(target, this.#case.kind, name));
  }

  #put(side: Side, number: string, values: Readonly<Record<string, Json>> = {}): string {
    const { kind } = this.#case;
    const made = {
      customer: side === 'customerp' ? customer(number) : kunde(number),
      employee: side === 'customerp' ? employee(number) : ansatt(Number(number)),
      project:
        side === 'customerp'
          ? project(number)
          : { Id: number, Navn: `Brygge ${number}`, Aktiv: true, Avsluttet: false },
      department: {},
    }[kind];
    return this.fakes.of(side).put(kind, { ...made, ...values });
  }
}

function nameOn(side: Side, kind: CreateCase['kind'], name: string): Readonly<Record<string, Json>> {
  if (kind === 'employee') return side === 'customerp' ? { lastName: name } : { Etternavn: name };
  return side === 'customerp' ? { name } : { Navn: name };
}
