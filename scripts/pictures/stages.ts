import { expect } from '@playwright/test';
import type { WebSocketRoute } from '@playwright/test';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import type { MismatchKind, Side } from '../../src/shared/domain.ts';
import { button, chooseRow, details, dialogOf, open } from './camera.ts';
import type { Desk, Scene, Screen, Stage } from './camera.ts';
import { makeMismatches, pairsOf } from './world.ts';

/** From a demo that never ran to systems that refuse: one stage after the other, on the same demo. */

const SCREENS: readonly Screen[] = ['overview', 'review', 'mismatches', 'records', 'mapping', 'checklist', 'history'];

const screen = (name: Screen, suffix = ''): Scene => ({ name: `${name}${suffix}`, show: (desk) => open(desk, name) });

/** A dialog that a button of a screen opens. */
const dialog = (name: string, on: Screen, opens: (desk: Desk) => string): Scene => ({
  name,
  show: async (desk) => {
    await open(desk, on);
    await button(desk, opens(desk)).click();
    await dialogOf(desk);
  },
});

const NEVER_RUN: Stage = {
  prepare: () => Promise.resolve(),
  scenes: SCREENS.map((name) => screen(name, '-empty')),
};

const FIRST_PLAN: Stage = {
  prepare: async (demo) => void (await demo.tidsbro('plan')),
  scenes: [
    screen('overview', '-first'),
    screen('review', '-first'),
    screen('mismatches', '-first'),
    dialog('approve-all', 'review', ({ t }) => t.review.approveAll),
  ],
};

/** The mismatches that the demo shows after some edits at both systems, each on a picture of its own. */
const SHOWN: readonly MismatchKind[] = [
  'onlyInTidsbanken',
  'severalCandidates',
  'weakMatch',
  'sharedKey',
  'keyContradiction',
  'firstDifference',
  'bothEdited',
  'clearedVersusEdited',
  'goneInTidsbanken',
  'goneVersusEdited',
  'identityChanged',
  'unlinkedReference',
  'invalidValue',
  'idCollision',
];

async function openKind(desk: Desk, kind: MismatchKind): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'mismatches');
  const { title } = t.mismatch[kind];
  await page.getByRole('group', { name: t.mismatches.kinds }).getByRole('button', { name: title }).first().click();
  await chooseRow(desk, t.mismatches.grid, title);
  await expect(details(desk).getByRole('heading', { level: 2 })).toBeVisible();
}

async function openOneWay(desk: Desk): Promise<void> {
  await openKind(desk, 'onlyInTidsbanken');
  await button(desk, desk.t.bulkWays.open).click();
  await expect((await dialogOf(desk)).getByRole('radio').first()).toBeVisible();
}

async function openRecord(desk: Desk, find: string): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'records');
  await page.getByRole('searchbox').fill(find);
  await chooseRow(desk, t.records.grid, find);
  await expect(details(desk).getByText(t.link.section, { exact: true })).toBeVisible();
}

async function openLength(desk: Desk): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'mapping');
  await page.getByRole('button', { name: t.prop.street, exact: true }).click();
  await page.getByRole('textbox', { name: t.mapping.longest.replace('{{system}}', 'Tidsbanken') }).fill('5');
  await button(desk, t.mapping.look).click();
  await expect(details(desk).getByRole('region', { name: t.mapping.lint })).toBeVisible();
}

async function openUndo(desk: Desk): Promise<void> {
  const { t } = desk;
  await open(desk, 'history');
  await chooseRow(desk, t.history.grid, t.runMode.auto);
  await button(desk, t.undo.button).click();
  await dialogOf(desk);
}

async function openElsewhere(desk: Desk, item: string): Promise<void> {
  await open(desk, 'review');
  await button(desk, desk.t.portable.menu).click();
  await desk.page.getByRole('menuitem', { name: item }).click();
  await dialogOf(desk);
}

async function openLinking(desk: Desk): Promise<void> {
  await openKind(desk, 'onlyInTidsbanken');
  await chooseRow(desk, desk.t.mismatches.grid, 'Havblikk Elektro AS');
  await details(desk).getByRole('button', { name: desk.t.take.link }).first().click();
  const choosing = await dialogOf(desk);
  await choosing.getByRole('searchbox').fill('Elektro');
  await expect(choosing.getByRole('radio').first()).toBeVisible();
}

const AT_WORK: Stage = {
  prepare: async (demo) => {
    await demo.tidsbro('sync', '--approve', 'all');
    await demo.tidsbro('sync', '--approve', 'all');
    const [pair] = await pairsOf(demo);
    await demo.tidsbro('dataflow', 'verify', '--record', `customer=${pair?.customerp ?? ''}`);
    await makeMismatches(demo);
  },
  scenes: [
    ...SCREENS.map((name) => screen(name)),
    ...SHOWN.map((kind) => ({
      name: `mismatch-${kind}`,
      show: (desk: Desk) => openKind(desk, kind),
    })),
    { name: 'one-way-for-all', show: openOneWay },
    { name: 'link-dialog', show: openLinking },
    { name: 'record', show: (desk) => openRecord(desk, 'Kobber Elektro AS') },
    { name: 'mapping-lint', show: openLength },
    {
      name: 'mapping-save',
      show: async (desk) => {
        await openLength(desk);
        await button(desk, desk.t.mapping.save).click();
        await expect((await dialogOf(desk)).getByRole('table')).toBeVisible();
      },
    },
    { name: 'undo', show: openUndo },
    { name: 'export', show: (desk) => openElsewhere(desk, desk.t.portable.export.open) },
    { name: 'bring-back', show: (desk) => openElsewhere(desk, desk.t.portable.merge.open) },
    dialog('shortcuts', 'overview', ({ t }) => t.shortcut.title),
  ],
};

async function slowDown(demo: Demo, latencyMs: number): Promise<void> {
  await fetch(`${demo.urls.customerp}/_sandbox/switches`, { method: 'POST', body: JSON.stringify({ latencyMs }) });
}

/** A run is made slow enough to be seen, and let go on once it has been. */
const runningOn = (demo: Demo): Scene => ({
  name: 'overview-running',
  show: async (desk) => {
    await slowDown(demo, 0);
    await open(desk, 'overview');
    await expect(button(desk, desk.t.action.sync)).toBeEnabled({ timeout: RUN_MS });
    await slowDown(demo, 1500);
    await button(desk, desk.t.action.sync).click();
    await expect(button(desk, desk.t.action.stop)).toBeVisible();
  },
});

const RUN_MS = 60_000;

async function refuse(demo: Demo, side: Side): Promise<void> {
  const faults = JSON.stringify([{ name: 'refused', fault: { kind: 'status', status: 401 } }]);
  await fetch(`${demo.urls[side]}/_sandbox/faults`, { method: 'PUT', body: faults });
}

const REFUSED: Stage = {
  prepare: async (demo) => {
    await slowDown(demo, 0);
    await refuse(demo, 'tidsbanken');
    await demo.tidsbro('sync');
  },
  scenes: [screen('overview', '-failing'), screen('history', '-failing'), screen('mismatches', '-failing')],
};

/** The window stays as it was, and what it talks to is gone. */
async function loseConnection(desk: Desk): Promise<void> {
  const { page, t } = desk;
  let isCut = false;
  const sockets: WebSocketRoute[] = [];
  // The route that was set last holds: the window of the language before is let in again.
  await page.routeWebSocket('**/rpc', (socket) => {
    sockets.push(socket);
    if (isCut) void socket.close();
    else socket.connectToServer();
  });
  await open(desk, 'overview');
  isCut = true;
  for (const socket of sockets) await socket.close();
  await expect(page.getByText(t.shell.offline)).toBeVisible();
}

const LOST: Stage = {
  prepare: () => Promise.resolve(),
  scenes: [{ name: 'overview-offline', show: loseConnection }],
};

export const stagesOf = (demo: Demo): readonly Stage[] => [
  NEVER_RUN,
  FIRST_PLAN,
  AT_WORK,
  { prepare: () => Promise.resolve(), scenes: [runningOn(demo)] },
  REFUSED,
  LOST,
];
