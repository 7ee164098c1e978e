import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../shell/Mark.tsx';
import { LanguageSwitch, SchemeSwitch } from '../shell/switches.tsx';
import { useApp } from '../store.ts';
import './setup.css';

/** The window as long as no workspace is open in it: without the ways to the screens. */
export function BeforeWorkspace({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  // After a refusal the wire ends for good, which is told with it.
  const offline = useApp((s) => s.connection === 'offline' && s.refused === null);
  return (
    <div className="welcome">
      <header className="top">
        <div className="nav-brand welcome-brand">
          <Mark />
          <span>Tidsbro</span>
        </div>
        <LanguageSwitch />
        <SchemeSwitch />
      </header>
      <main id="main" className="welcome-main">
        {offline ? (
          <p className="banner banner-offline" role="alert">
            {t('shell.offline')}
          </p>
        ) : null}
        {children}
      </main>
    </div>
  );
}
