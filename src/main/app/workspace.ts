import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FLOWS, KINDS, SIDES, fail, flowOf, kindOf, ok } from '../../shared/domain.ts';
import type { Kind, Pair, Problem, Result, Side } from '../../shared/domain.ts';
import type { Connector } from '../connectors/connector.ts';
import { createConnector } from '../connectors/create-connector.ts';
import { compileFlow } from '../mapping/compile.ts';
import type { CompiledFlow } from '../mapping/compile.ts';
import { defaultMapping } from '../mapping/default-mapping.ts';
import type { FlowMapping } from '../mapping/mapping.ts';
import { resolveSecrets } from '../secrets/resolve-secrets.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { DEFAULT_SETTINGS } from '../sync/context.ts';
import type { Clock, SyncSettings } from '../sync/context.ts';
import type { FlowConfig, SystemConfig, WorkspaceConfig } from './workspace-config.ts';
import { readWorkspace, STORE_FILE } from './workspace-file.ts';

/** An opened workspace: its settings, its store, its two connectors and its compiled flows. */
export interface Workspace {
  readonly dir: string;
  readonly config: WorkspaceConfig;
  readonly store: Store;
  readonly connectors: Pair<Connector>;
  readonly flows: ReadonlyMap<Kind, CompiledFlow>;
  readonly settings: SyncSettings;
  readonly versions: { readonly policy: string; readonly tenant: string };
  readonly clock: Clock;
  /** Names this process in the lease (section 7). */
  readonly holder: string;
  readonly person: string;
}

export interface OpenOptions {
  readonly workspaceDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly person: string;
}

/** Opens everything, or says what is wrong with it; what was opened until then is closed again. */
export async function openWorkspace(options: OpenOptions, clock: Clock): Promise<Result<Workspace, Problem>> {
  const config = await readWorkspace(options.workspaceDir);
  if (!config.ok) return config;
  const connectors = connectBoth(config.value, options.env);
  if (!connectors.ok) return connectors;
  const flows = compileFlows(config.value, connectors.value);
  if (!flows.ok) return flows;
  const store = openStore(join(options.workspaceDir, STORE_FILE), () => clock.now());
  if (!store.ok) return store;
  return ok({
    dir: options.workspaceDir,
    config: config.value,
    store: store.value,
    connectors: connectors.value,
    flows: flows.value,
    settings: settingsOf(config.value),
    versions: {
      policy: digest(config.value.rails),
      tenant: digest(SIDES.map((side) => config.value.systems[side].url)),
    },
    clock,
    holder: `${hostname()}:${String(process.pid)}:${randomUUID()}`,
    person: options.person,
  });
}

function connectBoth(config: WorkspaceConfig, env: OpenOptions['env']): Result<Pair<Connector>, Problem> {
  const customerp = connect('customerp', config.systems.customerp, env);
  if (!customerp.ok) return customerp;
  const tidsbanken = connect('tidsbanken', config.systems.tidsbanken, env);
  if (!tidsbanken.ok) return tidsbanken;
  return ok({ customerp: customerp.value, tidsbanken: tidsbanken.value });
}

function connect(side: Side, system: SystemConfig, env: OpenOptions['env']): Result<Connector, Problem> {
  const secrets = resolveSecrets(side, system.url, system.secrets, env);
  if (!secrets.ok) return secrets;
  const { connectSeconds, requestSeconds, settleSeconds } = system.limits ?? {};
  return createConnector({
    side,
    use: { preset: system.preset },
    baseUrl: system.url,
    secrets: secrets.value,
    limits: {
      ...(connectSeconds === undefined ? {} : { connectMs: connectSeconds * 1000 }),
      ...(requestSeconds === undefined ? {} : { requestMs: requestSeconds * 1000 }),
      ...(settleSeconds === undefined ? {} : { settleMs: settleSeconds * 1000 }),
    },
  });
}

function compileFlows(
  config: WorkspaceConfig,
  connectors: Pair<Connector>,
): Result<ReadonlyMap<Kind, CompiledFlow>, Problem> {
  const flows = new Map<Kind, CompiledFlow>();
  for (const mapping of defaultMapping()) {
    const flow = config.flows[flowOf(mapping.kind)];
    if (flow?.enabled === false) continue;
    const compiled = compileFlow(withCreation(mapping, flow), {
      customerp: connectors.customerp.fields(mapping.kind),
      tidsbanken: connectors.tidsbanken.fields(mapping.kind),
    });
    const problem = compiled.ok ? undefined : compiled.failure[0];
    if (problem !== undefined) return fail(problem);
    if (compiled.ok) flows.set(mapping.kind, compiled.value);
  }
  return ok(flows);
}

function withCreation(mapping: FlowMapping, flow: FlowConfig | undefined): FlowMapping {
  const create = flow?.create;
  if (create === undefined) return mapping;
  const automatic = create.automatic ?? false;
  return {
    ...mapping,
    create: {
      customerp: { rule: create.inCustomerp ?? mapping.create.customerp.rule, automatic },
      tidsbanken: { rule: create.inTidsbanken ?? mapping.create.tidsbanken.rule, automatic },
    },
  };
}

function settingsOf({ rails }: WorkspaceConfig): SyncSettings {
  return {
    ...DEFAULT_SETTINGS,
    ...(rails.confirmGoneMinutes === undefined ? {} : { confirmGoneMs: rails.confirmGoneMinutes * 60_000 }),
    ...(rails.autoWritesPerRun === undefined ? {} : { autoWritesPerRun: rails.autoWritesPerRun }),
  };
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
