/** For what cannot be missing by construction: says so at once should it be missing after all. */
export function certain<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error('Something that must exist is missing.');
  return value;
}
