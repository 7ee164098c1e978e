import { expect, it } from 'vitest';
import type { CheckTask } from '../../app/opening/open-beside.ts';
import { checkWhenQuiet } from './check-beside.ts';

it('a check does not look at the store before the window is quiet, and never when it is given up until then', async () => {
  let looked = 0;
  const task: CheckTask = {
    get path() {
      looked += 1;
      return '/no/such/store.db';
    },
    known: 1,
    check: 'quick_check(1)',
  };
  const quiet = Promise.withResolvers<void>();
  const check = checkWhenQuiet({ come: () => quiet.promise })(task, () => undefined, new AbortController().signal);
  expect(looked).toBe(0);
  quiet.resolve();
  await expect(check).rejects.toThrow('ENOENT');
  expect(looked).toBe(1);
  const given = checkWhenQuiet({ come: () => Promise.reject(new Error('given up')) });
  await expect(given(task, () => undefined, AbortSignal.abort())).rejects.toThrow('given up');
  expect(looked).toBe(1);
});
