/** Columns that hold JSON were written by this app in the shape that the caller names; the schema is theirs. */
export const fromJson = <T>(text: string): T => (EMPTY.get(text) ?? JSON.parse(text)) as T;

/** Most of these columns are empty most of the time; what is shared must not be changed. */
const EMPTY: ReadonlyMap<string, object> = new Map<string, object>([
  ['{}', Object.freeze({})],
  ['[]', Object.freeze([])],
]);

/** Keys in order, so that equal content has equal text (digests, I10). */
export function toStableJson(value: unknown): string {
  return isInOrder(value) ? JSON.stringify(value) : sorted(value);
}

/** Whether a flat object has its keys in order already, as most entries of the journal have. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let before = '';
  for (const [key, inner] of Object.entries(value)) {
    if (key < before || !isFlat(inner)) return false;
    before = key;
  }
  return true;
}

const isFlat = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null));

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
