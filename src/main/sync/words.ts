import { flowOf } from '../../shared/domain.ts';
import type { Kind, Problem, ProblemFacts, Side } from '../../shared/domain.ts';
import type { ConnectorFailure } from '../connectors/connector.ts';
import type { LookFailure } from './collect/walk.ts';
import type { TrippedRail } from './review/rails.ts';

/** Sentences for people. What happened, to which record, what was not done, what to do now. */

export const SYSTEM_NAME: Readonly<Record<Side, string>> = { customerp: 'Customerp', tidsbanken: 'Tidsbanken' };

const KIND_NAME: Readonly<Record<Side, Readonly<Record<Kind, string>>>> = {
  customerp: { department: 'Department', customer: 'Customer', employee: 'Employee', project: 'Project' },
  tidsbanken: { department: 'Avdeling', customer: 'Kunde', employee: 'Ansatt', project: 'Prosjekt' },
};
export const kindName = (side: Side, kind: Kind): string => KIND_NAME[side][kind];

export const recordName = (side: Side, kind: Kind, nativeId: string | null, label: string): string =>
  `${SYSTEM_NAME[side]} ${kindName(side, kind)} ${nativeId ?? '(new)'}${label === '' ? '' : ` “${label}”`}`;

export function failureText(side: Side, failure: LookFailure): string {
  const name = SYSTEM_NAME[side];
  const detail = failure.detail.replace(/\.+$/, '');
  switch (failure.kind) {
    case 'unreachable':
      return `${name} cannot be reached (${detail}).`;
    case 'signInNeeded':
      return `${name} refused the sign-in (status ${String(failure.status)}: ${detail}).`;
    case 'slowDown':
      return `${name} asks to slow down for ${String(Math.ceil(failure.retryAfterMs / 1000))} s (${detail}).`;
    case 'timeout':
      return `${name} did not answer in time (${detail}).`;
    case 'serverError':
      return `${name} failed with status ${String(failure.status)} (${detail}).`;
    case 'refused':
      return `${name} refused the request with status ${String(failure.status)} (${detail}).`;
    case 'unreadable':
      return `${name} answered with something that cannot be read (${detail}).`;
    case 'incomplete':
      return `The pages of ${name} do not add up (${detail}).`;
    case 'cut':
      return `The connection to ${name} was lost under way (${detail}).`;
    case 'cancelled':
      return `The request to ${name} was cancelled (${detail}).`;
  }
}

export function failureAdvice(failure: LookFailure): string {
  switch (failure.kind) {
    case 'signInNeeded':
      return 'Check the keys of this system, then run doctor.';
    case 'unreachable':
      return 'Check the address and the network, then sync again.';
    case 'unreadable':
      return 'Check that the address points to the API and not to a web page, then sync again.';
    case 'refused':
      return 'Check the rights of the keys, then run doctor.';
    case 'slowDown':
    case 'timeout':
    case 'serverError':
    case 'incomplete':
    case 'cut':
    case 'cancelled':
      return 'Sync again later.';
  }
}

/** The system answers nobody: there is no use in asking it for anything else. */
export const isDown = (failure: ConnectorFailure | null): boolean =>
  failure?.kind === 'unreachable' || failure?.kind === 'signInNeeded';

/** A system that answers nobody: none of its records were read, whatever their kind. */
export const systemProblem = (side: Side, failure: ConnectorFailure): Problem => ({
  kind: failure.kind,
  what: failureText(side, failure),
  notDone: `No record of ${SYSTEM_NAME[side]} was read, and nothing was matched, created or written.`,
  todo: failureAdvice(failure),
  side,
  facts: { detail: failure.detail },
});

export function collectProblem(
  side: Side,
  kind: Kind,
  what: string,
  todo: string,
  facts: ProblemFacts = { why: 'other' },
): Problem {
  return {
    kind: 'incompleteCollection',
    what: `${kindName(side, kind)} records could not be read completely. ${what}`,
    notDone: `In the flow ${flowOf(kind)} nothing was matched, created or taken as missing.`,
    todo,
    side,
    recordKind: kind,
    facts,
  };
}

const RAIL_SENTENCE: Readonly<Record<TrippedRail['rail'], (rail: TrippedRail) => string>> = {
  S1: (rail) =>
    `${String(rail.count)} changes of one sort (${rail.op ?? 'all'}) are more than the ${String(rail.limit)} that may pass unseen`,
  S2: (rail) => `${String(rail.count)} records are missing that were there before`,
  S3: (rail) =>
    `only ${String(rail.count)} of at least ${String(rail.limit)} linked records are there, so it may be another company`,
  S6: (rail) => `${String(rail.count)} dates moved by one same step, as a wrong time zone makes them`,
  S7: (rail) =>
    rail.only === undefined
      ? `it is the first run, and its ${String(rail.count)} changes have not been looked at`
      : `its mapping was changed, and the ${String(rail.count)} changes that come of it have not been looked at`,
};

/** A rail that stopped something, for a person (section 13). */
export function railProblem(rail: TrippedRail): Problem {
  const where = rail.side === null ? '' : ` in ${SYSTEM_NAME[rail.side]}`;
  const passable = rail.rail === 'S1' || rail.rail === 'S7';
  return {
    kind: 'rail',
    what: `The flow ${flowOf(rail.kind)} is held${where}: ${RAIL_SENTENCE[rail.rail](rail)} (rail ${rail.rail}).`,
    notDone: 'The changes that it holds were not written.',
    todo: passable
      ? 'Look through them in Review, then approve them all and type their number.'
      : rail.rail === 'S2'
        ? 'Find out why before you sync again. If it is meant, confirm it in Mismatches.'
        : 'Find out why before you sync again; this rail cannot be passed.',
    recordKind: rail.kind,
    ...(rail.side === null ? {} : { side: rail.side }),
    facts: { rail: rail.rail, count: rail.count, limit: rail.limit, ...(rail.op === null ? {} : { op: rail.op }) },
  };
}
