import { SIDES, fail, flowOf, ok } from '../../../shared/domain.ts';
import type { Flow, Kind, Pair, Problem, Props, Result, Side, Value } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { AuditScratch } from '../../store/audit-scratch.ts';
import type { StoredLink } from '../../store/links.ts';
import { whyIncomplete } from '../../sync/collect/completeness.ts';
import { stageRecord } from '../../sync/collect/stage-record.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import { withLinks } from '../../sync/observe.ts';
import { flowRulesOf } from '../../sync/plan/flow-rules.ts';
import type { FlowRules, GroupRule } from '../../sync/reconcile/rules.ts';
import { collectProblem, failureAdvice, failureText } from '../../sync/words.ts';
import { kindsOf } from '../workspace/workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface AuditOptions {
  readonly flows?: readonly Flow[] | undefined;
  /** How many findings are listed; the figures count all. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

interface AboutPair {
  readonly flow: Flow;
  readonly label: string;
  readonly customerpId: string;
  readonly tidsbankenId: string;
}

/** What the two systems hold now that is not as one linked pair should be. */
export type AuditFinding =
  | (AboutPair & {
      readonly finding: 'different';
      readonly properties: readonly { property: string; customerp: Value; tidsbanken: Value }[];
    })
  | (AboutPair & { readonly finding: 'missing'; readonly missingIn: readonly Side[] })
  /** A value could not be read, or refers to a record without a link. */
  | (AboutPair & { readonly finding: 'notCompared'; readonly groups: readonly string[] })
  | {
      readonly flow: Flow;
      readonly finding: 'duplicate';
      readonly side: Side;
      readonly key: string;
      readonly nativeIds: readonly string[];
    };

/** Every link is in exactly one of equal, accepted, different, missing and notCompared. */
export interface FlowAudit {
  readonly flow: Flow;
  readonly read: Pair<number>;
  readonly links: number;
  readonly equal: number;
  /** Equal but for differences that a person accepted. */
  readonly accepted: number;
  readonly different: number;
  readonly missing: number;
  readonly notCompared: number;
  /** Values of strong keys that several records of one system hold. */
  readonly duplicates: number;
  /** Set when a side could not be read whole; then its links were not compared. */
  readonly problem: Problem | null;
}

export interface AuditReport {
  /** Everything was read, and every linked pair is equal. */
  readonly ok: boolean;
  readonly flows: readonly FlowAudit[];
  readonly findings: readonly AuditFinding[];
}

const LINKS_AT_ONCE = 500;
const READ_ATTEMPTS = 3; // C3

/**
 * Reads both systems in full and compares every linked pair as they are now. Writes nothing: not to the systems, and not
 * to the store. Fails with `busy` while a run is under way, whose writes would look like differences.
 */
export async function audit(workspace: Workspace, options: AuditOptions): Promise<Result<AuditReport, Problem>> {
  if ((await workspace.store.runs.leaseHolder()) !== null) return fail(runUnderWay);
  const findings: AuditFinding[] = [];
  const tell = (finding: AuditFinding): void => {
    if (findings.length < options.limit) findings.push(finding);
  };
  const flows: FlowAudit[] = [];
  const scratch = new AuditScratch();
  try {
    for (const kind of kindsOf(workspace, options.flows)) {
      flows.push(await auditKind(workspace, kind, scratch, tell, options.signal ?? new AbortController().signal));
      scratch.clear();
    }
  } finally {
    scratch.close();
  }
  return ok({ ok: flows.every(isClean), flows, findings });
}

const isClean = (flow: FlowAudit): boolean =>
  flow.problem === null && flow.different + flow.missing + flow.notCompared + flow.duplicates === 0;

async function auditKind(
  workspace: Workspace,
  kind: Kind,
  scratch: AuditScratch,
  tell: (finding: AuditFinding) => void,
  signal: AbortSignal,
): Promise<FlowAudit> {
  const flow = flowFor(workspace, kind);
  const problems = await Promise.all(SIDES.map((side) => readSide(workspace, flow, side, scratch, signal)));
  const problem = problems.find((p) => p !== null) ?? null;
  const counts = { equal: 0, accepted: 0, different: 0, missing: 0, notCompared: 0 };
  if (problem === null) {
    const rules = flowRulesOf(workspace, flow.kind);
    for await (const link of linksOf(workspace, kind)) {
      const finding = await auditPair(workspace, flow, rules, link, scratch);
      if (typeof finding !== 'string') tell(finding);
      counts[typeof finding === 'string' ? finding : finding.finding] += 1;
    }
  }
  let duplicates = 0;
  for (const shared of scratch.sharedKeys()) {
    duplicates += 1;
    tell({ flow: flowOf(kind), finding: 'duplicate', ...shared });
  }
  return {
    flow: flowOf(kind),
    read: { customerp: scratch.count('customerp'), tidsbanken: scratch.count('tidsbanken') },
    links: await workspace.store.links.count(kind),
    ...counts,
    duplicates,
    problem,
  };
}

function flowFor({ flows }: Pick<Workspace, 'flows'>, kind: Kind): CompiledFlow {
  const flow = flows.get(kind);
  if (flow === undefined) throw new Error(`The flow of ${kind} is not part of this workspace.`);
  return flow;
}

async function* linksOf({ store }: Workspace, kind: Kind): AsyncGenerator<StoredLink> {
  let last = 0;
  for (;;) {
    const page = await store.linksAfter(kind, last, LINKS_AT_ONCE);
    yield* page;
    const end = page.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

/** Reads a side page by page, again when the pages do not add up. Null: it was read whole. */
async function readSide(
  { connectors }: Workspace,
  flow: CompiledFlow,
  side: Side,
  scratch: AuditScratch,
  signal: AbortSignal,
): Promise<Problem | null> {
  let why = '';
  for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
    scratch.clear(side);
    const seen = {
      totalBefore: null as number | null,
      totalAfter: null as number | null,
      withoutId: 0,
      repeatedPages: 0,
      contradicting: [] as string[],
    };
    const system = new Set(connectors[side].capabilities(flow.kind).systemIds);
    let skipped = 0;
    const request = { kind: flow.kind, fields: flow.fieldsToRead(side), since: null, signal };
    for await (const page of connectors[side].collect(request)) {
      if (!page.ok)
        return collectProblem(side, flow.kind, failureText(side, page.failure), failureAdvice(page.failure));
      const { records, withoutId, total } = page.value;
      const own = records.filter(({ nativeId }) => !system.has(nativeId));
      const added = scratch.add(
        side,
        own.map((record) => stageRecord(flow, side, record)),
      );
      skipped += records.length - own.length;
      seen.totalBefore ??= total;
      seen.totalAfter = total;
      seen.withoutId += withoutId.length;
      seen.contradicting.push(...added.contradicting);
      if (own.length > 0 && added.repeated === own.length) seen.repeatedPages += 1;
    }
    const incomplete = whyIncomplete({ ...seen, uniqueIds: scratch.count(side) + skipped });
    if (incomplete === null) return null;
    why = incomplete;
  }
  return collectProblem(
    side,
    flow.kind,
    `The pages do not add up: ${why}.`,
    'Try again when nobody is changing many records.',
  );
}

async function auditPair(
  workspace: Workspace,
  flow: CompiledFlow,
  rules: FlowRules,
  link: StoredLink,
  scratch: AuditScratch,
): Promise<'equal' | 'accepted' | Exclude<AuditFinding, { finding: 'duplicate' }>> {
  const customerp = scratch.get('customerp', link.customerpId);
  const tidsbanken = scratch.get('tidsbanken', link.tidsbankenId);
  const about: AboutPair = {
    flow: flowOf(link.kind),
    label: customerp?.label ?? tidsbanken?.label ?? '',
    customerpId: link.customerpId,
    tidsbankenId: link.tidsbankenId,
  };
  if (customerp === null || tidsbanken === null) {
    const missingIn = SIDES.filter((side) => (side === 'customerp' ? customerp : tidsbanken) === null);
    return { ...about, finding: 'missing', missingIn };
  }
  if (isOutOfScope(customerp.props) || isOutOfScope(tidsbanken.props)) {
    const names = rules.groupsFor(customerp.props, tidsbanken.props).map(({ name }) => name);
    return { ...about, finding: 'notCompared', groups: names }; // C7: nothing says that they are to be equal
  }
  const own = { customerp: customerp.props, tidsbanken: tidsbanken.props };
  const seen = {
    customerp: await withLinks(workspace, flow, 'customerp', customerp.props),
    tidsbanken: await withLinks(workspace, flow, 'tidsbanken', tidsbanken.props),
  };
  const judged = rules
    .groupsFor(customerp.props, tidsbanken.props)
    .filter(({ direction }) => direction !== 'off')
    .map((group) => ({ group, verdict: verdictOf(group, seen, link, rules, flow) }));
  const groups = (wanted: Verdict): GroupRule[] =>
    judged.flatMap(({ group, verdict }) => (verdict === wanted ? [group] : []));
  if (groups('different').length > 0)
    return {
      ...about,
      finding: 'different',
      properties: groups('different').flatMap((g) => differing(g, seen, own, rules)),
    };
  if (groups('notCompared').length > 0)
    return { ...about, finding: 'notCompared', groups: groups('notCompared').map(({ name }) => name) };
  return groups('accepted').length > 0 ? 'accepted' : 'equal';
}

type Verdict = 'equal' | 'accepted' | 'different' | 'notCompared';

/** Rows R1, R2 and R6 of the group table; everything else is a difference, whoever made it and whenever. */
function verdictOf(
  { members }: GroupRule,
  seen: Pair<Props>,
  link: StoredLink,
  rules: FlowRules,
  flow: CompiledFlow,
): Verdict {
  if (members.some((name) => SIDES.some((side) => seen[side][name] === undefined))) return 'notCompared';
  if (members.every((name) => isSame(name, seen, rules))) return 'equal';
  const isAsAgreed = SIDES.every((side) => members.every((name) => link.base[side][name] === seen[side][name]));
  return isAsAgreed && link.baseMapping === flow.version ? 'accepted' : 'different';
}

const isSame = (name: string, seen: Pair<Props>, rules: FlowRules): boolean =>
  rules.same(name, seen.customerp[name] ?? null, seen.tidsbanken[name] ?? null);

/** I19: a sensitive value is only said to differ. A reference is shown as the id that its system knows. */
function differing(group: GroupRule, seen: Pair<Props>, own: Pair<Props>, rules: FlowRules) {
  const show = (side: Side, name: string): Value => (group.sensitive ? null : (own[side][name] ?? null));
  return group.members
    .filter((name) => !isSame(name, seen, rules))
    .map((property) => ({
      property,
      customerp: show('customerp', property),
      tidsbanken: show('tidsbanken', property),
    }));
}

const runUnderWay: Problem = {
  kind: 'busy',
  what: 'A run is under way in this workspace.',
  notDone: 'Nothing was compared.',
  todo: 'Wait until it has ended, then audit.',
};
