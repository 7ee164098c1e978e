import { useState } from 'react';

/** The former value for as long as the new one says the same, so that effects do not run for nothing. */
export function useSame<T>(value: T): T {
  const [kept, setKept] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  setKept(value);
  return value;
}
