import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { SCREENS, Tidsbro } from './pages/tidsbro.ts';

for (const scheme of ['light', 'dark'] as const) {
  test(`WCAG 2.2 AA on every screen, ${scheme}`, async ({ window, demo }, { project }) => {
    test.skip(project.name === 'web', 'states.spec.ts looks at all of this, and more, on the web host.');
    // axe looks at thousands of cells; on a busy machine that takes its time.
    test.slow();
    await window.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const tidsbro = new Tidsbro(window, demo);
    await tidsbro.sync();
    for (const screen of SCREENS) {
      await test.step(screen, async () => {
        await tidsbro.goTo(screen);
        await settled(window);
        expect(await violations(window)).toEqual([]);
      });
    }
    for (const { screen, opens } of DIALOGS) {
      await test.step(`${screen}: ${opens}`, async () => {
        await tidsbro.goTo(screen);
        await settled(window);
        await window.getByRole('button', { name: opens }).click();
        await expect(window.getByRole('dialog')).toBeVisible();
        await settled(window);
        expect(await violations(window)).toEqual([]);
        await window.keyboard.press('Escape');
        await expect(window.getByRole('dialog')).toBeHidden();
      });
    }
  });
}

const DIALOGS = [
  { screen: 'Review', opens: 'Approve all…' },
  { screen: 'Mismatches', opens: 'One way out for all…' },
  { screen: 'Overview', opens: 'Keyboard shortcuts' },
] as const;

const settled = async (window: Page): Promise<void> => {
  await expect(window.getByText('Loading…')).toHaveCount(0);
};

test('the keyboard alone reaches every screen and decides a change', async ({ window, demo }) => {
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await test.step('skip link first', async () => {
    await window.reload();
    await window.getByRole('navigation', { name: 'Main' }).waitFor();
    await window.keyboard.press('Tab');
    await expect(window.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  });
  for (const [key, screen] of [
    ['r', 'Review'],
    ['m', 'Mismatches'],
    ['e', 'Records'],
    ['h', 'History'],
    ['o', 'Overview'],
  ] as const) {
    await test.step(`g ${key} opens ${screen}`, async () => {
      await window.keyboard.press('g');
      await window.keyboard.press(key);
      await expect(window.getByRole('heading', { level: 1, name: screen })).toBeVisible();
    });
  }
  await test.step('a clicked language does not end the shortcuts', async () => {
    await window.getByText('English').click();
    await window.keyboard.press('g');
    await window.keyboard.press('h');
    await expect(window.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();
  });
  await test.step('arrows move in the grid, which is one tab stop', async () => {
    await window.keyboard.press('g');
    await window.keyboard.press('r');
    const grid = tidsbro.grid('Pending changes');
    const stops = grid
      .locator('[tabindex="0"]')
      .or(window.locator('[role="grid"][aria-label="Pending changes"][tabindex="0"]'));
    await expect(stops).toHaveCount(1);
    await stops.focus();
    const title = tidsbro.details().getByRole('heading', { level: 2 });
    const before = await title.textContent();
    await window.keyboard.press('ArrowDown');
    await expect(title).not.toHaveText(before ?? '');
  });
  await test.step('a approves the row, which leaves the list at once', async () => {
    const title = tidsbro.details().getByRole('heading', { level: 2 });
    const before = await title.textContent();
    await window.keyboard.press('a');
    await expect(title).not.toHaveText(before ?? '');
    await expect(tidsbro.grid('Pending changes')).toBeFocused();
    await expect(window.getByRole('button', { name: 'Apply approved (1)' })).toBeVisible();
  });
  await test.step('a decision in the details leads back to the list', async () => {
    await window.keyboard.press('g');
    await window.keyboard.press('m');
    const way = tidsbro.details().getByRole('list').getByRole('button', { name: 'Ignore' });
    await tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Only in' }).first().click();
    await way.focus();
    await window.keyboard.press('Enter');
    await expect(window.getByText('1 decision recorded.')).toBeVisible();
    await expect(tidsbro.grid('Mismatches')).toBeFocused();
  });
  await test.step('/ goes to the search, ? shows the keys, Escape closes them', async () => {
    await window.keyboard.press('/');
    await expect(window.getByRole('searchbox')).toBeFocused();
    await window.keyboard.press('Escape');
    await window.getByRole('heading', { level: 1 }).click();
    await window.keyboard.press('?');
    await expect(window.getByRole('dialog')).toBeVisible();
    await window.keyboard.press('Escape');
    await expect(window.getByRole('dialog')).toBeHidden();
  });
});

test('Norwegian is remembered', async ({ window }) => {
  await window.getByText('Norsk').click();
  await expect(window.getByRole('link', { name: 'Oversikt' })).toBeVisible();
  await window.reload();
  await expect(window.getByRole('link', { name: 'Oversikt' })).toBeVisible();
});

test('a lost connection is said, and the window comes back by itself', async ({ window, context }) => {
  await expect(window.getByRole('button', { name: 'Sync', exact: true })).toBeEnabled();
  await context.routeWebSocket('**/rpc', (socket) => void socket.close());
  await window.reload();
  await expect(window.getByText('The connection to Tidsbro is lost.')).toBeVisible();
});

/**
 * What a person would have to scroll sideways for. The property table has two dimensions and scrolls in a box of its own
 * (WCAG 1.4.10). A string, since it runs in the page.
 */
const BEYOND_THE_EDGE = `[...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter((one) => one.closest('.mapping-rows') === null || one.matches('.mapping-rows'))
  .map((one) => one.tagName + '.' + one.className)`;

test('at 200 % zoom nothing is cut off, and every list is reached', async ({ window, demo }) => {
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  // What 1280 × 800 leaves of itself at 200 %.
  await window.setViewportSize({ width: 640, height: 400 });
  for (const screen of SCREENS) {
    await test.step(screen, async () => {
      await tidsbro.goTo(screen);
      await settled(window);
      expect(await window.evaluate<string[]>(BEYOND_THE_EDGE)).toEqual([]);
      const list = window.getByRole('grid').or(window.getByRole('table')).first();
      if (screen === 'Overview') return;
      const row = list.getByRole('row').nth(1);
      // A table may be higher than the window, so it is the row that is scrolled to.
      await row.scrollIntoViewIfNeeded();
      await expect(row).toBeInViewport();
    });
  }
});

test('many mismatches are decided in one way, by keyboard alone', async ({ window, demo }) => {
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.goTo('Mismatches');
  await settled(window);
  const kind = window.getByRole('button', { name: /^Only in Tidsbanken/ });
  await kind.focus();
  await window.keyboard.press('Enter');
  await expect(kind).toHaveAttribute('aria-pressed', 'true');
  await window.getByRole('button', { name: 'One way out for all…' }).focus();
  await window.keyboard.press('Enter');
  const dialog = window.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Ignore/ }).focus();
  await window.keyboard.press('Space');
  const decide = dialog.getByRole('button', { name: /^Decide/ });
  await expect(decide).toBeDisabled();
  const count = /\d+/.exec((await decide.textContent()) ?? '')?.[0] ?? '';
  await dialog.getByRole('textbox').focus();
  await window.keyboard.type(count);
  await window.keyboard.press('Enter');
  await expect(window.getByText(new RegExp(`^${count} decisions? recorded`))).toBeVisible();
  await expect(window.getByText('No mismatches')).toBeVisible();
  expect(await violations(window)).toEqual([]);
});

test('the journal of a run is saved as CSV', async ({ window, demo }, { project }) => {
  test.skip(project.name === 'electron', 'Electron asks where to save.');
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.goTo('History');
  const download = window.waitForEvent('download');
  await window.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await (await download).path();
  const lines = (await readFile(file, 'utf8')).split('\r\n');
  expect(lines[0]).toBe('\uFEFFNo.,Time (UTC),Run,Event,Item,Customerp ↔ Tidsbanken,Details');
  expect(lines.length).toBeGreaterThan(5);
});
