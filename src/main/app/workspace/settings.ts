import { FLOWS, SIDES, kindOf } from '../../../shared/domain.ts';
import type { Kind } from '../../../shared/domain.ts';
import { DEFAULT_SETTINGS } from '../../sync/context.ts';
import type { SyncSettings } from '../../sync/context.ts';
import { DEFAULT_POLICY } from '../../sync/reconcile/rules.ts';
import type { FlowPolicy } from '../../sync/reconcile/rules.ts';
import { RAIL_LIMITS } from '../../sync/review/rails.ts';
import type { RailLimits } from '../../sync/review/rails.ts';
import type { FlowConfig, WorkspaceConfig } from './workspace-config.ts';

/** What workspace.yaml says, as the engine takes it. What it leaves out has the defaults of docs/sync-rules.md. */

const MINUTE = 60_000;

export function settingsOf({ systems, flows, rails }: WorkspaceConfig): SyncSettings {
  const skew = (side: (typeof SIDES)[number]): number => {
    const minutes = systems[side].limits?.clockSkewMinutes;
    return minutes === undefined ? DEFAULT_SETTINGS.skewMs[side] : minutes * MINUTE;
  };
  const atOnce = (side: (typeof SIDES)[number]): number => {
    const requests = systems[side].limits?.parallelWrites;
    return requests === undefined ? DEFAULT_SETTINGS.writesAtOnce[side] : recordsFor(requests);
  };
  return {
    ...DEFAULT_SETTINGS,
    ...(rails.confirmGoneMinutes === undefined ? {} : { confirmGoneMs: rails.confirmGoneMinutes * MINUTE }),
    ...(rails.autoWritesPerRun === undefined ? {} : { autoWritesPerRun: rails.autoWritesPerRun }),
    writesAtOnce: { customerp: atOnce('customerp'), tidsbanken: atOnce('tidsbanken') },
    skewMs: { customerp: skew('customerp'), tidsbanken: skew('tidsbanken') },
    rails: railsOf(rails),
    policies: Object.fromEntries(FLOWS.map((flow): [Kind, FlowPolicy] => [kindOf(flow), policyOf(flows[flow])])),
  };
}

/** While some wait for the disk, others fill the places of the requests; who wants one after the other gets that. */
const recordsFor = (requests: number): number => (requests === 1 ? 1 : 2 * requests);

type Partly<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The defaults with what was set laid over them. */
function over<T extends object>(defaults: T, set: Partly<T> | undefined): T {
  const given = Object.entries(set ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}

function railsOf(rails: WorkspaceConfig['rails']): RailLimits {
  const { mass, group, everyLinkFrom, shrunken, linkedSeen, timeShift } = RAIL_LIMITS;
  return {
    mass: {
      create: over(mass.create, rails.create),
      update: over(mass.update, rails.update),
      clear: over(mass.clear, rails.clear),
      archive: over(mass.archive, rails.archive),
      bothEdited: over(mass.bothEdited, rails.bothEdited),
    },
    group: over(group, rails.oneGroup),
    everyLinkFrom: rails.everyLinkFrom ?? everyLinkFrom,
    shrunken: over(shrunken, rails.shrunkenSource),
    linkedSeen: over(linkedSeen, rails.linkedRecords),
    timeShift: over(timeShift, rails.timeShift),
  };
}

const policyOf = (flow: FlowConfig | undefined): FlowPolicy => ({
  conflict: flow?.onConflict ?? DEFAULT_POLICY.conflict,
  against: flow?.againstDirection ?? DEFAULT_POLICY.against,
  neverLink: over(DEFAULT_POLICY.neverLink, flow?.neverLink),
});

/** V1: what decides a plan without being part of a mapping. Another one lapses approvals. */
export const policyFacts = ({ rails, skewMs, policies }: SyncSettings, own: WorkspaceConfig['rails']) => ({
  rails,
  skewMs,
  policies,
  confirmGoneMinutes: own.confirmGoneMinutes ?? null,
  autoWritesPerRun: own.autoWritesPerRun ?? null,
});
