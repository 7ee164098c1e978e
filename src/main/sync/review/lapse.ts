import type { Versions } from '../drafts.ts';

export interface LapseRules {
  readonly versions: Versions;
  /** ms UTC. */
  readonly now: number;
  /** The latest time this store has seen: a clock put back keeps no approval alive (T5). */
  readonly lastSeen: number;
  readonly lapsesAfterMs: number;
}

/** Why an approval given at `at` (ms UTC) under these versions no longer counts, or null (V2). A lapsed approval never writes. */
export function lapse(
  { at, versions }: { readonly at: number; readonly versions: Versions },
  rules: LapseRules,
): 'tooOld' | 'versionChanged' | null {
  if (Math.max(rules.now, rules.lastSeen) - at > rules.lapsesAfterMs) return 'tooOld';
  const same = (['mapping', 'policy', 'tenant'] as const).every((name) => versions[name] === rules.versions[name]);
  return same ? null : 'versionChanged';
}
