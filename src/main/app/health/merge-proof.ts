import { otherSide } from '../../../shared/domain.ts';
import type { Problem, Side } from '../../../shared/domain.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import type { CompiledProperty } from '../../mapping/compile.ts';
import type { Connector, UpdateRequest } from '../../connectors/connector.ts';
import { canPutBack, testValue } from '../../dataflow/verify/test-value.ts';
import type { RestoreMember } from '../../store/checklists.ts';
import type { SyncContext } from '../../sync/context.ts';
import { idOn } from '../../sync/observe.ts';
import { failureText, SYSTEM_NAME } from '../../sync/words.ts';
import { judgePair } from '../checklist/carry.ts';
import { readPair, spelledOn } from '../checklist/pair.ts';
import type { PairNow } from '../checklist/pair.ts';
import { putBack } from '../checklist/put-back.ts';
import { arrived, writeForTest } from '../checklist/test-write.ts';
import { settingOf } from './proof.ts';
import type { Proof } from './proof.ts';

type Outcome = Pick<Proof, 'verdict' | 'seen' | 'setting'>;

/**
 * Whether a write that names one field leaves the others (`putMerges`, A4): one is sent to the named record, and what
 * was there is put back. Everything mapped is kept durably before, as for a checklist (7.6); what is not mapped is put
 * back from memory, so that only a crash in between could lose it. Nothing is written while changes wait for the pair.
 */
export async function proveMerge(ctx: SyncContext, linkId: number, side: Side, salt: number): Promise<Proof> {
  const read = await readPair(ctx, linkId);
  const kind = read.ok ? read.value.link.kind : ctx.request.kinds[0];
  if (kind === undefined) throw new Error('A proof is about one kind.');
  const says = String(ctx.connectors[side].capabilities(kind).putMerges);
  const line = { side, kind, capability: 'putMerges', says } as const;
  if (!read.ok) return { ...line, ...unclear(read.failure) };
  const waiting = await ctx.store.changes.openOfLink(linkId);
  if (waiting.length > 0) return { ...line, ...unclear('changes wait for this pair: approve or reject them first') };
  const chosen = choose(read.value, side, salt);
  if (chosen === null) return { ...line, ...unclear('it has no plain text that could be changed and put back') };
  return { ...line, ...(await tryOut(ctx, read.value, side, chosen)) };
}

const unclear = (seen: string): Outcome => ({ verdict: 'unclear', seen, setting: null });

interface Chosen {
  readonly property: CompiledProperty;
  readonly value: string;
}

/** A plain text on its own in its group, with another value that both sides could hold. */
function choose({ flow, props }: PairNow, side: Side, salt: number): Chosen | null {
  for (const property of flow.properties) {
    const { name } = property;
    const isPlain = property.type === 'string' && !property.key && !property.sensitive && property.group === undefined;
    const current = { customerp: props.customerp[name], tidsbanken: props.tidsbanken[name] };
    if (!isPlain || property.fields[side].readOnly) continue;
    if (current.customerp === undefined || current.tidsbanken === undefined) continue;
    const was = { customerp: current.customerp, tidsbanken: current.tidsbanken };
    if (!canPutBack(flow, property, side, was[side])) continue;
    const made = testValue({ flow, property, current: was, references: [], salt });
    if (made.ok) return { property, value: made.value };
  }
  return null;
}

async function tryOut(ctx: SyncContext, pair: PairNow, side: Side, { property, value }: Chosen): Promise<Outcome> {
  const { link, label } = pair;
  const before = await wholeRecord(ctx, pair, side);
  if (typeof before === 'string') return unclear(before);
  const restores = await keepAll(ctx, pair, side, { property, value });
  const member = { property: property.name, expected: pair.props[side][property.name] ?? null, desired: value };
  const alone = withCurrent(ctx, side, {});
  const group = property.group ?? property.name;
  const purpose = `prove:${String(restores[0] ?? 0)}`;
  const written = await writeForTest(alone, { link, label, side, group, members: [member], purpose });
  const after = await wholeRecord(ctx, pair, side);
  const lost = typeof after === 'string' ? [] : differing(ctx, pair, side, before, after, property);
  // What is not mapped comes back with the whole record, and only where it was lost: else somebody's edit might go.
  const whole = lost.length === 0 ? ctx : withCurrent(ctx, side, before);
  for (const restore of await ctx.store.checklists.unfinished())
    if (restores.includes(restore.id)) await putBack(whole, restore);
  await judgePair(ctx, link.kind, link.customerpId);
  const left = await wholeRecord(ctx, pair, side);
  if (typeof left !== 'string') tellLeft(ctx, pair, side, differing(ctx, pair, side, before, left, null));
  if (!arrived(written)) return unclear(written.problem ?? `the write ended as ${written.state}`);
  if (typeof after === 'string') return unclear(after);
  return verdictOf(ctx.connectors[side], pair, property, lost);
}

function verdictOf(
  connector: Connector,
  { link: { kind } }: PairNow,
  { name }: CompiledProperty,
  lost: readonly string[],
): Outcome {
  const { side } = connector;
  const { partialUpdate, putMerges } = connector.capabilities(kind);
  const isMerging = lost.length === 0;
  const isSaid = partialUpdate ? isMerging : putMerges === isMerging;
  const seen = isMerging
    ? `a write of ${name} alone left all other fields as they were`
    : `a write of ${name} alone changed other fields too: ${lost.join(', ')}`;
  const setting = isSaid
    ? null
    : settingOf(side, kind, partialUpdate ? 'partialUpdate' : 'putMerges', String(isMerging));
  return { verdict: isSaid ? 'asSaid' : 'otherwise', seen, setting };
}

async function wholeRecord(ctx: SyncContext, { link }: PairNow, side: Side): Promise<JsonObject | string> {
  const request = { kind: link.kind, nativeId: idOn(link, side), fields: 'all', signal: ctx.abort } as const;
  const read = await ctx.connectors[side].read(request);
  if (!read.ok) return failureText(side, read.failure);
  return read.value?.raw ?? 'the record is not there';
}

/** Top-level fields that are no longer what they were, but for the one that was written and what the system keeps itself. */
function differing(
  { connectors }: SyncContext,
  { link }: PairNow,
  side: Side,
  before: JsonObject,
  after: JsonObject,
  written: CompiledProperty | null,
): string[] {
  const declared = connectors[side].fields(link.kind);
  const touched = new Set(written?.parts[side].map(({ path }) => path.split('.')[0]));
  return Object.keys(before)
    .filter((name) => !name.startsWith('@') && !touched.has(name) && declared[name]?.readOnly !== true)
    .filter((name) => !same(before[name], after[name]) && !isClock(before[name], after[name]));
}

const same = (one: Json | undefined, other: Json | undefined): boolean =>
  canonicalJson(one ?? null) === canonicalJson(other ?? null);

/** A time of the last change that the descriptor does not know moves with every write. */
const isClock = (before: Json | undefined, after: Json | undefined): boolean =>
  isTime(before) && isTime(after) && after > before;

const isTime = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value);

/** Kept before the first byte leaves: every mapped value of that side that a system which replaces would empty. */
async function keepAll(ctx: SyncContext, pair: PairNow, side: Side, { property, value }: Chosen): Promise<number[]> {
  const { flow, link, props } = pair;
  const about = { runId: ctx.runId, item: `link:${String(link.id)}` };
  const kept: number[] = [];
  const groups = flow.groups.filter((group) => !group.sensitive);
  // The tested one first: putting it back sends the whole record.
  for (const group of groups.toSorted(
    (a, b) => Number(b.properties.includes(property)) - Number(a.properties.includes(property)),
  )) {
    const members = group.properties
      .filter(({ name, fields }) => !fields[side].readOnly && props[side][name] !== undefined)
      .map(({ name }): RestoreMember => {
        const wrote = [...(name === property.name ? [value] : []), null];
        return {
          property: name,
          was: { customerp: props.customerp[name] ?? null, tidsbanken: props.tidsbanken[name] ?? null },
          spelling: { customerp: spelledOn(pair, name, 'customerp'), tidsbanken: spelledOn(pair, name, 'tidsbanken') },
          wrote: side === 'customerp' ? { customerp: wrote, tidsbanken: [] } : { customerp: [], tidsbanken: wrote },
        };
      });
    if (members.length === 0) continue;
    const restore = { linkId: link.id, runId: ctx.runId, group: group.name, members, keys: link.keys };
    const detail = { kind: link.kind, customerpId: link.customerpId, tidsbankenId: link.tidsbankenId };
    const properties = members.map((member) => member.property);
    const begun = { ...about, event: 'checklistBegun', detail: { ...detail, properties } };
    kept.push(await ctx.store.checklists.begin(restore, begun));
  }
  return kept;
}

/** A context whose updates of that side are laid over `raw` in place of what was just read; `{}`: over nothing. */
function withCurrent(ctx: SyncContext, side: Side, raw: JsonObject): SyncContext {
  const connector = new Proxy(ctx.connectors[side], {
    get(inner, name): unknown {
      if (name === 'update')
        return (request: UpdateRequest) => inner.update({ ...request, current: { ...request.current, raw } });
      const value: unknown = Reflect.get(inner, name, inner);
      // Bound, because private fields are not seen through a proxy.
      return typeof value === 'function' ? value.bind(inner) : value;
    },
  });
  // W4: that other fields change is what is looked for here, and is told as the proof.
  const report = (problem: Problem): void => {
    if (problem.kind !== 'otherFieldsChanged') ctx.report(problem);
  };
  const other = otherSide(side);
  return { ...ctx, report, connectors: { ...ctx.connectors, [side]: connector, [other]: ctx.connectors[other] } };
}

function tellLeft(ctx: SyncContext, { link, label }: PairNow, side: Side, left: readonly string[]): void {
  if (left.length === 0) return;
  const problem: Problem = {
    kind: 'proofNotPutBack',
    what: `${SYSTEM_NAME[side]} ${link.kind} ${idOn(link, side)} “${label}” does not hold what it held before in ${left.join(', ')}.`,
    notDone: 'These fields were not put back.',
    todo: 'Look at the record in its own system and correct them.',
    side,
    recordKind: link.kind,
    nativeId: idOn(link, side),
  };
  ctx.report(problem);
}
