import type { Kind, Pair, Side, Value } from '../../../shared/domain.ts';
import type { FailureWhy, NotApplicable } from '../../../shared/contract/checklist-views.ts';

/** What became of one line of the checklist. Values are canonical; sensitive ones come masked (J1). */
export interface Finding {
  readonly kind: Kind;
  /** Names the line: `property:phone:tidsbanken`, `rule:merged:orgNo`. */
  readonly item: string;
  readonly verdict: 'passed' | 'failed' | 'notApplicable';
  readonly why: NotApplicable | FailureWhy | null;
  /** What a person needs besides: the sentence of a refusal, the name of a mismatch. */
  readonly detail: string | null;
  readonly evidence: Evidence | null;
  /** ms since 1970. */
  readonly at: number;
}

/** What was seen on the way. */
export interface Evidence {
  readonly record: Pair<string>;
  readonly was: Pair<Value>;
  readonly wrote: Value;
  readonly to: Side;
  /** What the other side held afterwards, as the mapping reads it; undefined: nothing that it can read. */
  readonly readBack?: Value;
  /** The same as the system itself spells it. */
  readonly shown: string | null;
  /** The changes that were sent, as the journal names them, with their attempts: `change:12#1`. */
  readonly requests: readonly string[];
  /** `open`: the test value still stands; `kept`: somebody edited it meanwhile. */
  readonly putBack: 'restored' | 'kept' | 'open';
}
