import { fail, ok } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { ConnectorFailure } from '../../connectors/connector.ts';
import type { PageScript, Scripted } from '../testing/fake-system.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';
import type { Oracle } from './oracle.ts';
import type { Fault } from './story.ts';
import { altered } from './values.ts';

/** The name that a fault is counted by. */
export function nameOfFault(fault: Fault): string {
  if (fault.do === 'pages') return fault.trick;
  return fault.do === 'answer' ? fault.answer : fault.do;
}

/** Brings a fault about, and tells the oracle what it must know to judge fairly. */
export function arrange(fakes: Fakes, oracle: Oracle, fault: Fault): void {
  switch (fault.do) {
    case 'answer':
      fakes.of(fault.side).answer(...Array.from({ length: fault.times }, () => scriptOf(fault)));
      return;
    case 'limit': {
      const { side, retryAfterMs, times } = fault;
      fakes.of(side).answer(...Array.from({ length: times }, () => ({ answer: 'slowDown', retryAfterMs }) as const));
      return;
    }
    case 'failReads':
      fakes.of(fault.side).failReads(failureOf(fault.failure));
      return;
    case 'pages': {
      const system = fakes.of(fault.side);
      const canBeTold = system.capabilities(fault.kind).count && fault.trick !== 'nothing';
      if (LOSES.has(fault.trick) && !canBeTold) oracle.lostSilently(fault.side, fault.kind);
      system.nextPages(fault.kind, pageScript(fault));
      return;
    }
    case 'turnBack':
      fakes.clock.turnBack(fault.ms);
      oracle.clockTurnedBack(fault.ms);
      return;
    case 'withhold': {
      const properties = fakes.flows.get(fault.kind)?.properties.filter((p) => !p.key) ?? [];
      const property = properties[Math.floor(fault.property * properties.length)];
      if (property !== undefined) fakes.of(fault.side).withhold(fault.kind, property[fault.side], !fault.again);
      // Records that nobody edited come with no delta.
      oracle.lostSilently(fault.side, fault.kind);
      return;
    }
    case 'tenant':
      answerAs(fakes, fault.side, fault.again ? SET_UP_KEY : OTHER_KEY);
  }
}

/** Every fault has an end; who answers then is whom the person has accepted (S3). */
export async function heal(fakes: Fakes): Promise<void> {
  for (const side of ['customerp', 'tidsbanken'] as const) {
    fakes.of(side).heal();
    const remembered = await fakes.store.meta.get(`tenant:${side}`);
    answerAs(fakes, side, remembered?.endsWith(OTHER_KEY) === true ? OTHER_KEY : SET_UP_KEY);
  }
}

const SET_UP_KEY = 'key-1';
const OTHER_KEY = 'key-2';
const LOSES: ReadonlySet<string> = new Set(['hide', 'nothing']);

function answerAs(fakes: Fakes, side: Side, keyDigest: string): void {
  fakes.of(side).facts = { ...fakes.of(side).facts, keyDigest };
}

const scriptOf = ({ answer, acts, afterMs, alters }: Extract<Fault, { do: 'answer' }>): Scripted => ({
  answer,
  acts,
  ...(afterMs > 0 ? { afterMs } : {}),
  ...(alters ? { keeps: altered } : {}),
});

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
        return first === undefined
          ? good
          : [...good, ok({ ...page, records: [{ ...first, raw: renamed(first.raw) }] })];
      }
      case 'reverse':
        return pages.toReversed().map((p) => ok({ ...p, records: p.records.toReversed() }));
      case 'empty':
        return [...good.slice(0, here), ok({ ...page, records: [] }), ...good.slice(here)];
      case 'nothing':
        return [ok({ records: [], withoutId: [], total: page.total === null ? null : 0 })];
    }
  };
}

const renamed = (raw: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(raw).map(([name, value]) =>
      typeof value === 'string' && /name|Navn/.test(name) ? [name, `${value} 2`] : [name, value],
    ),
  );
