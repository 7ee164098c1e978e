import { expect } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { openStore } from '../../src/main/store/store.ts';
import type { Store } from '../../src/main/store/store.ts';
import type { Side } from '../../src/shared/domain.ts';
import { openKind, rowOf, SAVING } from './at-work.ts';
import { button, chooseRow, details, enter, open, openOverlay, SLOW_MS } from './desk.ts';
import type { Desk, Scene, Screen, Stage } from './desk.ts';
import { SCREENS, screen } from './screens.ts';
import { editCustomer, firstMismatch, pairsOf, pairWithEmail } from './world.ts';
import type { Pair } from './world.ts';

/** What else a desk at work can be found in: waiting for its host or without it, behind another program, out of date. */

/** What the shell itself asks; the Overview asks nothing else. */
const ofShell = (place: Screen): RegExp => (place === 'overview' ? /^\/setup\// : /^\/(setup|overview|sync)\//);

const LOADING: Stage = {
  prepare: () => Promise.resolve(),
  scenes: SCREENS.map((place) => ({
    name: `${place}-loading`,
    place,
    state: 'loading',
    show: async (desk) => {
      desk.wire.set('held', ofShell(place));
      await enter(desk, place);
      await expect(desk.page.getByText(desk.t.state.loading, { exact: true }).first()).toBeVisible();
    },
  })),
};

const FAULTY: Stage = {
  prepare: () => Promise.resolve(),
  scenes: SCREENS.map((place) => ({
    name: `${place}-fault`,
    place,
    state: 'failing',
    show: async (desk) => {
      desk.wire.set('failing', ofShell(place));
      await open(desk, place);
      await expect(desk.page.getByText(desk.t.failure.internal.title).first()).toBeVisible();
    },
  })),
};

/** The window stays as it was, and what it talks to is gone. */
const OFFLINE: Stage = {
  prepare: () => Promise.resolve(),
  scenes: SCREENS.map((place) => ({
    name: `${place}-offline`,
    place,
    state: 'offline',
    show: async (desk) => {
      await open(desk, place);
      desk.wire.set('cut');
      await expect(desk.page.getByText(desk.t.shell.offline)).toBeVisible();
    },
  })),
};

const OTHER_PROGRAM = 'KONTOR-2:4711:another';

const elsewhere = ({ t }: Desk): string => t.shell.elsewhere.split('{{')[0] ?? '';

/** While another program runs a sync, this window is for looking and deciding. */
function readOnly(demo: Demo): Stage {
  let store: Store | null = null;
  const hold = async (): Promise<void> => void (await store?.runs.acquireLease(OTHER_PROGRAM, 'sync'));
  return {
    prepare: async () => {
      const opened = openStore(join(demo.dir, 'store.db'), () => Date.now());
      if (!opened.ok) throw new Error(opened.failure.what);
      store = opened.value;
    },
    scenes: SCREENS.map((place) => ({
      name: `${place}-second`,
      place,
      state: 'readOnly',
      show: async (desk) => {
        // Whoever is silent for long is taken for dead, so it is taken anew for each scene.
        await hold();
        await open(desk, place);
        await expect(desk.page.getByText(elsewhere(desk))).toBeVisible();
      },
    })),
    leave: async () => {
      await store?.runs.releaseLease(OTHER_PROGRAM);
      store?.close();
    },
  };
}

async function slowDown(demo: Demo, latencyMs: number): Promise<void> {
  await fetch(`${demo.urls.customerp}/_sandbox/switches`, { method: 'POST', body: JSON.stringify({ latencyMs }) });
}

/** What an earlier scene began has come to its end. */
async function nothingRuns(demo: Demo, desk: Desk): Promise<void> {
  await slowDown(demo, 0);
  await open(desk, 'overview');
  await expect(button(desk, desk.t.action.sync)).toBeEnabled({ timeout: SLOW_MS });
}

/** A run is made slow enough to be seen, and let go on once it has been. */
const running = (demo: Demo, place: Screen): Scene => ({
  name: `${place}-running`,
  place,
  state: 'running',
  show: async (desk) => {
    await nothingRuns(demo, desk);
    await slowDown(demo, SLOW_RUN_MS);
    await button(desk, desk.t.action.sync).click();
    await expect(button(desk, desk.t.action.stop)).toBeVisible();
    if (place === 'overview') return;
    await desk.page.getByRole('navigation').getByRole('link', { name: desk.t.screen[place] }).click();
    await expect(desk.page.getByRole('heading', { level: 1, name: desk.t.screen[place] })).toBeVisible();
  },
});
const SLOW_RUN_MS = 1500;

/** The checklist is at work on its test record. */
const verifying = (demo: Demo): Scene => ({
  name: 'checklist-running',
  place: 'checklist',
  state: 'running',
  show: async (desk) => {
    const { page, t } = desk;
    await nothingRuns(demo, desk);
    const [pair] = await pairsOf(demo);
    await slowDown(demo, SLOW_RUN_MS);
    await open(desk, 'checklist');
    await page.getByRole('radiogroup', { name: t.filter.flow }).getByText(t.flow['customer-kunde']).click();
    await page.getByRole('textbox').fill(pair?.customerp ?? '');
    await button(desk, t.checklist.verify).click();
    await expect(button(desk, t.checklist.stop)).toBeVisible();
  },
});

const underWay = (demo: Demo): Stage => ({
  prepare: () => Promise.resolve(),
  scenes: [running(demo, 'overview'), running(demo, 'review'), verifying(demo)],
  leave: () => slowDown(demo, 0),
});

/** A change that asks to be reviewed: a value was emptied at the one system. Whoever approves it finds another one there. */
async function proposeClearing(demo: Demo): Promise<Pair> {
  const pair = await pairWithEmail(demo);
  await editCustomer(demo, 'customerp', pair.customerp, { email: null });
  await demo.tidsbro('sync');
  return pair;
}

const editMeanwhile = (demo: Demo, { tidsbanken }: Pair): Promise<unknown> =>
  editCustomer(demo, 'tidsbanken', tidsbanken, { Epost: `ny-${tidsbanken.toLowerCase()}@eksempel.example` });

/** An approval that no longer fits what stands there when it is applied. */
const staleApproval = (demo: Demo): Scene => ({
  name: 'review-stale',
  place: 'review',
  state: 'stale',
  show: async (desk) => {
    const { page, t } = desk;
    await nothingRuns(demo, desk);
    const pair = await proposeClearing(demo);
    await open(desk, 'review');
    await page.getByRole('searchbox').fill(pair.label);
    await chooseRow(desk, t.review.grid, pair.label);
    await details(desk).getByRole('button', { name: t.take.approve, exact: true }).click();
    await editMeanwhile(demo, pair);
    await page.getByRole('button', { name: new RegExp(`^${t.review.apply}`) }).click();
    await expect(page.locator('.outcome .problem-what').first()).toBeVisible({ timeout: SLOW_MS });
  },
});

/** Another hand has changed the mapping meanwhile: nothing is saved, and the draft stays. */
const staleMapping = (demo: Demo): Scene => ({
  name: 'mapping-stale',
  place: 'mapping',
  state: 'stale',
  show: async (desk) => {
    const { page, t } = desk;
    const file = join(demo.dir, 'workspace.yaml');
    const before = await readFile(file, 'utf8');
    await open(desk, 'mapping');
    await rowOf(desk, t.prop.street).click();
    await page.getByRole('textbox', { name: t.mapping.longest.replace('{{system}}', 'Tidsbanken') }).fill('5');
    await openOverlay(desk, SAVING);
    await writeFile(file, before.replaceAll('inTidsbanken: every', 'inTidsbanken: never'));
    await button(desk, t.mapping.saveNow).click();
    await expect(page.getByText(t.failure.stale.title)).toBeVisible();
    await writeFile(file, before);
  },
});

/** A mismatch that was decided in another window while this one showed it. */
const staleMismatch = (demo: Demo): Scene => ({
  name: 'mismatches-stale',
  place: 'mismatches',
  state: 'stale',
  show: async (desk) => {
    const { id, label } = await firstMismatch(demo, 'onlyInTidsbanken');
    await openKind(desk, 'onlyInTidsbanken');
    await chooseRow(desk, desk.t.mismatches.grid, label);
    await expect(details(desk).getByRole('heading', { level: 2 })).toHaveText(label);
    await demo.tidsbro('review', '--item', `mismatch:${String(id)}`, '--take', 'ignore');
    await details(desk).getByRole('button', { name: desk.t.take.create, exact: true }).click();
    await expect(desk.page.getByRole('alert').first()).toBeVisible();
  },
});

const outOfDate = (demo: Demo): Stage => ({
  prepare: () => Promise.resolve(),
  // What was applied in Review is what the run tells of afterwards.
  scenes: [
    staleApproval(demo),
    screen('overview', 'stale', '-stale'),
    screen('history', 'stale', '-stale'),
    staleMapping(demo),
    staleMismatch(demo),
  ],
});

async function refuse(demo: Demo, side: Side, refuses: boolean): Promise<void> {
  const faults = JSON.stringify(refuses ? [{ name: 'refused', fault: { kind: 'status', status: 401 } }] : []);
  await fetch(`${demo.urls[side]}/_sandbox/faults`, { method: 'PUT', body: faults });
}

const REFUSED: Stage = {
  prepare: async (demo) => {
    await refuse(demo, 'tidsbanken', true);
    await demo.tidsbro('sync');
  },
  scenes: (['overview', 'history', 'mismatches'] as const).map((name) => screen(name, 'failing', '-failing')),
};

export const hardTimesOf = (demo: Demo): readonly Stage[] => [
  LOADING,
  FAULTY,
  readOnly(demo),
  underWay(demo),
  outOfDate(demo),
  REFUSED,
  OFFLINE,
];
