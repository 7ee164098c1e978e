import { start } from '../src/main/hosts/cli/cli.fixture.ts';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';
import { linkOf } from './serve.ts';

const LONG_MS = 300_000;

test.describe.configure({ timeout: LONG_MS });
test.use({
  sandboxArgs: ['--customers=8', '--employees=3', '--projects=3', '--overlap=0.6', '--differ=0', '--dirt=0'],
});

test('section 7: while one window runs, another of a program of its own is for looking and deciding', async ({
  window,
  demo,
  systems,
  browser,
}, { project }) => {
  test.skip(project.name === 'electron', 'Electron opens one window for a workspace.');
  const first = new Tidsbro(window, demo);
  await first.sync();
  const host = start(['serve', '--json', '--workspace', demo.dir]);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await linkOf(host));
  const second = new Tidsbro(page, demo);
  await second.goTo('Overview');
  await expect(page.getByRole('button', { name: 'Sync', exact: true })).toBeEnabled();

  const approveFirst = async (): Promise<void> => {
    await second.details().getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(page.getByText('1 decision recorded.')).toBeVisible();
  };

  await test.step('the run of the first is said in the second, which can start none', async () => {
    await systems.faults('tidsbanken', [{ fault: { kind: 'stall' } }]);
    await first.goTo('Overview');
    await first.runBy(async () => {
      await window.getByRole('button', { name: 'Sync', exact: true }).click();
      await expect(window.getByRole('button', { name: 'Stop' })).toBeVisible();
      await page.reload();
      await expect(page.getByText('Another program runs a sync here')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Sync', exact: true })).toBeDisabled();
      await second.goTo('Review');
      await expect(page.getByRole('button', { name: /^Apply approved/ })).toBeDisabled();
      await approveFirst();
      await systems.faults('tidsbanken', []);
    }, LONG_MS / 3);
  });

  await test.step('and when it has ended, the second may', async () => {
    await expect(page.getByText('Another program runs a sync here')).toHaveCount(0);
    // The run of the first may have carried out what was decided meanwhile, so another one is approved.
    await second.goTo('Review');
    await approveFirst();
    await expect(page.getByRole('button', { name: /^Apply approved/ })).toBeEnabled();
    await second.applyApproved();
    await expect(page.getByRole('status').filter({ hasText: /[12] written and verified\./ })).toBeVisible();
  });
  await context.close();
  host.child.kill();
  await host.ended;
});
