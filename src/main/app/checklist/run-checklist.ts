import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Problem, ProblemFacts, Side } from '../../../shared/domain.ts';
import { flowOf } from '../../../shared/domain.ts';
import { groupsFor } from '../../mapping/compile.ts';
import type { CompiledProperty } from '../../mapping/compile.ts';
import { shownText } from '../../mapping/conceal.ts';
import { propertyItem, propertyLines, ruleItem } from '../../dataflow/verify/checklist.ts';
import type { NotApplicable } from '../../../shared/contract/checklist-views.ts';
import type { Finding } from '../../dataflow/verify/finding.ts';
import { worstOf } from '../../dataflow/verify/worst.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import type { RecordRef } from '../../store/runs.ts';
import { flowFor } from '../../sync/context.ts';
import type { SyncContext } from '../../sync/context.ts';
import { isActive } from '../../sync/plan/scope.ts';
import { kindName, SYSTEM_NAME } from '../../sync/words.ts';
import { judgePair } from './carry.ts';
import { checkGroup } from './check-group.ts';
import { checkRules } from './check-rules.ts';
import { createNamed } from './create-named.ts';
import type { CreatedNamed } from './create-named.ts';
import { readPair } from './pair.ts';
import type { PairNow } from './pair.ts';
import { finishPuttingBack, unfinishedChecklists } from './unfinished.ts';

export interface ChecklistWork {
  /** Links that the operator named, in the order in which they are tested. */
  readonly named: readonly { readonly kind: Kind; readonly linkId: number }[];
  /** Records without a counterpart, for which one is to be created. */
  readonly creates: readonly RecordRef[];
  readonly salt: number;
}

export interface TestedPair {
  readonly kind: Kind;
  readonly customerpId: string;
  readonly tidsbankenId: string;
  readonly label: string;
}

export interface ChecklistOutcome {
  readonly pairs: readonly TestedPair[];
  /** One a line, in the order of the mapping; of several named pairs the worst. */
  readonly findings: readonly Finding[];
}

/**
 * Puts back what an earlier checklist left, then goes through the checklist on the named records, pair after pair (7.6).
 * After *Stop* the group under test is given back what it held, and nothing new is begun.
 */
export async function runChecklist(ctx: SyncContext, work: ChecklistWork): Promise<ChecklistOutcome> {
  await finishPuttingBack(ctx);
  const creations: CreatedNamed[] = [];
  const failedCreations: Finding[] = [];
  for (const ref of work.creates) {
    if (ctx.stop.aborted) break;
    const made = await createNamed(ctx, ref);
    creations.push(made);
    if (made.link === null) failedCreations.push(creationOf(ctx, ref.kind, made));
  }
  const made = creations.flatMap(({ link }) => (link === null ? [] : [{ kind: link.kind, linkId: link.id }]));
  const pairs: TestedPair[] = [];
  const findings: Finding[] = [...failedCreations];
  for (const { kind, linkId } of [...made, ...work.named]) {
    if (ctx.stop.aborted) break;
    const ofOne = { ...ctx, request: { ...ctx.request, kinds: [kind] } };
    const tested = await checkPair(
      ofOne,
      linkId,
      work,
      creations.filter(({ link }) => link?.id === linkId),
    );
    if (tested === null) continue;
    pairs.push(tested.pair);
    findings.push(...tested.findings);
  }
  const worst = worstOf(findings);
  await keepTicks(ctx, worst);
  for (const problem of await unfinishedChecklists(ctx.store)) ctx.report(problem);
  return { pairs, findings: worst };
}

const creationOf = (ctx: SyncContext, kind: Kind, { to, verdict }: CreatedNamed): Finding => ({
  kind,
  item: ruleItem({ kind, rule: 'created', to }),
  evidence: null,
  at: ctx.clock.now(),
  ...verdict,
});

async function checkPair(
  ctx: SyncContext,
  linkId: number,
  work: ChecklistWork,
  creations: readonly CreatedNamed[],
): Promise<{ pair: TestedPair; findings: Finding[] } | null> {
  const read = await readPair(ctx, linkId);
  if (!read.ok) {
    const link = await ctx.store.links.get(linkId);
    const facts = link === null ? {} : { why: 'pairUnread', ...idsOf(link) };
    ctx.report(notTested(read.failure, 'Look at the pair in Mismatches, then verify again.', facts));
    return null;
  }
  const { link, label, flow } = read.value;
  const { kind, customerpId, tidsbankenId } = link;
  await judgePair(ctx, kind, customerpId);
  const waiting = await ctx.store.changes.openOfLink(linkId);
  if (waiting.length > 0) {
    ctx.report(changesWait(link, label, waiting));
    return null;
  }
  const lines = await checkLines(ctx, read.value, work, new Set(creations.map(({ to }) => to)));
  const created = new Map(creations.map(({ to, verdict }) => [to, verdict] as const));
  const rules = await checkRules(ctx, { pair: { ...read.value, flow }, lines, created, salt: work.salt });
  return { pair: { kind, customerpId, tidsbankenId, label }, findings: [...lines, ...rules] };
}

async function checkLines(
  ctx: SyncContext,
  pair: PairNow,
  work: ChecklistWork,
  createdOn: ReadonlySet<Side>,
): Promise<Finding[]> {
  const { flow, link, props } = pair;
  const references = await referencesOf(ctx, flow.properties, work);
  const tested = new Map<string, Finding>();
  const groups = groupsFor(flow, props.customerp, props.tidsbanken);
  let done = 0;
  for (const group of groups)
    for (const to of SIDES.toReversed()) {
      ctx.progress({
        stage: 'verify',
        flow: flowOf(link.kind),
        side: to,
        done: done++,
        total: groups.length * SIDES.length,
        record: pair.label,
      });
      if (ctx.stop.aborted) break;
      const found = await checkGroup(ctx, {
        kind: link.kind,
        linkId: link.id,
        group,
        to,
        salt: work.salt,
        references: (property) => references.get(property.reference ?? 'department') ?? [],
      });
      for (const one of found) tested.set(one.item, one);
    }
  return propertyLines(flow).map((line): Finding => {
    const item = propertyItem(line);
    const found = tested.get(item);
    const about = { kind: line.kind, item, evidence: null, at: ctx.clock.now() };
    // A key that a creation of this run has carried over was seen to arrive.
    if (line.not === 'key' && createdOn.has(line.to))
      return { ...about, verdict: 'passed', why: null, detail: props[line.to][line.property] ?? null };
    if (found?.why === 'sensitive' || line.not === 'sensitive')
      return { ...about, verdict: 'notApplicable', why: 'sensitive', detail: comparedOnly(pair, line.property) };
    if (line.not !== null)
      return { ...about, verdict: 'notApplicable', why: line.not satisfies NotApplicable, detail: null };
    return found ?? { ...about, verdict: 'failed', why: 'stopped', detail: null };
  });
}

/** A sensitive value is never written for a test; what stands on both sides is told masked (J1). */
function comparedOnly({ props }: PairNow, property: string): string {
  const [e, t] = [props.customerp[property], props.tidsbanken[property]];
  if (e === undefined || t === undefined) return '';
  const mask = e === null ? '' : ` ${shownText(e)}`;
  return e === t ? `=${mask}` : '≠';
}

const REFERENCES_LOOKED_AT = 20;

/** Living links to records in use; the named ones first. */
async function referencesOf(
  ctx: SyncContext,
  properties: readonly CompiledProperty[],
  work: ChecklistWork,
): Promise<ReadonlyMap<Kind, readonly string[]>> {
  const found = new Map<Kind, readonly string[]>();
  for (const kind of new Set(properties.flatMap((p) => p.reference ?? []))) {
    if (!ctx.flows.has(kind)) continue;
    const links = await ctx.store.linksAfter(kind, 0, REFERENCES_LOOKED_AT);
    const inUse: string[] = [];
    for (const link of links) {
      const e = await ctx.store.records.get(kind, 'customerp', link.customerpId);
      const t = await ctx.store.records.get(kind, 'tidsbanken', link.tidsbankenId);
      if (e !== null && t !== null && isActive(ctx, kind, e) && isActive(ctx, kind, t))
        inUse.push(`link:${String(link.id)}`);
    }
    const named = work.named.filter((one) => one.kind === kind).map(({ linkId }) => `link:${String(linkId)}`);
    found.set(kind, [...new Set([...named, ...inUse])]);
  }
  return found;
}

/** A line that was not reached, or that this pair could not show, says nothing: what was seen before stands. */
async function keepTicks(ctx: SyncContext, findings: readonly Finding[]): Promise<void> {
  for (const kind of new Set(findings.map((f) => f.kind))) {
    const { version } = flowFor(ctx, kind);
    const before = await ctx.store.checklists.ticks(kind, version);
    const seen = new Set(before.filter(({ verdict }) => verdict !== 'notApplicable').map(({ item }) => item));
    const ticks = findings
      .filter((f) => f.kind === kind && f.why !== 'stopped')
      .filter((f) => f.verdict !== 'notApplicable' || !seen.has(f.item))
      .map(({ item, verdict, why, at }) => ({ item, verdict, why, at, runId: ctx.runId }));
    await ctx.store.checklists.keep(kind, version, ticks);
  }
}

/** A test value over a difference that somebody has yet to decide would take that decision away from them. */
function changesWait(link: StoredLink, label: string, waiting: readonly StoredChange[]): Problem {
  const members = waiting.flatMap(({ groups }) => groups.flatMap((group) => group.members));
  const names = [...new Set(members.map(({ property }) => property))];
  const record = `${SYSTEM_NAME.customerp} ${kindName('customerp', link.kind)} ${link.customerpId} “${label}”`;
  const what = `${record} has changes that wait: ${names.join(', ')}. A checklist tests pairs that agree, and would write over what is still to be decided.`;
  return {
    ...notTested(what, 'Approve or reject them in Review and sync, then verify again.', {
      why: 'changesWait',
      ...idsOf(link),
      properties: names.join(' '),
    }),
    recordKind: link.kind,
  };
}

const idsOf = ({ customerpId, tidsbankenId }: StoredLink) => ({ customerpId, tidsbankenId });

const notTested = (what: string, todo: string, facts: ProblemFacts): Problem => ({
  kind: 'checklistNotRun',
  what,
  notDone: 'The checklist was not run on this pair, and nothing was written to it.',
  todo,
  facts,
});
