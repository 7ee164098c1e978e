import { expect } from '@playwright/test';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { MISMATCH_KINDS } from '../../src/shared/domain.ts';
import type { MismatchKind } from '../../src/shared/domain.ts';
import { button, chooseRow, details, open } from './desk.ts';
import type { Desk, Overlay, Scene, Screen, Stage } from './desk.ts';
import { SCREENS, screen } from './screens.ts';
import { makeMismatches, pairsOf } from './world.ts';

/** A desk in everyday use: every screen filled, every kind of mismatch that the demo can show, and every dialog. */

const A_SYSTEM_ERRS = 'only where a system errs or is not read whole';

/** The kinds that the demo cannot show, and why. After some edits at both systems it shows all others. */
const NOT_SHOWN: Partial<Record<MismatchKind, string>> = {
  onlyInCustomerp: 'the demo creates each of them in Tidsbanken',
  againstDirection: 'its flows go both ways',
  goneInCustomerp: 'drawn as goneInTidsbanken is',
  reappeared: 'drawn as goneInTidsbanken is',
  changedMeanwhile: 'a name that is kept for later',
  transformed: A_SYSTEM_ERRS,
  notPersisted: A_SYSTEM_ERRS,
  outcomeUnknown: A_SYSTEM_ERRS,
  flapping: A_SYSTEM_ERRS,
  timeShift: A_SYSTEM_ERRS,
  shapeChanged: A_SYSTEM_ERRS,
  incompleteCollection: A_SYSTEM_ERRS,
  rail: 'the demo is too small to trip one of a whole flow',
};
const SHOWN = MISMATCH_KINDS.filter((kind) => NOT_SHOWN[kind] === undefined);

export async function openKind(desk: Desk, kind: MismatchKind): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'mismatches');
  const { title } = t.mismatch[kind];
  await page.getByRole('group', { name: t.mismatches.kinds }).getByRole('button', { name: title }).first().click();
  await chooseRow(desk, t.mismatches.grid, title);
  await expect(details(desk).getByRole('heading', { level: 2 })).toBeVisible();
}

async function openRecord(desk: Desk, find: string): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'records');
  await page.getByRole('searchbox').fill(find);
  await chooseRow(desk, t.records.grid, find);
  await expect(details(desk).getByText(t.link.section, { exact: true })).toBeVisible();
}

const LINKED = 'Kobber Elektro AS';
const UNLINKED = 'Havblikk Elektro AS';

export const rowOf = ({ page }: Desk, name: string) => page.getByRole('button', { name, exact: true });

async function openLength(desk: Desk): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'mapping');
  await rowOf(desk, t.prop.street).click();
  await page.getByRole('textbox', { name: t.mapping.longest.replace('{{system}}', 'Tidsbanken') }).fill('5');
  await button(desk, t.mapping.look).click();
  await expect(details(desk).getByRole('region', { name: t.mapping.lint })).toBeVisible();
}

async function openConversion(desk: Desk): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'mapping');
  await rowOf(desk, t.prop.website).click();
  await page.getByText(t.mapping.more).click();
  await page
    .getByRole('textbox', { name: t.mapping.convertRead.replace('{{system}}', 'Tidsbanken') })
    .fill('value.lowerAscii()');
}

/** A row of personal data is switched on; it asks for its confirmation before it is saved. */
async function openPersonal(desk: Desk): Promise<void> {
  const { page, t } = desk;
  await open(desk, 'mapping');
  await page.getByRole('radiogroup', { name: t.filter.flow }).getByText(t.flow['employee-ansatt']).click();
  await rowOf(desk, t.prop.bankAccount).click();
  await details(desk).getByRole('combobox', { name: t.mapping.direction }).selectOption('toTidsbanken');
}

export const SAVING: Overlay = {
  component: 'SaveDialog',
  opener: (desk) => button(desk, desk.t.mapping.save),
  fill: (_, dialog) => expect(dialog.getByRole('table')).toBeVisible(),
};

async function openUndo(desk: Desk): Promise<void> {
  const { t } = desk;
  await open(desk, 'history');
  await chooseRow(desk, t.history.grid, t.runMode.auto);
}

const SCENES: readonly Scene[] = [
  { name: 'record', place: 'records', state: 'filled', show: (desk) => openRecord(desk, LINKED) },
  { name: 'mapping-lint', place: 'mapping', state: 'filled', show: openLength },
  { name: 'mapping-conversion', place: 'mapping', state: 'filled', show: openConversion },
  {
    name: 'review-menu',
    place: 'review',
    state: 'filled',
    show: async (desk) => {
      await open(desk, 'review');
      await button(desk, desk.t.portable.menu).click();
      await expect(desk.page.getByRole('menu')).toBeVisible();
    },
  },
];

const dialog = (name: string, place: Screen, overlay: Overlay, show?: Scene['show']): Scene => ({
  name,
  place,
  state: 'dialog',
  show: show ?? ((desk) => open(desk, place)),
  overlay,
});

const inDetails = (words: (desk: Desk) => string) => (desk: Desk) =>
  details(desk)
    .getByRole('button', { name: words(desk) })
    .first();

const PORTABLE = { opener: (desk: Desk) => button(desk, desk.t.portable.menu) };

const DIALOGS: readonly Scene[] = [
  dialog('shortcuts', 'overview', {
    component: 'Shortcuts',
    opener: (desk) => button(desk, desk.t.shortcut.title),
  }),
  dialog('reject-all', 'review', {
    component: 'BulkDialog',
    opener: (desk) => button(desk, desk.t.review.rejectAll),
    fill: (_, shown) => expect(shown.getByRole('table')).toBeVisible(),
  }),
  dialog('export', 'review', {
    component: 'WriteDialog',
    ...PORTABLE,
    item: ({ t }) => t.portable.export.open,
  }),
  dialog('bring-back', 'review', {
    component: 'MergeDialog',
    ...PORTABLE,
    item: ({ t }) => t.portable.merge.open,
  }),
  dialog(
    'one-way-for-all',
    'mismatches',
    {
      component: 'BulkWays',
      opener: (desk) => button(desk, desk.t.bulkWays.open),
      fill: (_, shown) => expect(shown.getByRole('radio').first()).toBeVisible(),
    },
    (desk) => openKind(desk, 'onlyInTidsbanken'),
  ),
  dialog(
    'link-dialog',
    'mismatches',
    {
      component: 'ChooseRecord',
      opener: inDetails(({ t }) => t.take.link),
      fill: async (_, shown) => {
        await shown.getByRole('searchbox').fill('Elektro');
        await expect(shown.getByRole('radio').first()).toBeVisible();
      },
    },
    async (desk) => {
      await openKind(desk, 'onlyInTidsbanken');
      await chooseRow(desk, desk.t.mismatches.grid, UNLINKED);
    },
  ),
  dialog(
    'relink-dialog',
    'records',
    { component: 'ChooseRecord', opener: inDetails(({ t }) => t.link.relink) },
    (desk) => openRecord(desk, LINKED),
  ),
  dialog(
    'unlink-dialog',
    'records',
    { component: 'RecordPanel', opener: inDetails(({ t }) => t.link.unlink) },
    (desk) => openRecord(desk, LINKED),
  ),
  dialog('mapping-new-row', 'mapping', {
    component: 'NewRow',
    opener: (desk) => button(desk, desk.t.mapping.addRow),
    fill: ({ t }, shown) => shown.getByRole('textbox', { name: t.mapping.rowName }).fill('costCentre'),
  }),
  dialog('mapping-rules', 'mapping', {
    component: 'RulesDialog',
    opener: (desk) => button(desk, desk.t.mapping.editRules),
    fill: async ({ t }, shown) => {
      const filter = shown.getByRole('group', { name: t.mapping.filterIn.replace('{{system}}', 'Customerp') });
      await filter.getByRole('button', { name: t.mapping.addCondition }).click();
      await filter.getByRole('combobox', { name: t.mapping.conditionOn }).selectOption({ label: t.prop.city });
    },
  }),
  dialog('mapping-save', 'mapping', SAVING, openLength),
  dialog('mapping-personal', 'mapping', SAVING, openPersonal),
  dialog(
    'undo',
    'history',
    {
      component: 'UndoDialog',
      opener: inDetails(({ t }) => t.undo.button),
      fill: ({ t }, shown) => expect(shown.getByText(t.undo.lead)).toBeVisible(),
    },
    openUndo,
  ),
];

export async function putToWork(demo: Demo): Promise<void> {
  await demo.tidsbro('sync', '--approve', 'all');
  await demo.tidsbro('sync', '--approve', 'all');
  const [pair] = await pairsOf(demo);
  await demo.tidsbro('dataflow', 'verify', '--record', `customer=${pair?.customerp ?? ''}`);
  await makeMismatches(demo);
}

export const AT_WORK: Stage = {
  prepare: putToWork,
  scenes: [
    ...SCREENS.map((name) => screen(name, 'filled')),
    ...SHOWN.map((kind): Scene => ({
      name: `mismatch-${kind}`,
      place: 'mismatches',
      state: 'filled',
      show: (desk) => openKind(desk, kind),
    })),
    ...SCENES,
    ...DIALOGS,
  ],
};
