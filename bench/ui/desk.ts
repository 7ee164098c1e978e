import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Browser, CDPSession, Locator, Page } from '@playwright/test';

export type Sight = readonly [selector: string, words: string];
export type Scheme = 'light' | 'dark';

const WATCH = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'page/watch.ts'), 'utf8'));
const VIEW = { width: 1280, height: 800 };
/** About what a strong flick of a wheel does, for three seconds. */
const SCROLL = { distance: 30_000, speed: 10_000 };

/** The window in a browser, with a watch in it that tells when something could be seen. */
export class Desk {
  readonly page: Page;
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
  }

  static async open(browser: Browser, colorScheme: Scheme): Promise<Desk> {
    const context = await browser.newContext({ colorScheme, viewport: VIEW, locale: 'en-GB' });
    const page = await context.newPage();
    await page.addInitScript({ content: WATCH });
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable');
    return new Desk(page, cdp);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** Ms from the page's navigation to what is looked for. */
  async opened(link: string, wanted: readonly Sight[]): Promise<number> {
    await this.page.goto(link, { waitUntil: 'commit' });
    return this.page.evaluate<number>(`benchWatch.sinceOpened(${JSON.stringify(wanted)})`);
  }

  /** Ms from the last event of this sort, which `act` makes, to what is looked for; it must not be there before. */
  async after(of: 'click' | 'input' | 'keydown', act: () => Promise<void>, wanted: readonly Sight[]): Promise<number> {
    const seen = this.page.evaluate<number>(`benchWatch.sinceInput('${of}', ${JSON.stringify(wanted)})`);
    await act();
    return seen;
  }

  /** Ms between the frames while a list goes by. */
  async scroll(list: Locator): Promise<number[]> {
    const box = await list.boundingBox();
    if (box === null) throw new Error('The list is not in sight.');
    await this.page.evaluate('benchWatch.startFrames()');
    await this.#cdp.send('Input.synthesizeScrollGesture', {
      x: box.x + box.width / 2,
      y: Math.min(box.y + box.height / 2, VIEW.height - 1),
      yDistance: -SCROLL.distance,
      speed: SCROLL.speed,
      gestureSourceType: 'mouse',
    });
    return this.page.evaluate<number[]>('benchWatch.stopFrames()');
  }

  /** What the page's scripts hold now, garbage and all, MB. */
  async heapMb(): Promise<number> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6;
  }
}
