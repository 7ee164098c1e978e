import { useEffect } from 'react';
import { app, useApp } from '../store.ts';

/** How often the store is asked what other programs do with it, or how far its check is. */
const ASK_MS = { usual: 15_000, elsewhere: 2_000, checking: 500 };

/** No other program tells this window that it runs, or has ended: the window looks, while somebody looks at it. */
export function useOtherRuns(): void {
  const elsewhere = useApp((s) => s.overview?.elsewhere !== undefined);
  const checking = useApp((s) => s.overview?.store?.state === 'checking');
  const isOpen = useApp((s) => s.client !== null && s.running === null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const ask = (): void => {
      if (document.visibilityState === 'visible' || elsewhere) void look();
    };
    const every = elsewhere ? 'elsewhere' : 'usual';
    const timer = setInterval(ask, ASK_MS[checking ? 'checking' : every]);
    return () => clearInterval(timer);
  }, [elsewhere, checking, isOpen]);
}

async function look(): Promise<void> {
  const before = app().overview;
  await app().refreshOverview();
  const now = app().overview;
  const hasEnded = before?.elsewhere !== undefined && now?.elsewhere === undefined;
  // A short run begins and ends between two looks.
  const isNew = before !== null && before.lastRun?.id !== now?.lastRun?.id;
  // What the other run has changed is in the lists, too.
  if (hasEnded || isNew) app().changed();
}
