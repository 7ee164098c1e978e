import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { openDemo } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { DEMO_SANDBOX } from '../src/main/hosts/demo.ts';
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { scenesOf, WITHOUT } from './scenes/all.ts';
import { AT_WORK, putToWork } from './scenes/at-work.ts';
import { atRest, settled, STATES, TEXTS } from './scenes/desk.ts';
import type { Desk, Overlay, Place, Scene, Stage } from './scenes/desk.ts';
import { FIRST_STAGES } from './scenes/first-stages.ts';
import { atFirstStart, firstStartOf } from './scenes/first-start.ts';
import { hardTimesOf } from './scenes/hard-times.ts';
import { inOpenedReview, OPENED_REVIEW } from './scenes/opened-review.ts';
import { SCREENS } from './scenes/screens.ts';
import { Wire } from './scenes/wire.ts';
import { onHost } from './serve.ts';

/**
 * Every screen in every state (e2e/scenes/, which the pictures are taken of, too): WCAG 2.2 AA in light and dark, 200 %
 * zoom, reduced motion, and every dialog by keyboard.
 */

const LONG_MS = 600_000;
const WIDE = { width: 1280, height: 800 };
/** What 1280 × 800 leaves of itself at 200 %. */
const ZOOMED = { width: 640, height: 400 };
const MOST_TABS = 60;
const SOON_MS = 3000;
/** `SCENES="undo export" npx playwright test states`: only these, where one is worked on. */
const ONLY = process.env['SCENES']?.split(' ');
const soft = expect.configure({ soft: true });

test.describe.configure({ timeout: LONG_MS });
// A picture and a copy of the document at each step take as long as the steps do; which scene fails is told anyway.
test.use({ trace: 'off' });
test.beforeEach(() => {
  test.skip(test.info().project.name === 'electron', 'The hosts are started from here.');
});

test('every screen has every state, or it is said why not', () => {
  const nowhere = { urls: { customerp: '', tidsbanken: '' }, dir: '' } as Demo;
  const scenes = scenesOf(nowhere);
  const places: readonly Place[] = [...SCREENS, 'setup'];
  for (const place of places)
    for (const state of STATES) {
      const shown = scenes.filter((scene) => scene.place === place && scene.state === state).length;
      const told = WITHOUT[place]?.[state] === undefined ? 0 : 1;
      expect.soft(Math.min(shown, 1) + told, `${place}, ${state}`).toBe(1);
    }
  const names = scenes.map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('every dialog of the window is in a scene', async () => {
  const renderer = join(import.meta.dirname, '..', 'src', 'renderer');
  const files = (await readdir(renderer, { recursive: true })).filter((file) => /(?<!\.test)\.tsx$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(renderer, file), 'utf8')));
  const dialogs = files.filter((_, i) => /<Dialog\b/.test(texts[i] ?? '')).map((file) => basename(file, '.tsx'));
  const nowhere = { urls: { customerp: '', tidsbanken: '' }, dir: '' } as Demo;
  const shown = new Set(scenesOf(nowhere).flatMap(({ overlay }) => overlay?.component ?? []));
  expect([...shown].toSorted()).toEqual(dialogs.toSorted());
});

test('from the first start to the first plan', async ({ page }) => {
  await withDemo(page, async (demo, look) => {
    await atFirstStart(page, () => look(firstStartOf(demo)));
    await onHost(page, ['--workspace', demo.dir], async () => {
      const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
      await expect(links).toHaveCount(SCREENS.length);
      for (const [i, screen] of SCREENS.entries()) await expect(links.nth(i)).toHaveAttribute('href', `#/${screen}`);
      await lookAt(demo, FIRST_STAGES, look);
    });
  });
});

test('at work, and at the desk of a colleague', async ({ page }) => {
  await withDemo(page, async (demo, look) => {
    await onHost(page, ['--workspace', demo.dir], () => lookAt(demo, [AT_WORK], look));
    await inOpenedReview(page, demo, () => look(OPENED_REVIEW));
  });
});

test('loading, failing, offline, stale, running, read-only', async ({ page }) => {
  await withDemo(page, async (demo, look) => {
    await putToWork(demo);
    await onHost(page, ['--workspace', demo.dir], () => lookAt(demo, hardTimesOf(demo), look));
  });
});

type Scheme = 'light' | 'dark';
type Look = (scenes: readonly Scene[]) => Promise<void>;

async function withDemo(page: Page, work: (demo: Demo, look: Look) => Promise<void>): Promise<void> {
  const demo = await openDemo(...DEMO_SANDBOX);
  try {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const wire = await Wire.between(page);
    const desk: Desk = { page, wire, language: 'en', t: TEXTS.en };
    await work(demo, async (scenes) => {
      for (const scene of scenes.filter(({ name }) => ONLY?.includes(name) ?? true)) {
        await test.step(scene.name, () => check(desk, scene));
        wire.set('through');
      }
    });
  } finally {
    await demo.close();
  }
}

async function lookAt(demo: Demo, stages: readonly Stage[], look: Look): Promise<void> {
  for (const { prepare, scenes, leave } of stages) {
    await prepare(demo);
    await look(scenes);
    await leave?.();
  }
}

async function check(desk: Desk, scene: Scene): Promise<void> {
  const { page } = desk;
  const { overlay, name, state } = scene;
  await test.step('show', async () => {
    await scene.show(desk);
    if (overlay === undefined && state !== 'loading') await settled(desk);
  });
  if (overlay !== undefined) await test.step('open', () => openByKeyboard(desk, overlay));
  await test.step('axe', () => lookAtColours(desk, name));
  await test.step('zoom', async () => {
    expect.soft(await page.evaluate<string[]>(MOVING), `${name}: what moves`).toEqual([]);
    await page.setViewportSize(ZOOMED);
    // What hangs on a button follows it a frame later.
    const beyond = () => page.evaluate<string[]>(BEYOND_THE_EDGE);
    await soft.poll(beyond, { message: `${name}: at 200 %`, timeout: SOON_MS }).toEqual([]);
    await page.setViewportSize(WIDE);
  });
  if (overlay !== undefined) await test.step('close', () => closeByKeyboard(desk, name, overlay));
}

const other = (scheme: Scheme): Scheme => (scheme === 'light' ? 'dark' : 'light');

/** Looks at the page as it is, and in the other colours: there for them alone, unless the document is another one by then. */
async function lookAtColours(desk: Desk, name: string): Promise<void> {
  const { page } = desk;
  await atRest(page);
  const first = await page.evaluate<Scheme>(SCHEME);
  expect.soft(await violations(page), `${name}, ${first}: axe`).toEqual([]);
  const before = await documentOf(desk);
  await inColours(page, other(first));
  const isSame = (await documentOf(desk)) === before;
  expect.soft(await violations(page, isSame ? 'ofColour' : 'all'), `${name}, ${other(first)}: axe`).toEqual([]);
}

/** All of it but the switch of the colours, which tells what it would do. */
async function documentOf({ page, t }: Desk): Promise<string> {
  const html = await page.evaluate<string>('document.body.outerHTML');
  const theSwitch = new RegExp(`<button[^>]*aria-label="(${t.shell.toLight}|${t.shell.toDark})".*?</button>`);
  return html.replace(theSwitch, '');
}

async function inColours(page: Page, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  await atRest(page);
}

/** A dialog takes the focus, and Tab goes round inside it. */
async function openByKeyboard(desk: Desk, { opener, item, fill }: Overlay): Promise<void> {
  const { page } = desk;
  await press(opener(desk), 'Enter');
  if (item !== undefined) await press(page.getByRole('menuitem', { name: item(desk) }), 'Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await settled(desk);
  const stops = await page.evaluate<number>(WATCH_FOCUS);
  for (let tabs = 0; tabs <= stops; tabs++) await page.keyboard.press('Tab');
  const walked = await page.evaluate<{ places: number; outside: string[] }>(FOCUS_WALKED);
  expect(walked.outside, 'Tab stays in the dialog').toEqual([]);
  expect(walked.places, 'what Tab reaches in the dialog').toBeGreaterThan(0);
  await fill?.(desk, dialog);
  await settled(desk);
}

/** Escape closes it, and the focus is where it was before. */
async function closeByKeyboard(desk: Desk, name: string, { opener }: Overlay): Promise<void> {
  const { page } = desk;
  await page.keyboard.press('Escape');
  await expect.soft(page.getByRole('dialog'), `${name}: Escape closes`).toBeHidden();
  await expect.soft(opener(desk), `${name}: focus`).toBeFocused({ timeout: SOON_MS });
}

async function press(locator: Locator, key: string): Promise<void> {
  await locator.focus();
  await locator.page().keyboard.press(key);
}

/** These run in the page. */
const SCHEME = `document.documentElement.dataset.mantineColorScheme`;

/** Notes from now on where the focus comes to; answers how many places Tab may have to stop at. */
const WATCH_FOCUS = `window.walked = [document.activeElement];
  document.addEventListener('focusout', ({ relatedTarget }) => window.walked.push(relatedTarget ?? document.body));
  Math.min([...document.querySelectorAll('[role="dialog"] :is(a, button, input, select, textarea, summary, [tabindex])')]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length, ${String(MOST_TABS)})`;
const FOCUS_WALKED = `({ places: new Set(window.walked).size, outside: window.walked
  .filter((one) => one.closest('[role="dialog"]') === null).map((one) => one.outerHTML) })`;

/** Whatever moves longer than a blink, though a person asked that nothing should. */
const MOVING = `document.getAnimations()
  .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime > 10)
  .map((one) => one.effect.target.tagName + '.' + one.effect.target.getAttribute('class'))`;

/** What a person would have to scroll sideways for. A table of two dimensions scrolls in a box of its own (WCAG 1.4.10). */
const BEYOND_THE_EDGE = `[...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter((one) => one.closest('.mapping-rows') === null || one.matches('.mapping-rows'))
  .map((one) => one.tagName + '.' + one.getAttribute('class'))`;
