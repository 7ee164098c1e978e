import type { Value } from '../../shared/domain.ts';

/**
 * What one field of one record shows (sync-semantics 2.1). `unobserved` is ∅, value `null` is ⊥; `invalid` is ∅ with a
 * finding (N4). Reasons and warnings never repeat the value: it may be sensitive (I19).
 */
export type Observation =
  | { readonly state: 'unobserved' }
  | { readonly state: 'invalid'; readonly reason: string }
  | {
      readonly state: 'value';
      readonly value: Value;
      /** What to write to the other side, where that is not the canonical text itself. */
      readonly spelling?: string;
      /** Something a person should know that does not block (a wrong check digit). */
      readonly warning?: string;
    };

export const UNOBSERVED: Observation = { state: 'unobserved' };
export const EMPTY: Observation = { state: 'value', value: null };
export const invalid = (reason: string): Observation => ({ state: 'invalid', reason });
export const observed = (value: string): Observation => ({ state: 'value', value });
