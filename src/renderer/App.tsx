import { useEffect } from 'react';
import { ChecklistScreen } from './screens/checklist/Checklist.tsx';
import { HistoryScreen } from './screens/history/History.tsx';
import { MappingScreen } from './screens/mapping/Mapping.tsx';
import { MismatchesScreen } from './screens/mismatches/Mismatches.tsx';
import { OverviewScreen } from './screens/overview/Overview.tsx';
import { RecordsScreen } from './screens/records/Records.tsx';
import { ReviewScreen } from './screens/review/Review.tsx';
import { Upgrade } from './setup/Upgrade.tsx';
import { Welcome } from './setup/Welcome.tsx';
import { Shell } from './shell/Shell.tsx';
import type { Screen } from './shell/slice.ts';
import { app, useApp } from './store.ts';

const SCREEN_PARTS = {
  overview: OverviewScreen,
  review: ReviewScreen,
  mismatches: MismatchesScreen,
  records: RecordsScreen,
  mapping: MappingScreen,
  checklist: ChecklistScreen,
  history: HistoryScreen,
} as const satisfies Record<Screen, unknown>;

export function App() {
  const screen = useApp((s) => s.screen);
  useEffect(() => {
    const show = (): void => app().showHash(location.hash);
    show();
    globalThis.addEventListener('hashchange', show);
    return () => globalThis.removeEventListener('hashchange', show);
  }, []);
  const choices = useApp((s) => s.choices);
  const upgrade = useApp((s) => s.upgrade);
  const Part = SCREEN_PARTS[screen];
  if (upgrade !== null) return <Upgrade upgrade={upgrade} />;
  if (choices !== null) return <Welcome choices={choices} />;
  return (
    <Shell>
      <Part />
    </Shell>
  );
}
