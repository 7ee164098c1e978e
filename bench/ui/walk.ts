import type { Browser, Locator } from '@playwright/test';
import { Desk } from './desk.ts';
import type { Scheme } from './desk.ts';
import { startHost } from './host.ts';
import { percentile } from './measures.ts';
import type { Measures } from './measures.ts';
import { BENCH_SCREENS, OVERVIEW } from './screens.ts';
import type { BenchScreen } from './screens.ts';

const GOAL = { openMs: 1_000, firstRowMs: 300, searchMs: 100, frameMs: 32, heapMb: 300 };
/** A quick typist. */
const KEY_MS = 80;

/** One turn: the host is started, the window opened, each screen visited, searched and scrolled. */
export async function walk(browser: Browser, dir: string, found: Measures): Promise<void> {
  const host = await startHost(dir);
  const desk = await Desk.open(browser, 'light');
  try {
    const openedMs = await desk.opened(host.link, OVERVIEW.first);
    found.add('Start', 'host started', host.startedMs, null);
    found.add('Start', 'page opened to data on screen', openedMs, null);
    found.add('Start', 'both: workspace to data on screen', host.startedMs + openedMs, GOAL.openMs);
    for (const screen of BENCH_SCREENS) {
      await visit(desk, screen, found);
      found.add('Window', 'scripts hold', await desk.heapMb(), GOAL.heapMb, 'MB');
      found.add('Overview', 'first figures', await goTo(desk, OVERVIEW), GOAL.firstRowMs);
    }
  } finally {
    await desk.close();
    await host.stop();
  }
}

const goTo = (desk: Desk, { name, first }: BenchScreen): Promise<number> =>
  desk.after('click', () => linkTo(desk, name).click(), first);

const linkTo = ({ page }: Desk, name: string): Locator =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name });

async function visit(desk: Desk, screen: BenchScreen, found: Measures): Promise<void> {
  found.add(screen.name, 'first rows', await goTo(desk, screen), GOAL.firstRowMs);
  if (screen.search !== undefined) {
    await settled(desk);
    found.add(screen.name, 'search, last key to result', await search(desk, screen.search), GOAL.searchMs);
    await desk.page.locator('[data-search]').fill('');
  }
  if (screen.grid === undefined) return;
  const grid = desk.page.getByRole('grid', { name: screen.grid, exact: true });
  await settled(desk);
  await grid.evaluate("list => list.scrollIntoView({ block: 'center' })");
  const frames = await desk.scroll(grid);
  found.add(screen.name, 'scroll, 95 % of frames within', percentile(frames, 0.95), GOAL.frameMs);
  found.add(screen.name, 'End to last row', await toTheEnd(desk, grid), GOAL.firstRowMs);
}

/** A person looks before they act; what a screen still asks for by then is none of what is measured next. */
const settled = ({ page }: Desk): Promise<void> => page.waitForTimeout(LOOK_MS);
const LOOK_MS = 500;

function search(desk: Desk, { find, shows }: NonNullable<BenchScreen['search']>): Promise<number> {
  const typed = (): Promise<void> => desk.page.locator('[data-search]').pressSequentially(find, { delay: KEY_MS });
  return desk.after('input', typed, [
    ['.toolbar-count', shows],
    ['.grid-body [aria-busy=false]', ''],
  ]);
}

async function toTheEnd(desk: Desk, grid: Locator): Promise<number> {
  const last = (await grid.getAttribute('aria-rowcount')) ?? '';
  await grid.focus();
  return desk.after('keydown', () => grid.press('End'), [[`[aria-rowindex="${last}"][aria-busy=false]`, '']]);
}

/** A picture of each screen, for eyes. */
export async function takePictures(browser: Browser, dir: string, folder: string): Promise<void> {
  for (const scheme of ['light', 'dark'] satisfies Scheme[]) {
    const host = await startHost(dir);
    const desk = await Desk.open(browser, scheme);
    await desk.opened(host.link, OVERVIEW.first);
    for (const screen of [OVERVIEW, ...BENCH_SCREENS]) {
      if (screen !== OVERVIEW) await goTo(desk, screen);
      await settled(desk);
      await desk.page.screenshot({ path: `${folder}/${screen.name.toLowerCase()}-${scheme}.png` });
    }
    await desk.close();
    await host.stop();
  }
}
