import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotices, useTitle } from '../notify/use-notices.ts';
import { app, useApp } from '../store.ts';
import {
  ChecklistIcon,
  HistoryIcon,
  MappingIcon,
  KeyboardIcon,
  MismatchIcon,
  OfflineIcon,
  OpenElsewhereIcon,
  OverviewIcon,
  RecordsIcon,
  ReviewIcon,
} from '../ui/icons.ts';
import { useFormat } from '../ui/use-format.ts';
import { Mark } from './Mark.tsx';
import { Notes } from './Notes.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { screensOf } from './slice.ts';
import type { Screen } from './slice.ts';
import { LanguageSwitch, SchemeSwitch } from './switches.tsx';
import { ReviewBanner, useOpenedReview } from './OpenedReview.tsx';
import { StateBanners } from './StateBanners.tsx';
import { useOtherRuns } from './use-other-runs.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { useShortcuts } from './use-shortcuts.ts';
import './shell.css';

const ICONS = {
  overview: OverviewIcon,
  review: ReviewIcon,
  mismatches: MismatchIcon,
  records: RecordsIcon,
  mapping: MappingIcon,
  checklist: ChecklistIcon,
  history: HistoryIcon,
} as const satisfies Record<Screen, unknown>;

/** What stays while the screens change: navigation, workspace, notes. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  useShortcuts();
  useKeptFocus();
  useOtherRuns();
  useNotices();
  useTitle();
  useOpenedReview();
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={skipToMain}>
        {t('shell.skip')}
      </a>
      <Navigation />
      <div className="shell-side">
        <Header />
        <Banners />
        <main id="main" tabIndex={-1} className="shell-main">
          <Notes />
          {children}
        </main>
      </div>
      <Shortcuts />
    </div>
  );
}

/** The address is the screen's; a plain `#main` would leave it. */
const skipToMain = (event: React.MouseEvent): void => {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
};

function Navigation() {
  const { t } = useTranslation();
  const screens = useApp(screensOf);
  return (
    <nav className="nav" aria-label={t('shell.navigation')}>
      <div className="nav-brand">
        <Mark />
        <span>Tidsbro</span>
      </div>
      <ul>
        {screens.map((screen) => (
          <li key={screen}>
            <NavLink screen={screen} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NavLink({ screen }: { readonly screen: Screen }) {
  const { t } = useTranslation();
  const format = useFormat();
  const current = useApp((s) => s.screen === screen);
  const count = useApp((s) => {
    const flows = s.overview?.flows ?? [];
    if (screen === 'review') return flows.reduce((sum, flow) => sum + flow.waiting + flow.approved, 0);
    return screen === 'mismatches' ? flows.reduce((sum, flow) => sum + flow.mismatches, 0) : 0;
  });
  const Icon = ICONS[screen];
  return (
    <a className="nav-link" href={`#/${screen}`} aria-current={current ? 'page' : undefined}>
      <Icon size={18} stroke={1.6} aria-hidden />
      <span className="nav-text">{t(`screen.${screen}`)}</span>
      {count === 0 ? null : <span className="nav-count">{format.count(count)}</span>}
    </a>
  );
}

function Header() {
  const { t } = useTranslation();
  const workspace = useApp((s) => s.overview?.workspace);
  return (
    <header className="top">
      <div className="top-workspace" title={workspace?.path}>
        {workspace === undefined ? null : (
          <>
            <span className="top-name">{workspace.name}</span>
            {workspace.demo ? null : <span className="top-path">{workspace.path}</span>}
          </>
        )}
      </div>
      <RunningHint />
      <LanguageSwitch />
      <SchemeSwitch />
      <Tooltip label={t('shortcut.title')}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('shortcut.title')}
          onClick={() => app().setShortcutsOpen(true)}
        >
          <KeyboardIcon size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

function RunningHint() {
  const { t } = useTranslation();
  const stage = useApp((s) => (s.screen === 'overview' ? undefined : s.running?.stage));
  if (stage === undefined) return null;
  return (
    <Button component="a" href="#/overview" variant="light" size="xs" className="top-running">
      {t('run.underWay', { stage: t(`stage.${stage}`) })}
    </Button>
  );
}

function Banners() {
  const offline = useApp((s) => s.connection === 'offline');
  const demo = useApp((s) => s.overview?.workspace.demo === true);
  return (
    <>
      {offline ? (
        <div className="banner banner-offline" role="alert">
          <OfflineIcon size={18} aria-hidden />
          <OfflineText />
        </div>
      ) : null}
      <StateBanners />
      {demo ? <DemoBanner /> : null}
      <ReviewBanner />
    </>
  );
}

/** A moment without a wire mends itself; a longer one means that Tidsbro itself has ended. */
const GONE_MS = 12_000;

function OfflineText() {
  const { t } = useTranslation();
  const [gone, setGone] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setGone(true), GONE_MS);
    return () => clearTimeout(timer);
  }, []);
  return <span>{gone ? t('shell.gone') : t('shell.offline')}</span>;
}

function DemoBanner() {
  const { t } = useTranslation();
  const systems = useApp((s) => s.overview?.systems) ?? [];
  return (
    <aside className="banner" aria-label={t('demo.label')}>
      <span className="banner-tag">{t('demo.label')}</span>
      <span className="banner-text">{t('demo.text')}</span>
      {systems
        .filter((system) => system.url !== '')
        .map((system) => (
          <a key={system.side} className="banner-link" href={system.url} target="_blank" rel="noreferrer">
            {t('demo.edit', { system: t(`side.${system.side}`) })}
            <OpenElsewhereIcon size={14} aria-hidden />
          </a>
        ))}
    </aside>
  );
}
