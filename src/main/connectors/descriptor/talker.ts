import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import { isJsonObject } from '../../../shared/json.ts';
import type { Json } from '../../../shared/json.ts';
import type { ConnectorFailure } from '../connector.ts';
import { classifyRead, classifyWrite, tell } from '../http/classify.ts';
import type { Accepted, Context, NotAcked } from '../http/classify.ts';
import type { Exchange, HttpDeps, HttpRequest } from '../http/exchange.ts';
import type { PacedClient } from '../http/paced-client.ts';
import { retryRead } from '../http/retry.ts';
import type { Descriptor } from './descriptor.ts';
import { memberAt } from './records.ts';
import { address } from './requests.ts';
import type { QueryParams } from './requests.ts';

export interface Question {
  readonly path: string;
  readonly query: QueryParams;
  /** The path as it may stand in messages, without ids. */
  readonly label: string;
  readonly signal: AbortSignal;
  /** Asks for a document of this media type: its text is the answer, whatever it holds. Absent: JSON. */
  readonly text?: string;
}

export type ReadAnswer = Omit<Accepted, 'json'> & { readonly json: Json };

/** Asks and tells one system: reads with patience, writes once, and takes an error object for what it is (C6). */
export class Talker {
  readonly #http: PacedClient;
  readonly #deps: HttpDeps;
  readonly #error: Descriptor['error'];
  readonly #secrets: readonly string[];

  constructor(http: PacedClient, deps: HttpDeps, error: Descriptor['error'], secrets: readonly string[]) {
    this.#http = http;
    this.#deps = deps;
    this.#error = error;
    this.#secrets = secrets;
  }

  get(question: Question): Promise<Result<ReadAnswer, ConnectorFailure>> {
    return retryRead(this.#deps, question.signal, async () => {
      const request = readRequest(question);
      return this.#readAnswer(await this.#http.send(request), request);
    });
  }

  /** As `get`, for the address of one record; null when the system itself says that there is none. */
  getRecord(question: Question): Promise<Result<ReadAnswer | null, ConnectorFailure>> {
    return retryRead<ReadAnswer | null>(this.#deps, question.signal, async () => {
      const request = readRequest(question);
      const exchange = await this.#http.send(request);
      return saysNotFound(exchange) ? ok(null) : this.#readAnswer(exchange, request);
    });
  }

  /** Sends a write, once. */
  async write(request: HttpRequest): Promise<Result<Accepted, NotAcked>> {
    const answer = classifyWrite(await this.#http.send(request), this.#context(request));
    if (!answer.ok || !this.#isError(answer.value.json)) return answer;
    return fail({ kind: 'unknown', detail: tell({ request }, 'an error came as success') });
  }

  #readAnswer(exchange: Exchange, request: HttpRequest): Result<ReadAnswer, ConnectorFailure> {
    const answer = classifyRead(exchange, this.#context(request));
    if (!answer.ok) return answer;
    const { json } = answer.value;
    if (json === null || this.#isError(json)) return fail(unreadable(request.label, 'an error came as success'));
    return ok({ ...answer.value, json });
  }

  #context(request: HttpRequest): Context {
    return { request, now: this.#deps.now(), explain: (body) => this.#explain(body) };
  }

  #isError(json: Json | null): boolean {
    const error = json !== null && isJsonObject(json) ? memberAt(json, this.#error.object) : undefined;
    return error !== undefined && error !== null && error !== false && error !== '';
  }

  // Codes and field names only: the text of an error may repeat the record, or the key that was sent.
  #explain(body: Json): string {
    const words = this.#error.words.flatMap((path) => wordsAt(body, path.split('.')));
    const harmless = words.filter((word) => /^[A-Za-z][\w.[\]-]{0,60}$/.test(word) && !this.#secrets.includes(word));
    return harmless.join(', ');
  }
}

/** The texts at a path; a list on the way stands for each of its members. */
function wordsAt(json: Json | undefined, path: readonly string[]): string[] {
  if (Array.isArray(json)) return (json as readonly Json[]).flatMap((member) => wordsAt(member, path));
  const [step, ...rest] = path;
  if (step === undefined) return typeof json === 'string' ? [json] : [];
  return json !== undefined && isJsonObject(json) ? wordsAt(json[step], rest) : [];
}

const readRequest = ({ path, query, label, signal, text }: Question): HttpRequest => ({
  method: 'GET',
  path: address(path, query),
  label,
  signal,
  ...(text === undefined ? {} : { isText: true, headers: { Accept: text } }),
});

// A 404 page of a proxy says nothing of the record; only one in the system's own language does.
const saysNotFound = (exchange: Exchange): boolean =>
  exchange.kind === 'answered' &&
  exchange.status === 404 &&
  exchange.body.kind === 'json' &&
  isJsonObject(exchange.body.value);

/** A read whose answer is JSON and yet no answer. */
export const unreadable = (label: string, what: string): ConnectorFailure => ({
  kind: 'unreadable',
  detail: tell({ request: { method: 'GET', label } }, what),
});
