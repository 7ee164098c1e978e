import { KINDS } from '../../shared/domain.ts';
import type { Kind } from '../../shared/domain.ts';
import { isJsonObject } from '../../shared/json.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { startSandbox } from '../../sandbox/index.ts';
import type { Connector } from './connector.ts';
import type { KindSample, SuiteSystem } from './connector.suite.ts';
import { createConnector } from './create-connector.ts';
import type { ConnectorSettings } from './create-connector.ts';
import { parseLossless } from './http/lossless-json.ts';

export interface SandboxSystem extends SuiteSystem {
  readonly url: string;
  /** Turns the sandbox's switches, or gives it faults. */
  door(method: string, path: string, body?: Json): Promise<Json>;
}

export interface SandboxSetting {
  readonly settings: Omit<ConnectorSettings, 'baseUrl'>;
  /** Each kind under its own name in that system, and the field that holds its id. */
  readonly names: Readonly<Record<Kind, string>>;
  readonly idField: string;
  readonly samples: Readonly<Record<Kind, KindSample>>;
}

/** Records enough for several pages of the size that the tests ask for. */
const SEEDED = 12;
export const PAGE_SIZE = 5;
export const TEST_LIMITS = { connectMs: 1_000, requestMs: 1_000, settleMs: 2_000, pageSize: PAGE_SIZE };

/** Starts the sandbox, connects to one of its systems and adds samples to it. */
export async function startSandboxSystem(setting: SandboxSetting): Promise<SandboxSystem> {
  const sandbox = await startSandbox({ customers: 4, employees: 4, projects: 4, dirt: 0 });
  const { url } = sandbox[setting.settings.side];
  const door = (method: string, path: string, body?: Json): Promise<Json> => callDoor(url, method, path, body);
  const connector = connect(setting, url);
  await seed(setting, connector);
  return {
    url,
    connector,
    samples: setting.samples,
    door,
    truth: async (kind) => asRecords(await door('GET', `records/${setting.names[kind]}`)),
    idOf: (_kind, record) => textOf(record[setting.idField]),
    editOutside: async (kind, id, patch) =>
      void (await door('PATCH', `records/${setting.names[kind]}/${encodeURIComponent(id)}`, patch)),
    writes: async () => asRecords(await door('GET', 'counts')).map(writesIn)[0] ?? 0,
    close: async () => {
      await connector.close();
      await sandbox.close();
    },
  };
}

function connect({ settings }: SandboxSetting, url: string): Connector {
  const made = createConnector({ ...settings, baseUrl: url, limits: TEST_LIMITS });
  if (!made.ok) throw new Error(made.failure.what);
  return made.value;
}

async function seed({ samples, names }: SandboxSetting, connector: Connector): Promise<void> {
  const { signal } = new AbortController();
  for (const kind of KINDS.filter((name) => name in names)) {
    for (let n = 100; n < 100 + SEEDED; n += 1) {
      const made = await connector.create({ kind, values: samples[kind].values(n), signal });
      if (made.kind !== 'acked') throw new Error(JSON.stringify(made));
    }
  }
}

async function callDoor(url: string, method: string, path: string, body?: Json): Promise<Json> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${url}/_sandbox/${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : parseLossless(text);
}

function writesIn(counts: JsonObject): number {
  const methods = counts['byMethod'];
  if (methods === undefined || !isJsonObject(methods)) throw new Error('the sandbox counts otherwise');
  return ['POST', 'PUT', 'PATCH', 'DELETE'].reduce((sum, method) => sum + Number(methods[method] ?? 0), 0);
}

const asRecords = (json: Json): JsonObject[] =>
  (Array.isArray(json) ? json : [json]).filter((item: unknown) => isJsonObject(item));

function textOf(id: Json | undefined): string {
  if (typeof id !== 'string' && typeof id !== 'number') throw new Error('a record without an id');
  return String(id);
}
