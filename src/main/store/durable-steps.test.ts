import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Step } from './change-steps.ts';
import { SharedCommit } from './shared-commit.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

let store: Store;
const durably = vi.spyOn(SharedCommit.prototype, 'durably');
beforeEach(() => {
  const opened = openStore(':memory:', () => 0);
  if (!opened.ok) throw new Error(opened.failure.what);
  store = opened.value;
  durably.mockClear();
});
afterEach(() => store.close());

const newLink = {
  kind: 'customer',
  customerpId: 'c1',
  tidsbankenId: 't1',
  origin: 'created',
  keys: {},
  state: 'unverified',
} as const satisfies NonNullable<Step['newLink']>;

it.each([
  { rule: 'A5, K3: announced', step: { state: 'sending' }, waits: true },
  { rule: 'K5: the new record and its link', step: { state: 'acked', newLink }, waits: true },
  { rule: 'A1, Z4: nothing has left yet', step: { state: 'preparing' }, waits: false },
  { rule: 'Z6: looked at anyway when it is lost', step: { state: 'acked' }, waits: false },
  { rule: 'Z7: verified anew when it is lost', step: { state: 'verified' }, waits: false },
] as const)('$rule: waits for the disk: $waits', async ({ step, waits }) => {
  // There is no such change; what matters is how its step was to be kept.
  await expect(store.changes.advance(1, { ...step, journal: [] })).rejects.toThrow('Change 1 does not exist');
  expect(durably).toHaveBeenCalledTimes(waits ? 1 : 0);
});
