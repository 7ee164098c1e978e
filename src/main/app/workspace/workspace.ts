import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FLOWS, KINDS, SIDES, fail, flowOf, kindOf, ok } from '../../../shared/domain.ts';
import type { Kind, Pair, Problem, Result, Side } from '../../../shared/domain.ts';
import type { Connector } from '../../connectors/connector.ts';
import { createConnector } from '../../connectors/create-connector.ts';
import type { Descriptor } from '../../connectors/descriptor/descriptor.ts';
import { compileFlow } from '../../mapping/compile.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { concealerOf } from '../../mapping/conceal.ts';
import type { Concealer } from '../../mapping/conceal.ts';
import { creationProblems } from '../../mapping/creation-problems.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { numberProblems } from '../../mapping/number-problems.ts';
import type { MappingProblem } from '../../mapping/mapping-problem.ts';
import { concealKey } from '../../secrets/conceal-key.ts';
import { resolveSecrets } from '../../secrets/resolve-secrets.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import type { Clock, SyncSettings } from '../../sync/context.ts';
import { pairDigest } from './pair-registry.ts';
import type { PairClaim } from './pair-registry.ts';
import { isDemo } from './workspace-config.ts';
import type { SystemConfig, WorkspaceConfig } from './workspace-config.ts';
import { confirmedRows, mappingsOf, withoutHeld } from './confirmed-rows.ts';
import type { HeldRow } from './confirmed-rows.ts';
import { descriptorsOf } from './system-descriptor.ts';
import { policyFacts, settingsOf } from './settings.ts';
import { problemAt, readWorkspace, STORE_FILE } from './workspace-file.ts';

/** An opened workspace: its settings, its store, its two connectors and its compiled flows. */
export interface Workspace {
  readonly dir: string;
  /** With `flows`: replaced when a mapping is saved, so ask for it anew at each call. A run keeps what it began with. */
  config: WorkspaceConfig;
  readonly store: Store;
  readonly connectors: Pair<Connector>;
  flows: ReadonlyMap<Kind, CompiledFlow>;
  /** Rows of the file that are off in `flows` until a person has said yes to them; absent: none. */
  held?: readonly HeldRow[];
  readonly settings: SyncSettings;
  readonly versions: { readonly policy: string; readonly tenant: string };
  readonly clock: Clock;
  /** Names this process in the lease (section 7). */
  readonly holder: string;
  readonly person: string;
  /** Where this pair of tenants is claimed before a run (S10); null: nowhere, as for a demo. */
  readonly pair?: PairClaim | null;
  readonly pageWritten?: OpenOptions['pageWritten'];
}

export interface OpenOptions {
  readonly workspaceDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly person: string;
  /** Where the workspaces of this computer are told from each other (S10). */
  readonly pairsDir?: string;
  /** Told of each page that was written to be read, for a host that prints. */
  readonly pageWritten?: ((path: string) => void) | undefined;
}

/** Opens everything, or says what is wrong with it; what was opened until then is closed again. */
export async function openWorkspace(
  options: OpenOptions,
  clock: Clock,
  open: typeof openStore = openStore,
): Promise<Result<Workspace, Problem>> {
  const config = await readWorkspace(options.workspaceDir);
  if (!config.ok) return config;
  const secrets = secretsOf(config.value, options.env);
  if (!secrets.ok) return secrets;
  const descriptors = await descriptorsOf(options.workspaceDir, config.value);
  if (!descriptors.ok) return descriptors;
  const connectors = connectBoth(config.value, descriptors.value, secrets.value);
  if (!connectors.ok) return connectors;
  // Every row first, so that what cannot work is told before a store is made.
  const all = await compileFlows(options.workspaceDir, mappingsOf(config.value), connectors.value);
  if (!all.ok) return all;
  const store = open(join(options.workspaceDir, STORE_FILE), () => clock.now());
  if (!store.ok) return store;
  const { mappings, held } = withoutHeld(config.value, await confirmedRows(store.value, config.value));
  const flows = held.length === 0 ? all : await compileFlows(options.workspaceDir, mappings, connectors.value);
  if (!flows.ok) {
    store.value.close();
    return flows;
  }
  const settings = settingsOf(config.value);
  return ok({
    dir: options.workspaceDir,
    config: config.value,
    store: store.value,
    connectors: connectors.value,
    flows: flows.value,
    held,
    settings,
    versions: {
      policy: digest(policyFacts(settings, config.value.rails)),
      tenant: digest(SIDES.map((side) => config.value.systems[side].url)),
    },
    clock,
    holder: `${hostname()}:${String(process.pid)}:${randomUUID()}`,
    person: options.person,
    pageWritten: options.pageWritten,
    pair: pairOf(config.value, secrets.value, options.pairsDir),
  });
}

type Secrets = Readonly<Record<string, string>>;

function secretsOf({ systems }: WorkspaceConfig, env: OpenOptions['env']): Result<Pair<Secrets>, Problem> {
  const customerp = resolveSecrets('customerp', systems.customerp.url, systems.customerp.secrets, env);
  if (!customerp.ok) return customerp;
  const tidsbanken = resolveSecrets('tidsbanken', systems.tidsbanken.url, systems.tidsbanken.secrets, env);
  return tidsbanken.ok ? ok({ customerp: customerp.value, tidsbanken: tidsbanken.value }) : tidsbanken;
}

/** Demos may be as many as one likes: their systems live and end with them. */
function pairOf(config: WorkspaceConfig, secrets: Pair<Secrets>, folder: string | undefined): PairClaim | null {
  if (folder === undefined || isDemo(config)) return null;
  const { customerp, tidsbanken } = config.systems;
  const digest = pairDigest({
    customerp: { url: customerp.url, secrets: secrets.customerp },
    tidsbanken: { url: tidsbanken.url, secrets: secrets.tidsbanken },
  });
  return { folder, digest };
}

function connectBoth(
  { systems }: WorkspaceConfig,
  descriptors: Pair<Descriptor>,
  secrets: Pair<Secrets>,
): Result<Pair<Connector>, Problem> {
  const customerp = connect('customerp', systems.customerp, descriptors.customerp, secrets.customerp);
  if (!customerp.ok) return customerp;
  const tidsbanken = connect('tidsbanken', systems.tidsbanken, descriptors.tidsbanken, secrets.tidsbanken);
  if (!tidsbanken.ok) return tidsbanken;
  return ok({ customerp: customerp.value, tidsbanken: tidsbanken.value });
}

function connect(
  side: Side,
  system: SystemConfig,
  descriptor: Descriptor,
  secrets: Secrets,
): Result<Connector, Problem> {
  const { connectSeconds, requestSeconds, settleSeconds, requestsPerSecond, burst, parallelWrites } =
    system.limits ?? {};
  return createConnector({
    side,
    use: { descriptor },
    baseUrl: system.url,
    capabilities: system.capabilities ?? {},
    secrets,
    limits: {
      ...(connectSeconds === undefined ? {} : { connectMs: connectSeconds * 1000 }),
      ...(requestSeconds === undefined ? {} : { requestMs: requestSeconds * 1000 }),
      ...(settleSeconds === undefined ? {} : { settleMs: settleSeconds * 1000 }),
      ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
      ...(burst === undefined ? {} : { burst }),
      ...(parallelWrites === undefined ? {} : { parallelRequests: parallelWrites }),
    },
  });
}

/** The mappings that are on, bound to the fields of both systems; or the first thing that keeps one from it. */
export async function compileFlows(
  dir: string,
  all: readonly FlowMapping[],
  connectors: Pair<Connector>,
): Promise<Result<ReadonlyMap<Kind, CompiledFlow>, Problem>> {
  const mappings = all.filter(({ enabled }) => enabled);
  const [vain] = creationProblems(mappings);
  if (vain !== undefined) return fail(await problemIn(dir, vain));
  const concealer = concealerFor(dir, mappings);
  if (!concealer.ok) return concealer;
  const flows = new Map<Kind, CompiledFlow>();
  for (const mapping of mappings) {
    const { kind } = mapping;
    const fields = { customerp: connectors.customerp.fields(kind), tidsbanken: connectors.tidsbanken.fields(kind) };
    const [unfit] = numberProblems(mapping, fields, chosenIds(kind, connectors));
    if (unfit !== undefined) return fail(await problemIn(dir, unfit));
    const compiled = compileFlow(mapping, fields, concealer.value);
    if (compiled.ok) flows.set(kind, compiled.value);
    const [problem] = compiled.ok ? [] : compiled.failure;
    if (problem !== undefined) return fail(await problemIn(dir, { ...problem, recordKind: kind }));
  }
  return ok(flows);
}

/** The field of each side that takes the number of a new record (2.4). */
export const chosenIds = (kind: Kind, { customerp, tidsbanken }: Pair<Connector>): Pair<string | null> => ({
  customerp: customerp.capabilities(kind).clientChosenId,
  tidsbanken: tidsbanken.capabilities(kind).clientChosenId,
});

/** What is wrong with a mapping, with the line of workspace.yaml that says so. */
const problemIn = (dir: string, problem: MappingProblem & { recordKind?: Kind }): Promise<Problem> => {
  const flow = problem.recordKind === undefined ? [] : [flowOf(problem.recordKind)];
  return problemAt(dir, ['flows', ...flow, ...(problem.at ?? ['properties', problem.property ?? ''])], problem);
};

/** J1: the workspace has a key as soon as a sensitive property is in use, and not before. */
function concealerFor(dir: string, mappings: readonly FlowMapping[]): Result<Concealer | null, Problem> {
  const isUsed = mappings.some(({ properties }) => properties.some((p) => p.sensitive && p.direction !== 'off'));
  if (!isUsed) return ok(null);
  const key = concealKey(dir);
  return key.ok ? ok(concealerOf(key.value)) : key;
}

/** Kinds of the wanted flows, in the order of O1. Departments come along: others refer to them. */
export function kindsOf(
  workspace: Pick<Workspace, 'flows'>,
  flows: readonly (typeof FLOWS)[number][] | undefined,
): Kind[] {
  const wanted = flows === undefined || flows.length === 0 ? [...FLOWS] : [...flows, 'department-avdeling' as const];
  const kinds = new Set(wanted.map(kindOf));
  return KINDS.filter((kind) => kinds.has(kind) && workspace.flows.has(kind));
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
