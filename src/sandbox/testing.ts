/** Help for the sandbox's own tests: systems without a network, and a clock that stands still. */
import { Clock } from './clock.ts';
import { API_KEY, Customerp } from './customerp/server.ts';
import { makeServer, type System } from './http.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { plant, type SeedOptions } from './seed/index.ts';
import { SUBSCRIPTION_KEY, TB_KEY, Tidsbanken } from './tidsbanken/server.ts';

export const NOON = Date.parse('2026-03-10T12:00:00Z');

export const SEED: SeedOptions = {
  customers: 60,
  employees: 40,
  projects: 50,
  overlap: 0.6,
  differ: 0.1,
  dirt: 0,
  seed: 1,
  now: NOON,
};

export const TB_HEADERS = {
  'tb-key': TB_KEY,
  'ocp-apim-subscription-key': SUBSCRIPTION_KEY,
  'x-api-version': '3.0',
  'content-type': 'application/json',
};
export const ERP_HEADERS = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body as an object; empty when it is none. */
  readonly body: JsonObject;
}

export type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export function sender(system: System, standard: Record<string, string>): Send {
  const app = makeServer(system);
  return async (method, path, body, headers = {}) => {
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tests name real methods
    const verb = method as Method;
    const response = await app.inject({ method: verb, url: path, headers: { ...standard, ...headers }, ...payload });
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      body: objectIn(response.body),
    };
  };
}

function objectIn(text: string): JsonObject {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export interface Systems {
  readonly customerp: Customerp;
  readonly tidsbanken: Tidsbanken;
  /** The time both believe it is; writable. */
  readonly time: { now: number };
  readonly erp: Send;
  readonly tb: Send;
}

export function startSystems(options: Partial<SeedOptions> = {}): Systems {
  const time = { now: NOON };
  const customerp = new Customerp(new Clock(0, () => time.now));
  const tidsbanken = new Tidsbanken(new Clock(0, () => time.now));
  plant({ ...SEED, ...options }, customerp, tidsbanken);
  return { customerp, tidsbanken, time, erp: sender(customerp, ERP_HEADERS), tb: sender(tidsbanken, TB_HEADERS) };
}

/** The records of a list, whichever system it came from. */
export function listOf({ body }: Reply): JsonObject[] {
  const list = body['value'] ?? body['items'];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

export function arrayIn({ text }: Reply): JsonObject[] {
  const list = parseJson(text);
  return Array.isArray(list) ? list.filter(isObject) : [];
}
