import type { Locator, Page } from '@playwright/test';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { expect, test as base } from './fixtures.ts';
import { configure, ManyMismatches, WORLD } from './many-mismatches.ts';
import { Keyboard } from './pages/keyboard.ts';
import { Tidsbro } from './pages/tidsbro.ts';

/** A desk with 2,000 mismatches of sixteen kinds: all that have a way out are decided, and the mouse never touched. */

/** Set before the window opens: what is written into workspace.yaml later holds from the next start on. */
const test = base.extend<object>({
  demo: async ({ demo }, provide) => {
    await configure(demo);
    await provide(demo);
  },
});

const MANY = 2_000;
const KINDS = 16;
const LONG_MS = 480_000;
const DECIDES_MS = 60_000;
const WRITES_MS = 120_000;

/** Each kind with the way out that its people chose for all of it. */
const WAYS = [
  { kind: 'Contradicting numbers', way: 'Link each pair' },
  { kind: 'Probable match', way: 'Link each pair' },
  { kind: 'Several candidates', way: 'Ignore' },
  { kind: 'Number used twice', way: 'Ignore' },
  { kind: 'Different at first comparison', way: 'Use Customerp' },
  { kind: 'Edited on both sides', way: 'Use Tidsbanken' },
  { kind: 'Emptied and edited', way: 'Accept the difference' },
  { kind: 'Edited against the direction', way: 'Accept the difference' },
  { kind: 'Gone in Customerp', way: 'Ignore' },
  { kind: 'Gone in Tidsbanken', way: 'Ignore' },
  { kind: 'Gone and edited', way: 'Ignore' },
  { kind: 'Identity changed', way: 'Accept the difference' },
] as const;

class Desk {
  readonly #window: Page;
  readonly #keyboard: Keyboard;
  readonly #tidsbro: Tidsbro;

  constructor(window: Page, demo: Demo) {
    this.#window = window;
    this.#keyboard = new Keyboard(window);
    this.#tidsbro = new Tidsbro(window, demo);
  }

  async goTo(key: string, screen: string): Promise<void> {
    await this.#keyboard.press('Escape', 'g', key);
    await expect(this.#window.getByRole('heading', { level: 1, name: screen })).toBeVisible();
  }

  /** What the filter leaves in sight. */
  async count(): Promise<number> {
    const told = this.#window.getByRole('search', { name: 'Filter' }).getByRole('status');
    await expect(told).toHaveText(/\d/);
    return Number((await told.innerText()).replaceAll(/\D/g, ''));
  }

  chips = (): Locator => this.#window.getByRole('group', { name: 'Kinds of mismatch' }).getByRole('button');
  chip = (kind: string): Locator => this.chips().filter({ hasText: kind });

  /** One kind in sight, or, pressed again, all of them. */
  async press(locator: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await this.#keyboard.tabTo(locator, key);
    await this.#keyboard.press('Enter');
  }

  /** The filters come right after the search field, which has a key of its own. */
  async clearFilter(): Promise<void> {
    await this.#keyboard.press('/');
    await this.press(this.#window.getByRole('button', { name: 'Clear filter' }));
  }

  /** Starts a run from its button, and waits for its end. */
  async run(button: Locator): Promise<void> {
    await this.#tidsbro.runBy(() => this.press(button), WRITES_MS);
  }

  async sync(): Promise<void> {
    await this.goTo('o', 'Overview');
    await this.run(this.#window.getByRole('button', { name: 'Sync', exact: true }));
  }

  /** One way out for all that the filter shows; its number is typed. */
  async decideAll(way: string): Promise<void> {
    const total = await this.count();
    await this.press(this.#window.getByRole('button', { name: 'One way out for all…' }), 'Shift+Tab');
    const dialog = this.#window.getByRole('dialog');
    await this.#keyboard.arrowTo(dialog, dialog.getByRole('radio', { name: way }));
    await this.#keyboard.tabTo(dialog.getByRole('textbox'));
    await this.#keyboard.type(String(total));
    await this.#keyboard.press('Enter');
    await expect(dialog).toBeHidden({ timeout: DECIDES_MS });
  }
}

test.describe.configure({ timeout: LONG_MS });
test.use({ sandboxArgs: WORLD });

test('2,000 mismatches of sixteen kinds: every one that has a way out is decided by keyboard', async ({
  window,
  demo,
}) => {
  const made = await ManyMismatches.make(demo);
  await window.reload();
  const desk = new Desk(window, demo);
  const keyboard = new Keyboard(window);
  const grid = window.getByRole('grid', { name: 'Mismatches' });
  await expect(window.getByRole('navigation', { name: 'Main' })).toBeVisible();

  await test.step('all of them are there, by kind', async () => {
    await desk.goTo('m', 'Mismatches');
    await expect(desk.chips()).toHaveCount(KINDS);
    expect(await desk.count()).toBeGreaterThanOrEqual(MANY);
  });

  await test.step('some are found by search, and decided from the list', async () => {
    await keyboard.press('/');
    await keyboard.type('Bare her 7000');
    await expect.poll(() => desk.count()).toBe(10);
    await keyboard.tabTo(grid);
    await keyboard.press('Space', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await desk.press(window.getByRole('toolbar').getByRole('button', { name: 'Ignore for all selected' }));
    await expect(window.getByText('3 decisions recorded.')).toBeVisible();
    await expect.poll(() => desk.count()).toBe(7);
    await desk.decideAll('Ignore');
    await desk.clearFilter();
  });

  await test.step('one is decided with the digit of its way out', async () => {
    await desk.press(desk.chip('Only in Customerp'));
    await expect.poll(() => desk.count()).toBe(1);
    await expect(window.getByRole('region', { name: 'Details' }).getByRole('button', { name: 'Ignore' })).toBeVisible();
    await keyboard.tabTo(grid);
    await keyboard.press('3');
    await expect(window.getByText('No mismatches')).toBeVisible();
    await desk.clearFilter();
  });

  await test.step('a flow and a kind narrow the list together', async () => {
    await keyboard.tabTo(window.getByRole('combobox', { name: 'Flow' }));
    await keyboard.type('Cust');
    await desk.press(desk.chip('Only in Tidsbanken'));
    await expect.poll(() => desk.count()).toBe(320);
    await desk.decideAll('Ignore');
    await desk.clearFilter();
  });

  for (const { kind, way } of WAYS)
    await test.step(`${kind}: ${way}`, async () => {
      const before = await desk.count();
      await desk.press(desk.chip(kind));
      await expect.poll(() => desk.count()).toBeLessThan(before);
      await desk.decideAll(way);
      await expect(window.getByText('No mismatches')).toBeVisible();
      await desk.clearFilter();
    });

  await test.step('what is left is mended in the system itself, or follows from what was decided', async () => {
    await expect(desk.chips()).toHaveText([/^Reference not linked/, /^Invalid value/]);
    await made.mendPhones();
    await desk.sync();
    await desk.goTo('m', 'Mismatches');
    await expect(window.getByText('No mismatches')).toBeVisible();
    await expect(desk.chips()).toHaveCount(0);
  });
});
