import type { Kind, Side } from '../../../shared/domain.ts';
import { otherSide } from '../../../shared/domain.ts';
import type { StoredRecord } from '../../store/records.ts';
import { versionsFor } from '../../sync/context.ts';
import { flowRulesOf } from '../../sync/plan/flow-rules.ts';
import { collected, creationRules } from '../../sync/plan/match-kind.ts';
import type { CreationRules } from '../../sync/plan/match-kind.ts';
import { World } from '../../sync/plan/world.ts';
import { reconcileUnmatched } from '../../sync/reconcile/unmatched.ts';
import type { UnmatchedOutcome } from '../../sync/reconcile/unmatched.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * What the counterpart of a record would be, as a person wants it whatever the creation rule says (M5). What it has to
 * know of all other records, such as who gets which number (K8), is gathered: one judge is for decisions taken together.
 */
export class CreateJudge {
  readonly #w: Workspace;
  readonly #rules = new Map<string, Promise<CreationRules>>();
  #world: Promise<World> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(workspace: Workspace) {
    this.#w = workspace;
  }

  /** One after the other: what the world has learned is about one record at a time. */
  outcomeFor(record: StoredRecord): Promise<UnmatchedOutcome> {
    const judged = this.#last.then(() => this.#judge(record));
    this.#last = judged.catch(() => undefined);
    return judged;
  }

  async #judge(record: StoredRecord): Promise<UnmatchedOutcome> {
    const { kind, side, nativeId } = record;
    this.#world ??= World.load(this.#w.store);
    const world = await this.#world;
    const rules = await this.#rulesFor(kind, otherSide(side));
    await rules.learn([record]);
    await world.learn(flowRulesOf(this.#w, kind).references, [record]);
    const outcome = reconcileUnmatched(
      collected(record),
      { ...rules.of(nativeId), rule: 'every' },
      { linkOf: world.linkOf, active: true, openCreate: false, heldBy: null, asked: true },
      versionsFor(this.#w, kind),
    );
    if (outcome.change !== null) world.expectCreate(kind, side, nativeId);
    return outcome;
  }

  #rulesFor(kind: Kind, target: Side): Promise<CreationRules> {
    const name = `${kind} ${target}`;
    const known = this.#rules.get(name) ?? creationRules(this.#w, kind, target);
    this.#rules.set(name, known);
    return known;
  }
}
