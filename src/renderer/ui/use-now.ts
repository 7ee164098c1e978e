import { useEffect, useState } from 'react';

/** The time as of the last tick: what is told relative to now stays true without an event. */
export function useNow(tickMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return now;
}

/** For "two minutes ago". */
export const COARSE_MS = 30_000;
