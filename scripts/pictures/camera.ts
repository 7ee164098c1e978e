import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { Buffer } from 'node:buffer';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { en } from '../../src/renderer/i18n/en.ts';
import type { Texts } from '../../src/renderer/i18n/en.ts';
import { nb } from '../../src/renderer/i18n/nb.ts';

type Language = 'en' | 'nb';
export type Screen = keyof Texts['screen'];

const TEXTS: Readonly<Record<Language, Texts>> = { en, nb };
const LANGUAGES: readonly Language[] = ['en', 'nb'];
const SCHEMES = ['light', 'dark'] as const;
/** Text stays sharp, and all pictures together stay below 12 MB. */
const QUALITY = 82;
const SLOW_MS = 60_000;

/** A window in one language, and the words to find things in it by. */
export interface Desk {
  readonly page: Page;
  readonly t: Texts;
  readonly language: Language;
}

/** One picture: what is done from a fresh window until there is something to see. It changes nothing that the next one needs. */
export interface Scene {
  readonly name: string;
  readonly show: (desk: Desk) => Promise<void>;
}

/** A state of the two systems and of the workspace, and what there is to see in it. */
export interface Stage {
  readonly prepare: (demo: Demo) => Promise<void>;
  readonly scenes: readonly Scene[];
}

/** Runs in the page: what moves must have come to rest, and what moves for ever is not waited for. */
const AT_REST = `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  .then(() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
  .map((one) => one.finished.catch(() => undefined))))
  .then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn()))))`;

async function capture(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await devtools.detach();
  return Buffer.from(data, 'base64');
}

/** Takes the scene light and dark, as FOLDER/LANGUAGE/NAME-SCHEME.webp. */
async function take(folder: string, desk: Desk, scene: Scene): Promise<void> {
  const { page, t, language } = desk;
  await scene.show(desk);
  await expect(page.getByText(t.state.loading, { exact: true })).toHaveCount(0, { timeout: SLOW_MS });
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme, {
      timeout: SLOW_MS,
    });
    await page.evaluate(AT_REST);
    const path = join(folder, language, `${scene.name}-${colorScheme}.webp`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await capture(page));
  }
}

/** All scenes, or those named as arguments, in both languages. One that is not to be found costs one picture, not all that come after it. */
export async function takeAll(folder: string, page: Page, scenes: readonly Scene[]): Promise<void> {
  const named = process.argv.slice(2);
  for (const language of LANGUAGES)
    for (const scene of scenes.filter(({ name }) => named.length === 0 || named.includes(name)))
      await take(folder, { page, language, t: TEXTS[language] }, scene).catch((error: unknown) => {
        process.stderr.write(`${language}/${scene.name}: ${String(error)}\n`);
        process.exitCode = 1;
      });
}

/** Opens a screen in a fresh window: nothing that was typed, chosen or opened before is left. */
export async function open({ page, t, language }: Desk, screen: Screen): Promise<void> {
  const { origin } = new URL(page.url());
  await page.evaluate((chosen) => localStorage.setItem('tidsbro.language', chosen), language);
  await page.goto('about:blank');
  await page.goto(`${origin}/#/${screen}`);
  await expect(page.getByRole('heading', { level: 1, name: t.screen[screen] })).toBeVisible({ timeout: SLOW_MS });
  await expect(page.getByText(t.state.loading, { exact: true })).toHaveCount(0, { timeout: SLOW_MS });
}

export const button = ({ page }: Desk, name: string): Locator =>
  page.getByRole('button', { name, exact: true }).and(page.locator(':visible')).first();

export const details = ({ page, t }: Desk): Locator => page.getByRole('region', { name: t.detail.label });

export async function chooseRow({ page }: Desk, grid: string, text: string | RegExp): Promise<void> {
  await page.getByRole('grid', { name: grid, exact: true }).getByRole('row').filter({ hasText: text }).first().click();
}

export async function dialogOf({ page }: Desk): Promise<Locator> {
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  return dialog;
}
