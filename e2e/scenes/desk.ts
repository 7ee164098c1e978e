import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { en } from '../../src/renderer/i18n/en.ts';
import type { Texts } from '../../src/renderer/i18n/en.ts';
import { nb } from '../../src/renderer/i18n/nb.ts';
import type { Wire } from './wire.ts';

export type Language = 'en' | 'nb';
export type Screen = keyof Texts['screen'];
/** `setup` stands for what is there before a workspace is open. */
export type Place = Screen | 'setup';

export const TEXTS: Readonly<Record<Language, Texts>> = { en, nb };
export const SLOW_MS = 60_000;

/** What a screen can be found in; a dialog is a state of the screen that it stands over. */
export const STATES = [
  'empty',
  'loading',
  'filled',
  'running',
  'failing',
  'offline',
  'stale',
  'readOnly',
  'dialog',
] as const;
export type State = (typeof STATES)[number];

/** A window in one language, and the words to find things in it by. */
export interface Desk {
  readonly page: Page;
  readonly wire: Wire;
  readonly t: Texts;
  readonly language: Language;
}

/** What opens over a screen, once the scene shows its button. */
export interface Overlay {
  /** The component, as the renderer names it. */
  readonly component: string;
  readonly opener: (desk: Desk) => Locator;
  /** The item to choose, where the button opens a menu. */
  readonly item?: (desk: Desk) => string;
  /** What is typed and chosen in it until there is something to see. It decides nothing. */
  readonly fill?: (desk: Desk, dialog: Locator) => Promise<void>;
}

/** A state of a screen: what is done from a fresh window until it is seen. It changes nothing that the next one needs. */
export interface Scene {
  readonly name: string;
  readonly place: Place;
  readonly state: State;
  readonly show: (desk: Desk) => Promise<void>;
  readonly overlay?: Overlay;
}

/** A state of the two systems and of the workspace, and what there is to see in it. */
export interface Stage {
  readonly prepare: (demo: Demo) => Promise<void>;
  readonly scenes: readonly Scene[];
  readonly leave?: () => Promise<void>;
}

/** What moves must have come to rest, and what moves for ever is not waited for. It runs in the page. */
const AT_REST = `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  .then(() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
  .map((one) => one.finished.catch(() => undefined))))
  .then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn()))))`;

export const atRest = (page: Page): Promise<unknown> => page.evaluate(AT_REST);

/** Opens a screen in a fresh window: nothing that was typed, chosen or opened before is left. */
export async function enter({ page, t, language }: Desk, screen: Screen): Promise<void> {
  const { origin } = new URL(page.url());
  await page.evaluate((chosen) => localStorage.setItem('tidsbro.language', chosen), language);
  await page.goto('about:blank');
  await page.goto(`${origin}/#/${screen}`);
  await expect(page.getByRole('heading', { level: 1, name: t.screen[screen] })).toBeVisible({ timeout: SLOW_MS });
}

export async function settled({ page, t }: Desk): Promise<void> {
  await expect(page.getByText(t.state.loading, { exact: true })).toHaveCount(0, { timeout: SLOW_MS });
}

/** Opens a screen and waits for all that it shows: the details of a list are asked for when its rows are there. */
export async function open(desk: Desk, screen: Screen): Promise<void> {
  await enter(desk, screen);
  await settled(desk);
  await atRest(desk.page);
  await settled(desk);
}

export const button = ({ page }: Desk, name: string): Locator =>
  page.getByRole('button', { name, exact: true }).and(page.locator(':visible')).first();

export const details = ({ page, t }: Desk): Locator => page.getByRole('region', { name: t.detail.label });

export async function chooseRow({ page }: Desk, grid: string, text: string | RegExp): Promise<void> {
  await page.getByRole('grid', { name: grid, exact: true }).getByRole('row').filter({ hasText: text }).first().click();
}

/** Opens what stands over a scene, by mouse, and fills it. */
export async function openOverlay(desk: Desk, { opener, item, fill }: Overlay): Promise<void> {
  await opener(desk).click();
  if (item !== undefined) await desk.page.getByRole('menuitem', { name: item(desk) }).click();
  const dialog = desk.page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await fill?.(desk, dialog);
}
