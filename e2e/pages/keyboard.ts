import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** Farther than anything on a screen is from its top. */
const MOST_TABS = 80;

/** Whether it, or one of them, has the focus. */
const isFocused = async (locator: Locator): Promise<boolean> =>
  (await locator.and(locator.page().locator(':focus')).count()) > 0;

/** A person without a mouse: keys go to whatever has the focus, and nothing is ever clicked. */
export class Keyboard {
  readonly #window: Page;

  constructor(window: Page) {
    this.#window = window;
  }

  press = (...keys: readonly string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => this.#window.keyboard.press(key)), Promise.resolve());

  type = (text: string): Promise<void> => this.#window.keyboard.type(text);

  /** Presses Tab, or Shift and Tab, until it has the focus. Rejects when that does not lead there. */
  async tabTo(locator: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await expect(locator).toBeVisible();
    for (let pressed = 0; pressed < MOST_TABS; pressed++) {
      if (await isFocused(locator)) return;
      await this.press(key);
    }
    throw new Error(`Tab does not lead to ${String(locator)}.`);
  }

  /** Chooses one of a group of radio buttons with the arrows, once Tab has led into it. */
  async arrowTo(group: Locator, radio: Locator): Promise<void> {
    await expect(radio).toBeVisible();
    const radios = group.getByRole('radio');
    for (let tabs = 0; tabs < MOST_TABS && !(await isFocused(radios)); tabs++) await this.press('Tab');
    await this.press('Space');
    for (let moved = 0; moved < (await radios.count()) && !(await isFocused(radio)); moved++)
      await this.press('ArrowDown');
    await expect(radio).toBeChecked();
  }
}
