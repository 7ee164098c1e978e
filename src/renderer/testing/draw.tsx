import './browser.ts';
import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { startI18n } from '../i18n/index.ts';
import type { Language } from '../i18n/index.ts';
import { store } from '../store.ts';
import { cssVariablesResolver, theme } from '../theme.ts';
import type { FakeHost } from './fake-host.ts';

/** Draws a part of the window as the app does, in English, without transitions. */
export async function draw(part: ReactNode, host?: FakeHost, language: Language = 'en') {
  await startI18n(language, (key) => {
    throw new Error(`The text ${key} is asked for and not there.`);
  });
  store.setState(store.getInitialState(), true);
  if (host !== undefined) store.getState().attach(host.client);
  return render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
      {part}
    </MantineProvider>,
  );
}
