import type { Page } from '@playwright/test';
import { z } from 'zod';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';

/** 7.5: a run is taken back as a reviewed plan; what was edited since is spared. */

const Records = z.object({ rows: z.array(z.looseObject({ nativeId: z.string(), partnerId: z.string().nullable() })) });
const Runs = z.object({ rows: z.array(z.looseObject({ id: z.number() })) });

const RUNS_MS = 600_000;
const WRITTEN = 6;
const EDITED = 3;
const [BEFORE, WRONG, LATER] = ['90000041', '90000042', '90000049'];

const times = (count: number, phone: string): string[] => Array.from({ length: count }, () => phone);

async function linkedCustomers(demo: Demo): Promise<{ customerp: string; tidsbanken: string }[]> {
  const { stdout } = await demo.tidsbro('records', '--flow', 'customer-kunde', '--side', 'customerp', '--json');
  return Records.parse(JSON.parse(stdout))
    .rows.flatMap(({ nativeId, partnerId }) =>
      partnerId === null ? [] : [{ customerp: nativeId, tidsbanken: partnerId }],
    )
    .slice(0, WRITTEN);
}

async function lastRun(demo: Demo): Promise<number> {
  const { stdout } = await demo.tidsbro('runs', '--json', '--limit', '1');
  return Runs.parse(JSON.parse(stdout)).rows[0]?.id ?? 0;
}

async function expectAccessible(window: Page): Promise<void> {
  await expect(window.getByText('Loading…')).toHaveCount(0);
  expect(await violations(window)).toEqual([]);
}

test.use({
  sandboxArgs: ['--customers=12', '--employees=3', '--projects=3', '--overlap=1', '--differ=0', '--dirt=0'],
});

test('a wrong run is undone, and three later edits are spared', async ({ window, demo, systems }) => {
  // Eight runs, each asked after by processes of its own.
  test.setTimeout(RUNS_MS);
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  const pairs = await linkedCustomers(demo);
  expect(pairs).toHaveLength(WRITTEN);

  const write = async (phone: string): Promise<number> => {
    for (const { customerp } of pairs) await systems.edit('customerp', 'customers', customerp, { phone });
    await tidsbro.sync();
    return lastRun(demo);
  };
  const phones = (): Promise<string[]> =>
    Promise.all(
      pairs.map(async ({ tidsbanken }) =>
        String((await systems.record('tidsbanken', 'Kunde', tidsbanken))['Telefon']).replace('+47', ''),
      ),
    );
  await write(BEFORE);
  const wrong = await write(WRONG);
  expect(await phones()).toEqual(times(WRITTEN, WRONG));
  for (const { tidsbanken } of pairs.slice(0, EDITED))
    await systems.edit('tidsbanken', 'Kunde', tidsbanken, { Telefon: LATER });
  await tidsbro.sync();

  const dialog = window.getByRole('dialog', { name: `Undo run ${String(wrong)}` });
  await test.step('History shows what undo comes to, by keyboard as well', async () => {
    await tidsbro.goTo('History');
    await tidsbro
      .grid('Runs')
      .getByRole('row')
      .filter({ hasText: `Run ${String(wrong)} ` })
      .click();
    await tidsbro.details().getByRole('button', { name: 'Undo…' }).press('Enter');
    await expect(dialog.getByRole('grid', { name: 'Will be reversed' })).toBeVisible();
    await expect(dialog.getByText(`Will be reversed (${String(WRITTEN - EDITED)})`)).toBeVisible();
    await expect(dialog.getByText('Cannot be reversed (0)')).toBeVisible();
    await window.keyboard.press('Tab');
    await dialog.getByRole('radio', { name: /^Will be reversed/ }).press('ArrowRight');
    await expect(dialog.getByRole('grid', { name: 'Kept' })).toContainText('Edited since');
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(window);
    }
    await window.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('it is proposed, and nothing is written before a person approved it', async () => {
    await tidsbro.details().getByRole('button', { name: 'Undo…' }).click();
    await dialog.getByRole('button', { name: `Propose ${String(WRITTEN - EDITED)} in Review` }).click();
    await expect(window.getByRole('heading', { level: 1, name: 'Review' })).toBeVisible();
    await expect(window.getByText('Undoes an earlier run').first()).toBeVisible();
    await tidsbro.sync();
    expect(await phones()).toEqual([...times(EDITED, LATER), ...times(WRITTEN - EDITED, WRONG)]);
  });

  const after = [...times(EDITED, LATER), ...times(WRITTEN - EDITED, BEFORE)];
  await test.step('approved and applied, it is back', async () => {
    await tidsbro.approveAll();
    await tidsbro.applyApproved();
    expect(await phones()).toEqual(after);
  });

  await test.step('a record tells at once of the agreed difference, and its own write can be undone from its timeline', async () => {
    const last = pairs.at(-1);
    await tidsbro.goTo('Records');
    await window.getByRole('searchbox').fill(last?.tidsbanken ?? '');
    await tidsbro
      .grid('Records')
      .getByRole('row')
      .filter({ hasText: last?.tidsbanken ?? '' })
      .first()
      .click();
    await expect(tidsbro.details().getByText('Agreed difference')).toBeVisible();
    await tidsbro.details().getByRole('button', { name: 'Undo…' }).first().click();
    await expect(window.getByRole('dialog', { name: 'Undo what was written here' })).toContainText(
      'Will be reversed (1)',
    );
    await window.keyboard.press('Escape');
  });

  await test.step('it stays so', async () => {
    await tidsbro.sync();
    expect(await phones()).toEqual(after);
  });
});
