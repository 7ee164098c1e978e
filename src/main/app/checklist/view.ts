import { fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Flow, Problem, Result, Side } from '../../../shared/domain.ts';
import { FAILURES, NOT_APPLICABLE } from '../../../shared/contract/checklist-views.ts';
import type {
  ChecklistLine,
  ChecklistRule,
  ChecklistView,
  TickView,
} from '../../../shared/contract/checklist-views.ts';
import { propertyItem, propertyLines, ruleItem, ruleLines } from '../../dataflow/verify/checklist.ts';
import type { Tick } from '../../store/checklists.ts';
import { notFound } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { unfinishedChecklists } from './unfinished.ts';

/** The checklist of a flow with the age of each tick. Fails with `notFound` for a flow that is off. */
export async function checklistView(w: Workspace, flow: Flow): Promise<Result<ChecklistView, Problem>> {
  const compiled = w.flows.get(kindOf(flow));
  if (compiled === undefined) return fail(notFound(`The flow ${flow} is switched off.`));
  const ticks = new Map(
    (await w.store.checklists.ticks(compiled.kind, compiled.version)).map((tick) => [tick.item, tick]),
  );
  const tickOf = (item: string): TickView | null => shown(ticks.get(item));
  const all = propertyLines(compiled);
  const way = (property: string, to: Side): ChecklistLine['to'][Side] => ({
    not: all.find((line) => line.property === property && line.to === to)?.not ?? null,
    tick: tickOf(propertyItem({ property, to })),
  });
  return ok({
    flow,
    lines: all
      .filter(({ to }) => to === 'tidsbanken')
      .map(({ property, type, fields, sensitive }) => ({
        property,
        type,
        fields,
        sensitive,
        to: { customerp: way(property, 'customerp'), tidsbanken: way(property, 'tidsbanken') },
      })),
    rules: ruleLines(compiled).map((line): ChecklistRule => ({
      rule: line.rule,
      to: 'to' in line ? line.to : null,
      key: line.rule === 'merged' ? line.key : null,
      tick: tickOf(ruleItem(line)),
    })),
    unfinished: await unfinishedChecklists(w.store),
  });
}

const shown = (tick: Tick | undefined): TickView | null =>
  tick === undefined
    ? null
    : { verdict: tick.verdict, why: WHYS.find((why) => why === tick.why) ?? null, at: tick.at, runId: tick.runId };

const WHYS = [...NOT_APPLICABLE, ...FAILURES];
