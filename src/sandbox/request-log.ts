/** One request to a system, doors left out. */
export interface LoggedRequest {
  /** Milliseconds since the log was opened, on the machine's own time: a shifted clock must not bend it. */
  readonly at: number;
  readonly method: string;
  readonly url: string;
  /** What the system decided; a fault may have hidden it. */
  status: number;
}

/** Every request in the order of arrival, kept only while someone wants it. */
export class RequestLog {
  #entries: LoggedRequest[] | null = null;
  #openedAt = 0;

  open(): void {
    this.#entries = [];
    this.#openedAt = performance.now();
  }

  shut(): void {
    this.#entries = null;
  }

  list(): readonly LoggedRequest[] {
    return this.#entries ?? [];
  }

  /** Answers with the note to complete, or null when nobody listens. */
  add(method: string, url: string): LoggedRequest | null {
    if (this.#entries === null) return null;
    const entry = { at: performance.now() - this.#openedAt, method, url, status: 0 };
    this.#entries.push(entry);
    return entry;
  }
}
