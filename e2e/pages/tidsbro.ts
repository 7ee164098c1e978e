import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { z } from 'zod';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';

export const SCREENS = ['Overview', 'Review', 'Mismatches', 'Records', 'Mapping', 'Checklist', 'History'] as const;
export type Screen = (typeof SCREENS)[number];

const Runs = z.object({ rows: z.array(z.looseObject({ id: z.number(), state: z.string() })) });

/** The window as a person uses it, by role and name only. */
export class Tidsbro {
  readonly #window: Page;
  readonly #demo: Demo;

  constructor(window: Page, demo: Demo) {
    this.#window = window;
    this.#demo = demo;
  }

  async goTo(screen: Screen): Promise<void> {
    await this.#window.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click();
    await expect(this.#window.getByRole('heading', { level: 1, name: screen })).toBeVisible();
  }

  /** Presses *Sync* and waits for the end of that run. */
  async sync(): Promise<void> {
    await this.goTo('Overview');
    await this.#runBy(this.#window.getByRole('button', { name: 'Sync', exact: true }));
  }

  /** Approves every pending change; where a rail asks for the count, it is typed. */
  async approveAll(): Promise<void> {
    await this.goTo('Review');
    await this.#window.getByRole('button', { name: 'Approve all…' }).click();
    const dialog = this.#window.getByRole('dialog');
    const approve = dialog.getByRole('button', { name: /^Approve \d+/ });
    const count = /\d+/.exec((await approve.textContent()) ?? '')?.[0] ?? '';
    const typed = dialog.getByRole('textbox');
    if (await typed.isVisible()) await typed.fill(count);
    await approve.click();
    await expect(dialog).toBeHidden();
  }

  async applyApproved(): Promise<void> {
    await this.goTo('Review');
    await this.#runBy(this.#window.getByRole('button', { name: /^Apply approved/ }));
  }

  card(flow: 'Customers' | 'Employees' | 'Projects'): Locator {
    return this.#window.getByRole('region', { name: flow, exact: true });
  }

  grid(name: 'Pending changes' | 'Mismatches' | 'Records' | 'Runs'): Locator {
    return this.#window.getByRole('grid', { name });
  }

  details(): Locator {
    return this.#window.getByRole('region', { name: 'Details' });
  }

  /** A fast run is over before its panel could be seen, so the store is asked, from outside, which run is the last. */
  async #runBy(button: Locator): Promise<void> {
    const before = await this.#lastRun();
    await button.click();
    await expect
      .poll(() => this.#lastRun(), { timeout: 30_000 })
      .toEqual({ id: before.id + 1, state: expect.stringMatching('done|stopped') });
  }

  async #lastRun(): Promise<{ id: number; state: string }> {
    const { stdout } = await this.#demo.tidsbro('runs', '--json', '--limit', '1');
    const [run] = Runs.parse(JSON.parse(stdout)).rows;
    return run === undefined ? { id: 0, state: 'none' } : { id: run.id, state: run.state };
  }
}
