import { start } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo, Running } from '../src/main/hosts/cli/cli.fixture.ts';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';
import { linkOf } from './serve.ts';

const NEW = 10;
const BEFORE_THE_CRASH = 3;
const LONG_MS = 400_000;

const serve = ({ dir }: Demo): Running => start(['serve', '--json', '--workspace', dir]);

test.describe.configure({ timeout: LONG_MS });
test.use({
  sandboxArgs: ['--customers=12', '--employees=2', '--projects=2', '--overlap=1', '--differ=0', '--dirt=0'],
});

test('Z5: what a killed program left is told, and gone on with; nothing is made twice', async ({
  demo,
  systems,
  page,
}, { project }) => {
  test.skip(project.name === 'electron', 'The host is killed, and Electron would go with it.');
  const tidsbro = new Tidsbro(page, demo);
  await demo.tidsbro('sync', '--approve', 'all');
  const names = Array.from({ length: NEW }, (_, i) => `Nykunde ${String(i)} AS`);
  for (const [i, name] of names.entries())
    await systems.add('customerp', 'customers', { number: String(60_000 + i), name, active: true });

  const killed = serve(demo);
  await page.goto(await linkOf(killed));
  await tidsbro.sync();
  await tidsbro.approveAll();
  await test.step('it is killed in the middle of its writes', async () => {
    const slow = { method: 'POST', path: 'kunde', skip: BEFORE_THE_CRASH, fault: { kind: 'stall' } } as const;
    await systems.faults('tidsbanken', [slow]);
    await page.getByRole('button', { name: /^Apply approved/ }).click();
    await expect.poll(async () => (await systems.written('tidsbanken', 'Kunde')).length).toBe(BEFORE_THE_CRASH);
    await expect.poll(() => systems.struck('tidsbanken')).toBeGreaterThan(0);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await systems.faults('tidsbanken', []);
    await expect(page.getByText('The connection to Tidsbro is lost.')).toBeVisible();
  });

  const host = serve(demo);
  await test.step('the next start says what is left', async () => {
    await page.goto(await linkOf(host));
    const next = page.getByRole('region', { name: 'What to do next' });
    await expect(next).toContainText('The run was cut short.');
    await expect(next).toContainText('Nothing is sent twice.');
    await tidsbro.runBy(() => next.getByRole('button', { name: 'Go on' }).first().click());
  });

  await test.step('until nothing is left', async () => {
    // What may have been sent is looked up when its time to settle is over (7.4).
    await expect
      .poll(
        async () => {
          await tidsbro.sync();
          return (await systems.records('tidsbanken', 'Kunde')).filter(({ Navn }) => names.includes(String(Navn)))
            .length;
        },
        { timeout: LONG_MS / 2 },
      )
      .toBe(NEW);
    const made = await systems.written('tidsbanken', 'Kunde');
    expect(made).toHaveLength(NEW);
    expect(new Set(made).size).toBe(NEW);
    await tidsbro.sync();
    await expect(page.getByRole('region', { name: 'What to do next' })).not.toContainText('cut short');
  });
  host.child.kill();
  await host.ended;
});
