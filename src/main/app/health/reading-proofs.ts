import type { Kind } from '../../../shared/domain.ts';
import type { Capabilities, Connector, RawRecord } from '../../connectors/connector.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { failureText } from '../../sync/words.ts';
import { rawAt } from '../checklist/pair.ts';
import { settingOf } from './proof.ts';
import type { Proof } from './proof.ts';

/** What is looked at: one record that the operator named, on one side. */
export interface Subject {
  readonly connector: Connector;
  readonly flow: CompiledFlow;
  readonly kind: Kind;
  readonly nativeId: string;
  /** How wrong this system's clock may be, ms (D4). */
  readonly skewMs: number;
  readonly signal: AbortSignal;
}

type Seen = Pick<Proof, 'verdict' | 'seen'>;

/** Pages of a list that are read; enough to see how it is ordered, and no whole collection. */
const PAGES = 3;

/** What reading alone shows of a system (2.4, T1). Sends nothing but reads; a read that fails makes its line unclear. */
export async function readingProofs(subject: Subject): Promise<Proof[]> {
  const { connector, kind, nativeId, signal } = subject;
  const read = await connector.read({ kind, nativeId, fields: 'all', signal });
  const record = read.ok ? read.value : null;
  const proofs = [
    about(subject, 'pointRead', await pointRead(subject, read.ok ? record : failureText(connector.side, read.failure))),
    about(subject, 'filterByKey', await filterByKey(subject, record)),
    ...(await lists(subject)),
    about(subject, 'delta', await delta(subject, record)),
    about(subject, 'conditionalWrite', conditionalWrite(subject, record)),
    about(
      subject,
      'createOnExisting',
      notTried('it might write over a record or make a double, which nobody can delete'),
    ),
  ];
  return [...proofs, await clock(subject)];
}

const asSaid = (seen: string): Seen => ({ verdict: 'asSaid', seen });
const otherwise = (seen: string): Seen => ({ verdict: 'otherwise', seen });
const unclear = (seen: string): Seen => ({ verdict: 'unclear', seen });
const notTried = (seen: string): Seen => ({ verdict: 'notTried', seen });

/** A claim that does not hold is taken back by setting it to false. */
function about({ connector, kind }: Subject, capability: keyof Capabilities, seen: Seen): Proof {
  const { side } = connector;
  const says = String(connector.capabilities(kind)[capability]);
  const setting = seen.verdict === 'otherwise' ? settingOf(side, kind, capability, 'false') : null;
  return { side, kind, capability, says, ...seen, setting };
}

async function pointRead(
  { connector, kind, nativeId, signal }: Subject,
  record: RawRecord | null | string,
): Promise<Seen> {
  if (!connector.capabilities(kind).pointRead) return notTried('the descriptor has no address for it');
  if (typeof record === 'string') return unclear(record);
  if (record === null) return otherwise('the named record was not found by its id');
  if (record.nativeId !== nativeId) return otherwise('another record came for the id that was asked for');
  // Nobody knows which ids are free; one that is found all the same only says nothing.
  const absent = await connector.read({ kind, nativeId: `${nativeId}99099`, fields: [], signal });
  if (!absent.ok) return unclear(`an id that is not there: ${failureText(connector.side, absent.failure)}`);
  return asSaid(
    absent.value === null ? 'found by its id, and an id that is not there is said to be missing' : 'found by its id',
  );
}

async function filterByKey(
  { connector, flow, kind, nativeId, signal }: Subject,
  record: RawRecord | null,
): Promise<Seen> {
  if (!connector.capabilities(kind).filterByKey) return notTried('the descriptor has no look-up');
  const field = flow.properties.find((p) => p.key)?.[connector.side];
  const value = field === undefined || record === null ? undefined : rawAt(record.raw, field);
  if (field === undefined || (typeof value !== 'string' && typeof value !== 'number'))
    return unclear('the named record has no number to look up');
  const found = await connector.find({ kind, field, value: String(value), fields: [field], signal });
  if (!found.ok) return unclear(failureText(connector.side, found.failure));
  const strangers = found.value.filter((one) => rawAt(one.raw, field) !== value).length;
  if (strangers > 0) return otherwise(`${String(strangers)} records came that have another ${field}`);
  if (!found.value.some((one) => one.nativeId === nativeId)) return otherwise(`not found by its ${field}`);
  return asSaid(`found by its ${field}`);
}

interface Walked {
  readonly ids: readonly string[];
  readonly total: number | null;
  /** All there is fitted into the pages that were read. */
  readonly isWhole: boolean;
}

async function walk(subject: Subject, since: number | null, pages: number): Promise<Walked | string> {
  const { connector, kind, signal } = subject;
  const ids: string[] = [];
  let [read, total]: [number, number | null] = [0, null];
  for await (const page of connector.collect({ kind, fields: [], since, signal })) {
    if (!page.ok) return failureText(connector.side, page.failure);
    ids.push(...page.value.records.map((record) => record.nativeId));
    total ??= page.value.total;
    read += 1;
    if (read === pages) return { ids, total, isWhole: false };
  }
  return { ids, total, isWhole: true };
}

async function lists(subject: Subject): Promise<Proof[]> {
  const { connector, kind } = subject;
  const claims = connector.capabilities(kind);
  const first = await walk(subject, null, PAGES);
  const again = await walk(subject, null, PAGES);
  const failed = [first, again].find((walked) => typeof walked === 'string');
  if (typeof first === 'string' || typeof again === 'string')
    return [
      about(subject, 'stableOrder', unclear(failed?.toString() ?? '')),
      about(subject, 'count', unclear(failed?.toString() ?? '')),
    ];
  const isSame = first.ids.join('\n') === again.ids.join('\n') && new Set(first.ids).size === first.ids.length;
  const where = `${String(first.ids.length)} records of ${first.isWhole ? 'the list' : 'its first pages'}, read twice`;
  const order = isSame ? asSaid(`the same order in ${where}`) : otherwise(`not the same order in ${where}`);
  const isCounted = first.total !== null;
  const count =
    isCounted && first.isWhole && first.total !== first.ids.length
      ? otherwise(`it counts ${String(first.total)} and lists ${String(first.ids.length)}`)
      : isCounted
        ? asSaid(`it counts ${String(first.total)}`)
        : otherwise('no count came with the list');
  return [
    about(subject, 'stableOrder', claims.stableOrder ? order : notTried('the descriptor does not count on it')),
    about(subject, 'count', claims.count ? count : notTried('the descriptor does not ask for one')),
  ];
}

async function delta(subject: Subject, record: RawRecord | null): Promise<Seen> {
  const { connector, kind, nativeId } = subject;
  if (!connector.capabilities(kind).delta) return notTried('the descriptor asks for no changes since');
  const since = record?.modifiedAt ?? null;
  if (since === null) return unclear('the named record tells no time of its last change');
  const changed = await walk(subject, since, PAGES);
  if (typeof changed === 'string') return unclear(changed);
  if (changed.ids.includes(nativeId)) return asSaid('it is among what has changed since its own last change');
  return changed.isWhole
    ? otherwise('it is not among what has changed since its own last change')
    : unclear('too much has changed since to see it');
}

function conditionalWrite({ connector, kind }: Subject, record: RawRecord | null): Seen {
  if (!connector.capabilities(kind).conditionalWrite) return notTried('the descriptor has no condition to send');
  if (record === null) return unclear('the named record could not be read');
  return record.version === null
    ? otherwise('the record comes without a version')
    : asSaid('the record comes with a version; that an outdated one is refused was not tried');
}

const MINUTE_MS = 60_000;

/** D4: how far the system's clock is from ours, beside what it may be. */
async function clock({ connector, kind, skewMs, signal }: Subject): Promise<Proof> {
  const { side } = connector;
  const says = `at most ${String(skewMs / MINUTE_MS)} min`;
  const line = { side, kind, capability: 'clock', says, setting: null } as const;
  const facts = await connector.probe(signal);
  if (!facts.ok) return { ...line, ...unclear(failureText(side, facts.failure)) };
  const skew = facts.value.clockSkewMs;
  if (skew === null) return { ...line, ...notTried('it shows no clock') };
  const minutes = Math.ceil(Math.abs(skew) / MINUTE_MS);
  if (Math.abs(skew) <= skewMs)
    return { ...line, ...asSaid(`${String(Math.round(skew / 1000))} s from this computer's`) };
  const setting = `systems.${side}.limits.clockSkewMinutes: ${String(minutes)}`;
  return { ...line, ...otherwise(`${String(minutes)} min from this computer's`), setting };
}
