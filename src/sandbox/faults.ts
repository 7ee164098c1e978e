import { z } from 'zod';
import { isObject, parseJson } from './json.ts';
import { textOf, type Answer, type Ask } from './messages.ts';

const Fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(100).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
  }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('resetMidBody') }),
  z.strictObject({ kind: z.literal('stall'), ms: z.number().min(0).optional() }),
  z.strictObject({ kind: z.literal('slow'), bytesPerSecond: z.number().min(1) }),
  z.strictObject({ kind: z.literal('html') }),
  z.strictObject({ kind: z.literal('truncate'), bytes: z.int().min(0) }),
  z.strictObject({ kind: z.literal('repeatPage') }),
  z.strictObject({ kind: z.literal('dropIds') }),
  z.strictObject({ kind: z.literal('errorObject') }),
  z.strictObject({ kind: z.literal('emptyBody') }),
  z.strictObject({ kind: z.literal('latency'), ms: z.number().min(0) }),
  z.strictObject({ kind: z.literal('invalidJson') }),
  z.strictObject({ kind: z.literal('redirect'), location: z.string() }),
]);
export type Fault = z.infer<typeof Fault>;

const FaultRule = z.strictObject({
  name: z.string().optional(),
  method: z.string().optional(),
  /** A regular expression, tried on path and query as sent, without regard to case. */
  path: z.string().optional(),
  /** true: the system acts first and then fails, so the write has happened though the caller is told otherwise. */
  after: z.boolean().default(false),
  skip: z.int().min(0).default(0),
  times: z.int().min(1).optional(),
  fault: Fault,
});
export type FaultRule = z.infer<typeof FaultRule>;
export type FaultRuleInput = z.input<typeof FaultRule>;

const Plan = z.array(FaultRule);

/** A fault file holds one plan for both systems, or one for each. */
const PlanFile = z.union([Plan, z.strictObject({ customerp: Plan.default([]), tidsbanken: Plan.default([]) })]);

export function readPlanFile(text: string): { customerp: FaultRule[]; tidsbanken: FaultRule[] } {
  const plan = PlanFile.parse(parseJson(text));
  return Array.isArray(plan) ? { customerp: plan, tidsbanken: plan } : plan;
}

export interface Hit {
  readonly name: string;
  readonly after: boolean;
  readonly fault: Fault;
}

interface Armed {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  seen: number;
  hits: number;
}

/** The fault plan of one system: the first rule that is due strikes, each keeps its own count. */
export class Faults {
  #armed: Armed[] = [];
  readonly #lastPages = new Map<string, string>();

  set(plan: unknown): void {
    this.#armed = Plan.parse(plan).map((rule) => ({
      rule,
      pattern: new RegExp(rule.path ?? '', 'i'),
      seen: 0,
      hits: 0,
    }));
  }

  list(): (FaultRule & { hits: number })[] {
    return this.#armed.map(({ rule, hits }) => ({ ...rule, hits }));
  }

  clear(): void {
    this.#armed = [];
  }

  next(method: string, url: string): Hit | null {
    for (const armed of this.#armed) {
      if (!matches(armed, method, url)) continue;
      armed.seen++;
      const { skip, times, name, after, fault } = armed.rule;
      if (armed.seen <= skip || armed.hits >= (times ?? Infinity)) continue;
      armed.hits++;
      return { name: name ?? fault.kind, after, fault };
    }
    return null;
  }

  /** Lists are remembered per path, so that `repeatPage` can serve the one before again. */
  remember(ask: Ask, answer: Answer): void {
    if (this.#armed.length > 0 && ask.method === 'GET' && answer.status === 200) {
      this.#lastPages.set(ask.path.toLowerCase(), textOf(answer));
    }
  }

  lastPage(ask: Ask): string | undefined {
    return this.#lastPages.get(ask.path.toLowerCase());
  }
}

function matches({ rule, pattern }: Armed, method: string, url: string): boolean {
  const methodFits = rule.method === undefined || rule.method.toUpperCase() === method;
  return methodFits && pattern.test(url);
}

/** These only delay: holding them back from a write would make them a refusal. */
export function onlyDelays(fault: Fault): boolean {
  return fault.kind === 'latency' || fault.kind === 'slow';
}

const HTML = '<!doctype html><title>Maintenance</title><h1>The service is closed for maintenance</h1>';

/** What the caller gets instead of the true answer. Faults of the connection itself leave the answer as it is. */
export function disguise(fault: Fault, answer: Answer, lastPage: string | undefined): Answer {
  switch (fault.kind) {
    case 'status':
      return { status: fault.status, headers: fault.headers ?? {}, body: bodyText(fault.body) };
    case 'html':
      return { status: 200, type: 'text/html; charset=utf-8', body: HTML };
    case 'truncate':
      return {
        ...answer,
        body: Buffer.from(textOf(answer)).subarray(0, fault.bytes).toString('utf8'),
      };
    case 'repeatPage':
      return lastPage === undefined ? answer : { ...answer, body: lastPage };
    case 'dropIds':
      return { ...answer, body: withoutFirstId(textOf(answer)) };
    case 'errorObject':
      return { status: 200, body: JSON.stringify({ error: { code: 'internal', message: 'Something went wrong.' } }) };
    case 'emptyBody':
      return { status: 200, body: '' };
    case 'invalidJson':
      return { ...answer, body: `${textOf(answer).slice(0, -1)},` };
    case 'redirect':
      return { status: 302, headers: { location: fault.location }, body: '' };
    case 'reset':
    case 'resetMidBody':
    case 'stall':
    case 'slow':
    case 'latency':
      break;
  }
  return answer;
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function withoutFirstId(body: string): string {
  const page: unknown = body === '' ? null : parseJson(body);
  if (!isObject(page)) return body;
  const list = page['items'] ?? page['value'];
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (!isObject(first)) return body;
  delete first['id'];
  delete first['Id'];
  return JSON.stringify(page);
}
