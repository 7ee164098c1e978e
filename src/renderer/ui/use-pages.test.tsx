import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Client } from '../bridge.ts';
import { store } from '../store.ts';
import { fakeHost } from '../testing/fake-host.ts';
import type { Page } from './paged-rows.ts';
import { usePages } from './use-pages.ts';

/** Questions wait until the test answers them. */
function waiting() {
  const asked: { readonly find: string; readonly answer: (page: Page<string>) => void }[] = [];
  const ask = (_client: Client, { find }: { readonly find: string }): Promise<Page<string>> =>
    new Promise((resolve) => asked.push({ find, answer: resolve }));
  return { asked, ask };
}

it('asks one question at a time: of those typed meanwhile only the newest, and shows its answer alone', async () => {
  store.setState({ client: fakeHost({}).client });
  const { asked, ask } = waiting();
  const finds = () => asked.map(({ find }) => find);
  // What was drawn, not what the list holds by now.
  const useDrawn = ({ find }: { readonly find: string }) => {
    const rows = usePages(ask, { find });
    return { total: rows?.total, first: rows?.rowAt(0) };
  };
  const hook = renderHook(useDrawn, { initialProps: { find: 'h' } });
  for (const find of ['ha', 'hav', 'havb']) hook.rerender({ find });
  expect(finds()).toEqual(['h']);
  await act(async () => asked[0]?.answer({ total: 9, rows: ['of h'] }));
  expect(finds()).toEqual(['h', 'havb']);
  expect(hook.result.current.total, 'an answer to another question is not shown').toBeNull();
  await act(async () => asked[1]?.answer({ total: 1, rows: ['Havblikk'] }));
  expect(hook.result.current).toEqual({ total: 1, first: 'Havblikk' });
  hook.rerender({ find: 'havbl' });
  expect(finds(), 'with nothing under way it is asked at once').toEqual(['h', 'havb', 'havbl']);
});
