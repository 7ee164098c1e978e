/** What one pass over a kind looked like, page by page. */
export interface PassFacts {
  /** The system's count at the first and at the last page, where it tells one. */
  readonly totalBefore: number | null;
  readonly totalAfter: number | null;
  /** Distinct ids, those of system records included. */
  readonly uniqueIds: number;
  /** Records without a usable id (C4): they are in the count, too. */
  readonly withoutId: number;
  /** Ids that came with two different contents. */
  readonly contradicting: readonly string[];
  /** Pages that brought nothing but records already seen. */
  readonly repeatedPages: number;
}

/** C3: why this pass does not prove that everything was read, or null when it does. */
export function whyIncomplete(pass: PassFacts): string | null {
  if (pass.contradicting.length > 0) {
    return `the record ${pass.contradicting[0] ?? ''} came twice with different content`;
  }
  if (pass.repeatedPages > 0) return 'a page came twice';
  if (pass.totalBefore === null || pass.totalAfter === null) return null;
  const seen = pass.uniqueIds + pass.withoutId;
  if (pass.totalBefore !== pass.totalAfter) {
    return `the count went from ${String(pass.totalBefore)} to ${String(pass.totalAfter)} while reading`;
  }
  return seen === pass.totalAfter
    ? null
    : `${String(seen)} records came, and the system counts ${String(pass.totalAfter)}`;
}
