/** Columns that hold JSON were written by this app in the shape that the caller names; the schema is theirs. */
export const fromJson = <T>(text: string): T => JSON.parse(text) as T;

/** Keys in order, so that equal content has equal text (digests, I10). */
export function toStableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
