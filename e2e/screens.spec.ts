import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { SCREENS, Tidsbro } from './pages/tidsbro.ts';

for (const scheme of ['light', 'dark'] as const) {
  test(`WCAG 2.2 AA on every screen, ${scheme}`, async ({ window, demo }, { project }) => {
    await window.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const tidsbro = new Tidsbro(window, demo);
    await tidsbro.sync();
    for (const screen of SCREENS) {
      await test.step(screen, async () => {
        await tidsbro.goTo(screen);
        await settled(window);
        const axe = new AxeBuilder({ page: window })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
          .setLegacyMode(project.name === 'electron');
        const { violations } = await axe.analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      });
    }
  });
}

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
