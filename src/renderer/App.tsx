import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { late } from './late.ts';
import { LatePart } from './LatePart.tsx';
import { fetchScreens, LATE_SCREENS } from './screens/late-screens.ts';
import { OverviewScreen } from './screens/overview/Overview.tsx';
import { Refused } from './setup/Refused.tsx';
import { Shell } from './shell/Shell.tsx';
import { app, useApp } from './store.ts';
import { ScreenHead } from './ui/parts.tsx';

const UPGRADE = late(async () => (await import('./setup/Upgrade.tsx')).Upgrade);
const WELCOME = late(async () => (await import('./setup/Welcome.tsx')).Welcome);

export function App() {
  useEffect(() => {
    const show = (): void => app().showHash(location.hash);
    show();
    globalThis.addEventListener('hashchange', show);
    return () => globalThis.removeEventListener('hashchange', show);
  }, []);
  const choices = useApp((s) => s.choices);
  const upgrade = useApp((s) => s.upgrade);
  const refused = useApp((s) => s.refused);
  useScreensAhead();
  if (refused !== null) return <Refused problem={refused} />;
  if (upgrade !== null) return <LatePart key="upgrade" part={UPGRADE} props={{ upgrade }} />;
  if (choices !== null) return <LatePart key="welcome" part={WELCOME} props={{ choices }} />;
  return (
    <Shell>
      <ShownScreen />
    </Shell>
  );
}

function ShownScreen() {
  const { t } = useTranslation();
  const screen = useApp((s) => s.screen);
  if (screen === 'overview') return <OverviewScreen />;
  const head = <ScreenHead title={t(`screen.${screen}`)} lead={t(`${screen}.lead`)} />;
  return <LatePart key={screen} part={LATE_SCREENS[screen]} props={{}} head={head} />;
}

/** Once the first screen shows its figures, the others are fetched, so that nobody waits for them on the way. */
function useScreensAhead(): void {
  const hasShown = useApp((s) => s.overview !== null);
  useEffect(() => {
    if (!hasShown) return;
    const leaving = new AbortController();
    const idle = requestIdleCallback(() => void fetchScreens(leaving.signal));
    return () => {
      cancelIdleCallback(idle);
      leaving.abort();
    };
  }, [hasShown]);
}
