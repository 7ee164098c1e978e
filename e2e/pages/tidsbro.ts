import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';

export const SCREENS = ['Overview', 'Review', 'Mismatches', 'Records', 'Mapping', 'Checklist', 'History'] as const;
export type Screen = (typeof SCREENS)[number];

const Run = z.object({ id: z.number(), state: z.string() });

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
    await this.runBy(() => this.#window.getByRole('button', { name: 'Sync', exact: true }).click());
  }

  /** The same with every record read anew. */
  async syncWithFullReading(): Promise<void> {
    await this.goTo('Overview');
    await this.runBy(() => this.#window.getByRole('button', { name: 'Sync with a full reading' }).click());
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
    await this.runBy(() => this.#window.getByRole('button', { name: /^Apply approved/ }).click());
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

  /**
   * Starts a run and waits for its end. A fast run is over before its panel could be seen, so the store is asked, from
   * outside, which run is the last.
   */
  async runBy(begin: () => Promise<void>, timeout = 30_000): Promise<void> {
    const before = this.#lastRun();
    await begin();
    await expect
      .poll(() => this.#lastRun(), { timeout })
      .toEqual({ id: before.id + 1, state: expect.stringMatching('done|stopped') });
  }

  /** Read as it stands: a process for each look would cost more than the run. The window is there before a first store is. */
  #lastRun(): { id: number; state: string } {
    const path = join(this.#demo.dir, 'store.db');
    if (!existsSync(path)) return { id: 0, state: 'none' };
    const store = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const run = store.prepare('SELECT id, state FROM runs ORDER BY id DESC LIMIT 1').get();
      return run === undefined ? { id: 0, state: 'none' } : Run.parse(run);
    } finally {
      store.close();
    }
  }
}
