import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@mantine/core/styles.css';
import { App } from './App.tsx';
import { keepConnected } from './bridge.ts';
import { firstLanguage, startI18n } from './i18n/index.ts';
import { app } from './store.ts';
import { cssVariablesResolver, theme } from './theme.ts';

// Before anything waits: the preload hands the port over once, when the page has loaded.
keepConnected({
  online: (client) => app().attach(client),
  offline: () => app().detach(),
});

await startI18n(firstLanguage());

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <App />
    </MantineProvider>
  </StrictMode>,
);
