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
  store.setState({ client: fakeHost({}).client, connection: 'online' });
  const { asked, ask } = waiting();
  const finds = () => asked.map(({ find }) => find);
  // What was drawn, not what the list holds by now.
  const useDrawn = ({ find }: { readonly find: string }) => {
    const rows = usePages(ask, { find });
    return { total: rows.total, first: rows.rowAt(0) };
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

it('outlives its connection: what was read stays, what was not has failed, and a new connection reads anew', async () => {
  const { client } = fakeHost({});
  store.setState({ client, connection: 'online' });
  const read: string[] = [];
  const ask = (_client: Client, { find }: { readonly find: string }) => {
    read.push(find);
    return Promise.resolve({ total: 1, rows: [find] });
  };
  const useDrawn = ({ find }: { readonly find: string }) => {
    const rows = usePages(ask, { find });
    return { first: rows.rowAt(0), failure: rows.failure?.kind };
  };
  const hook = renderHook(useDrawn, { initialProps: { find: 'Havblikk' } });
  await act(async () => undefined);
  await act(async () => store.getState().detach());
  expect(hook.result.current).toEqual({ first: 'Havblikk', failure: undefined });
  await act(async () => hook.rerender({ find: 'Fjell' }));
  expect(hook.result.current).toEqual({ first: undefined, failure: 'gone' });
  expect(read).toEqual(['Havblikk']);
  await act(async () => store.setState((s) => ({ client, connection: 'online', revision: s.revision + 1 })));
  expect(hook.result.current).toEqual({ first: 'Fjell', failure: undefined });
  expect(read).toEqual(['Havblikk', 'Fjell']);
});
