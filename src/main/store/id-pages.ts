const PAGE = 10_000;

/** Ids as JSON texts of bounded length, for an IN (SELECT value FROM json_each(?)). */
export function* idPages(ids: readonly (number | string)[]): Generator<string> {
  for (let at = 0; at < ids.length; at += PAGE) yield JSON.stringify(ids.slice(at, at + PAGE));
}
