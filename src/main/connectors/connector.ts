import type { FieldDeclaration } from '../mapping/field-declaration.ts';
import type { SystemSchema } from '../mapping/lint/system-schema.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { Kind, Result, Side } from '../../shared/domain.ts';

/**
 * The port between the engine and one system (E or T). The engine sees nothing else of a system; every connector is
 * proven by connector.suite.ts. No connector retries a write, and none has a request that deletes (I12).
 */
export interface Connector {
  readonly side: Side;
  /** Kinds this system serves. */
  readonly kinds: readonly Kind[];
  capabilities(kind: Kind): Capabilities;
  /** The declared fields of a kind, by dotted path in the raw record. */
  fields(kind: Kind): Readonly<Record<string, FieldDeclaration>>;
  /** Signs in and tells which tenant answers; writes nothing. */
  probe(signal: AbortSignal): Promise<Result<SystemFacts, ConnectorFailure>>;
  /** What the system says of its own fields; a kind of which it says nothing is left out. Absent: it says nothing at all. */
  readonly schema?: (signal: AbortSignal) => Promise<Result<SystemSchema, ConnectorFailure>>;
  /**
   * Reads a kind page by page in a stable order (C2). With `since` (ms, UTC) only records modified at or after it.
   * The first failure ends the iteration; what came before is a partial collection.
   */
  collect(request: CollectRequest): AsyncIterable<Result<Page, ConnectorFailure>>;
  /** Point read. `null` only when the system said "not found". `fields: 'all'` reads the whole record (A2 of a full-object write). */
  read(request: ReadRequest): Promise<Result<RawRecord | null, ConnectorFailure>>;
  /** All records whose field equals the value, by the system's own filter. At most 10 are returned. */
  find(request: FindRequest): Promise<Result<readonly RawRecord[], ConnectorFailure>>;
  /**
   * Runs `write`, which announces one write durably (A5, K3) and sends it, as soon as the system's limits let it leave;
   * they keep its turn and its place meanwhile. Null when the signal fired while it waited: `write` was not run. What is
   * run must not read from this system. `create` and `update` themselves never wait.
   */
  admit<T>(signal: AbortSignal, write: () => Promise<T>): Promise<T | null>;
  /** Sends one create, once. */
  create(request: CreateRequest): Promise<WriteResult>;
  /** Sends one update, once. */
  update(request: UpdateRequest): Promise<WriteResult>;
  /** Requests sent so far, reads and writes. */
  requestCount(): number;
  /** What these requests were, all together. */
  traffic(): Traffic;
  close(): Promise<void>;
}

/** What went over the wire to one system so far, and what was waited for its limits. */
export interface Traffic {
  /** Bodies as they crossed the wire, compressed where they were; without headers. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** From a request's leaving to its answer's end, all requests together, ms. */
  readonly answeringMs: number;
  /** Requests that had to wait for the system's limits, and all their waits together, ms. */
  readonly waits: number;
  readonly waitedMs: number;
  /** Requests answered 429. */
  readonly refused: number;
}

/** Sync-semantics 2.4. What is not known is taken as the worst. */
export interface Capabilities {
  /** An update may carry only the touched fields. */
  readonly partialUpdate: boolean;
  /** Whether a full-object write keeps fields that were left out. `unknown` = replaces: the full object is sent. */
  readonly putMerges: boolean | 'unknown';
  readonly conditionalWrite: boolean;
  readonly pointRead: boolean;
  readonly filterByKey: boolean;
  /**
   * How one page leads to the next (C2): by what the page itself names (also: all in one page), by the last key, or by
   * counting. Only counting can lose a record that moves meanwhile.
   */
  readonly paging: 'link' | 'key' | 'skip';
  readonly stableOrder: boolean;
  readonly count: boolean;
  readonly delta: boolean;
  readonly archive: boolean;
  readonly create: boolean;
  /** The field that holds a key the creator chooses, or null when the system numbers by itself. */
  readonly clientChosenId: string | null;
  readonly createOnExisting: 'rejects' | 'upserts' | 'unknown';
  /** A field of ours that marks records this app created, or null. */
  readonly markerField: string | null;
  readonly requestTimeoutMs: number;
  /** How long a late commit may take to land; at least twice the timeout. */
  readonly settleMs: number;
  /** Native ids that belong to the system itself and are never linked or written (C4). */
  readonly systemIds: readonly string[];
}

export interface SystemFacts {
  /** Identifies the company at this system: base URL and, where shown, a company id. Never a secret. */
  readonly tenant: string;
  readonly baseUrl: string;
  /** Keyed digest of the tenant key (S3); the key itself never leaves the connector. */
  readonly keyDigest: string;
  /** What the check found, a line each, for `doctor`. */
  readonly notes: readonly string[];
  /** Differences between the system's clock and ours, ms; null if it shows none. */
  readonly clockSkewMs: number | null;
}

export interface RawRecord {
  readonly nativeId: string;
  /** Instant in ms UTC after the system's zone rule, or null when unknown. */
  readonly modifiedAt: number | null;
  /** ETag or version for conditional writes. */
  readonly version: string | null;
  readonly raw: JsonObject;
}

export interface Page {
  readonly records: readonly RawRecord[];
  /** Records without a usable id (C4): counted, never linked. Holds a short description, no values. */
  readonly withoutId: readonly string[];
  /** The system's own count of the whole result, where it tells one. */
  readonly total: number | null;
}

export interface CollectRequest {
  readonly kind: Kind;
  /** Dotted paths wanted; id and modified time come along always. `all`: in place of a point read for A4. */
  readonly fields: readonly string[] | 'all';
  readonly since: number | null;
  readonly signal: AbortSignal;
}
export interface ReadRequest {
  readonly kind: Kind;
  readonly nativeId: string;
  readonly fields: readonly string[] | 'all';
  readonly signal: AbortSignal;
}
export interface FindRequest {
  readonly kind: Kind;
  readonly field: string;
  readonly value: string;
  readonly fields: readonly string[];
  readonly signal: AbortSignal;
}
/** `values`: JSON by dotted path, already in write form. */
export interface CreateRequest {
  readonly kind: Kind;
  readonly values: ReadonlyMap<string, Json>;
  readonly signal: AbortSignal;
}
export interface UpdateRequest {
  readonly kind: Kind;
  readonly nativeId: string;
  readonly values: ReadonlyMap<string, Json>;
  /** The record as read at A2. A system without partial update gets it whole, with `values` laid over it (A4). */
  readonly current: RawRecord;
  readonly signal: AbortSignal;
}

/** Why a read (or a request that was never sent) failed. The texts never hold a secret or a body. */
export type ConnectorFailure =
  | { readonly kind: 'unreachable'; readonly detail: string } // DNS, refused, TLS
  | { readonly kind: 'signInNeeded'; readonly status: number; readonly detail: string }
  | { readonly kind: 'slowDown'; readonly retryAfterMs: number; readonly detail: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  | { readonly kind: 'serverError'; readonly status: number; readonly detail: string }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string } // other 4xx, 3xx
  | { readonly kind: 'unreadable'; readonly detail: string } // HTML, truncated, wrong shape: never "nothing there"
  | { readonly kind: 'cut'; readonly detail: string } // connection lost under way
  | { readonly kind: 'cancelled'; readonly detail: string };

/** Sync-semantics section 8, seen from the sender of one write. */
export type WriteResult =
  | { readonly kind: 'acked'; readonly nativeId: string | null }
  | { readonly kind: 'notSent'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'slowDown'; readonly retryAfterMs: number; readonly detail: string }
  | { readonly kind: 'conflict'; readonly status: number; readonly detail: string }
  | { readonly kind: 'signInNeeded'; readonly status: number; readonly detail: string }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string };
