/* oxlint-disable typescript/no-unsafe-type-assertion -- a workspace without its configuration file */
import { afterEach, expect, it } from 'vitest';
import { customer, kunde } from '../../sync/testing/records.ts';
import { APPROVE_ALL, Fakes } from '../../sync/testing/run-on-fakes.ts';
import { LinkDesk } from '../records/link-desk.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { Decider } from './decide.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** Nothing that decides looks at the configuration file. */
function workspace(): Workspace {
  const { store, customerp, tidsbanken, flows, settings, clock } = fakes;
  const connectors = { customerp, tidsbanken };
  const versions = { policy: '1', tenant: '1' };
  const own = { dir: '', config: {} as never, holder: 'test', person: 'tester' };
  return { ...own, store, connectors, flows, settings, versions, clock };
}

it('X1, K8: a record that is gone is not made again under its number, and the person is told why', async () => {
  fakes = new Fakes();
  fakes.tidsbanken.put('customer', kunde('10001'));
  for (const number of ['10002', '10003', '10004']) fakes.tidsbanken.put('customer', kunde(number));
  for (const number of ['10001', '10002', '10003', '10004']) fakes.customerp.put('customer', customer(number));
  await fakes.run(APPROVE_ALL);
  fakes.tidsbanken.remove('customer', '10001');
  await fakes.run({ ...APPROVE_ALL, full: true });
  fakes.clock.advance(fakes.settings.confirmGoneMs + 1);
  await fakes.run({ ...APPROVE_ALL, full: true });
  const gone = (await fakes.mismatches()).find(({ mismatch }) => mismatch === 'goneInTidsbanken');
  expect(gone?.takes).toContain('recreate');

  const decider = new Decider(workspace(), new LinkDesk(workspace()));
  const decided = await decider.decideMismatch(gone?.id ?? 0, { take: 'recreate' });
  expect(decided).toMatchObject({ ok: false, failure: { facts: { why: 'numberUsed', system: 'tidsbanken' } } });
  expect((await fakes.mismatches()).map(({ id }) => id)).toContain(gone?.id);
});
