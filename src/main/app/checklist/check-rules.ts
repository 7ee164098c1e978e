import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { CompiledFlow, CompiledProperty } from '../../mapping/compile.ts';
import { propertyLines, ruleItem, ruleLines } from '../../dataflow/verify/checklist.ts';
import type { RuleLine } from '../../dataflow/verify/checklist.ts';
import type { Finding } from '../../dataflow/verify/finding.ts';
import { testValue } from '../../dataflow/verify/test-value.ts';
import { policyFor } from '../../sync/context.ts';
import type { SyncContext } from '../../sync/context.ts';
import { matchRecords } from '../../sync/match/match.ts';
import type { MatchRecord } from '../../sync/match/types.ts';
import { blocks, massLimit, trippedRails } from '../../sync/review/rails.ts';
import type { ChangeFacts } from '../../sync/review/rails.ts';
import { judgePair } from './carry.ts';
import { readPair, spelledOn } from './pair.ts';
import type { PairNow } from './pair.ts';
import { putBack } from './put-back.ts';
import { arrived, writeForTest } from './test-write.ts';

type RuleVerdict = Pick<Finding, 'verdict' | 'why' | 'detail'>;
const passed = (detail: string | null = null): RuleVerdict => ({ verdict: 'passed', why: null, detail });
const not = (why: NonNullable<Finding['why']>): RuleVerdict => ({ verdict: 'notApplicable', why, detail: null });
const broken = (detail: string): RuleVerdict => ({ verdict: 'failed', why: 'notFound', detail });

export interface RuleFacts {
  readonly pair: PairNow;
  /** What the property lines of this flow came to. */
  readonly lines: readonly Finding[];
  /** The sides on which the named record's counterpart was created in this run, with how that ended. */
  readonly created: ReadonlyMap<Side, RuleVerdict>;
  readonly salt: number;
}

/** What the document promises of a flow beyond its rows, each put to the test on the named pair. */
export async function checkRules(ctx: SyncContext, facts: RuleFacts): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const line of ruleLines(facts.pair.flow)) {
    const verdict = ctx.stop.aborted ? stopped : await checkRule(ctx, line, facts);
    findings.push({ kind: line.kind, item: ruleItem(line), evidence: null, at: ctx.clock.now(), ...verdict });
  }
  return findings;
}

const stopped: RuleVerdict = { verdict: 'failed', why: 'stopped', detail: null };

async function checkRule(ctx: SyncContext, line: RuleLine, facts: RuleFacts): Promise<RuleVerdict> {
  switch (line.rule) {
    case 'created':
      return facts.created.get(line.to) ?? not(createsNone(facts.pair.flow, line.to) ? 'neverCreates' : 'notNamed');
    case 'merged':
      return merges(facts.pair, line.key);
    case 'inSync':
      return ofLines(facts, (item) => item.endsWith(`:${line.to}`));
    case 'references':
      return ofLines(facts, (item) => referenceItems(facts.pair.flow).has(item));
    case 'conflict':
      return holdsConflict(ctx, facts);
    case 'rail':
      return trips(ctx, facts.pair);
  }
}

const createsNone = ({ mapping }: CompiledFlow, to: Side): boolean => mapping.create[to].rule === 'never';

/** Kept from that side, references resolved: as the lines that say so came out. */
function ofLines({ lines }: RuleFacts, isOne: (item: string) => boolean): RuleVerdict {
  const mine = lines.filter(({ item }) => isOne(item));
  const failed = mine.filter(({ verdict }) => verdict === 'failed').map(({ item }) => item.split(':')[1]);
  if (failed.length > 0) return broken(failed.join(', '));
  const tested = mine.filter(({ verdict }) => verdict === 'passed').length;
  return tested === 0 ? not('none') : passed(String(tested));
}

const referenceItems = (flow: CompiledFlow): ReadonlySet<string> =>
  new Set(
    propertyLines(flow)
      .filter(({ type }) => type === 'reference')
      .map(({ property, to }) => `property:${property}:${to}`),
  );

/** References stand as links already (O2). */
const byLink = (_: CompiledProperty, reference: string): string => reference;

/** The two named records, if they were not linked, find each other by this key alone: at once, or as a suggestion (M4). */
export function merges({ flow, link, props }: Pick<PairNow, 'flow' | 'link' | 'props'>, key: string): RuleVerdict {
  const record = (side: Side): MatchRecord => ({
    nativeId: side === 'customerp' ? link.customerpId : link.tidsbankenId,
    keys: flow.keyValues(props[side], byLink).filter((one) => one.key === key),
    linkId: null,
    blocked: 'no',
  });
  const [customerp, tidsbanken] = [record('customerp'), record('tidsbanken')];
  if (customerp.keys.length === 0 && tidsbanken.keys.length === 0) return not('emptyKey');
  const found = matchRecords({
    complete: true,
    records: { customerp: [customerp], tidsbanken: [tidsbanken] },
    neverLink: [],
  });
  if (found.links.length === 1) return passed('linked');
  return found.findings.some(({ mismatch }) => mismatch === 'weakMatch') ? passed('suggested') : broken(key);
}

/** Both sides edited, each in its own way, and a question is all that comes of it (R12). */
async function holdsConflict(ctx: SyncContext, { pair, lines, salt }: RuleFacts): Promise<RuleVerdict> {
  const { link, flow } = pair;
  if (policyFor(ctx, link.kind).conflict !== 'ask') return not('policy');
  const property = conflictProperty(flow, lines);
  const before = await readPair(ctx, link.id);
  if (property === undefined || !before.ok) return not('none');
  const { name } = property;
  const was = {
    customerp: before.value.props.customerp[name] ?? null,
    tidsbanken: before.value.props.tidsbanken[name] ?? null,
  };
  const one = testValue({ flow, property, current: was, references: [], salt });
  const other = testValue({
    flow,
    property,
    current: { ...was, tidsbanken: one.ok ? one.value : null },
    references: [],
    salt: salt + 1,
  });
  if (!one.ok || !other.ok) return not('noOtherValue');
  const wrote = { customerp: one.value, tidsbanken: other.value };
  const spelling = {
    customerp: spelledOn(before.value, name, 'customerp'),
    tidsbanken: spelledOn(before.value, name, 'tidsbanken'),
  };
  const group = property.group ?? name;
  const about = { runId: ctx.runId, item: `link:${String(link.id)}` };
  const members = [{ property: name, was, spelling, wrote: { customerp: [one.value], tidsbanken: [other.value] } }];
  const restore = { linkId: link.id, runId: ctx.runId, group, members, keys: link.keys };
  const id = await ctx.store.checklists.begin(restore, {
    ...about,
    event: 'checklistBegun',
    detail: { kind: link.kind, customerpId: link.customerpId, tidsbankenId: link.tidsbankenId, properties: [name] },
  });
  const written = [];
  for (const side of SIDES) {
    const member = { property: name, expected: was[side], desired: wrote[side] };
    const purpose = `conflict:${String(id)}`;
    written.push(await writeForTest(ctx, { link, label: pair.label, side, group, members: [member], purpose }));
  }
  await judgePair(ctx, link.kind, link.customerpId);
  const asked = await ctx.store.mismatches.openOfLinks([link.id]);
  const open = await ctx.store.changes.openOfLink(link.id);
  await putBack(ctx, { ...restore, id, begunAt: ctx.clock.now() });
  await judgePair(ctx, link.kind, link.customerpId);
  if (!written.every(arrived))
    return broken(
      written
        .map(({ problem }) => problem ?? '')
        .join(' ')
        .trim(),
    );
  const isAsked = asked.some((m) => m.mismatch === 'bothEdited' && m.group === group);
  const isWritten = open.some((change) => change.groups.some((g) => g.group === group));
  return isAsked && !isWritten ? passed(name) : broken(name);
}

/** A text by itself that was seen to go both ways. */
function conflictProperty(flow: CompiledFlow, lines: readonly Finding[]): CompiledProperty | undefined {
  const went = new Set(lines.filter(({ verdict }) => verdict === 'passed').map(({ item }) => item));
  return flow.properties.find(
    ({ name, type }) =>
      (type === 'string' || type === 'phone' || type === 'email') &&
      flow.groups.some((group) => group.name === name && group.properties.length === 1) &&
      SIDES.every((to) => went.has(`property:${name}:${to}`)),
  );
}

/** S1, judged on a made-up plan of one update too many; nothing of it is kept or sent. */
async function trips(ctx: SyncContext, { link }: PairNow): Promise<RuleVerdict> {
  const links = await ctx.store.links.count(link.kind);
  const limit = massLimit('update', links, ctx.settings.rails);
  const changes = Array.from({ length: limit + 1 }, (_, at) => madeUp(link.kind, at));
  const tripped = trippedRails(
    {
      kind: link.kind,
      links,
      changes,
      bothEdited: [],
      collections: { customerp: null, tidsbanken: null },
      tenantAsBefore: { customerp: true, tidsbanken: true },
      timeDifferences: [],
      previewOnly: null,
    },
    ctx.settings.rails,
  );
  const mass = tripped.find(({ rail, op }) => rail === 'S1' && op === 'update');
  const [first] = changes;
  const holds = mass !== undefined && first !== undefined && blocks(mass, first);
  return holds ? passed(`S1: ${String(mass.count)} > ${String(mass.limit)}`) : broken('S1');
}

const madeUp = (kind: ChangeFacts['kind'], at: number): ChangeFacts => ({
  kind,
  op: 'update',
  target: otherSide('customerp'),
  linkId: -1 - at,
  groups: [],
  fingerprint: `made up ${String(at)}`,
});
