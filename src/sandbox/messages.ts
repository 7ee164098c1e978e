import type { IncomingHttpHeaders } from 'node:http';

/** A request, read. Handlers are plain functions from this to an answer, so tests need no network. */
export interface Ask {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly url: string;
  readonly path: string;
  /** Decoded, empty ones left out. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Content type; JSON when left out. */
  readonly type?: string;
}

/** Thrown anywhere below a handler to end with a certain answer. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.body === undefined ? `status ${answer.status}` : textOf(answer));
    this.answer = answer;
  }
}

/** The body as text, whichever way it was made. */
export function textOf({ body = '' }: Answer): string {
  return typeof body === 'string' ? body : body.toString('utf8');
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: JSON.stringify(body) };
}
