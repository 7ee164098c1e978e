import './scripts/compile-cache.ts';
import { chromium, defineConfig } from '@playwright/test';
import { browserFlags, findBrowser } from './scripts/browsers.ts';
import { findElectron } from './scripts/electron.ts';

const browser = findBrowser(process.env, chromium.executablePath());
const electron = findElectron(import.meta.dirname);

// The workers load this file again; it is said once.
if (electron === null && process.env['TEST_WORKER_INDEX'] === undefined)
  process.stderr.write('Skipped: the project "electron". Its executable is not installed (npx install-electron).\n');

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Each test starts processes of its own; more at once than there are cores would only make them wait.
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  // What is waited for is there as soon as it is; a computer with other work to do needs longer.
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  use: { viewport: { width: 1280, height: 800 }, trace: 'retain-on-failure' },
  projects: [
    {
      name: 'web',
      use: {
        launchOptions: {
          args: browserFlags(),
          ...(browser === null ? {} : { executablePath: browser.path }),
        },
      },
    },
    ...(electron === null ? [] : [{ name: 'electron', metadata: { electron } }]),
  ],
});
