import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Client } from '../bridge.ts';
import { store } from '../store.ts';
import { fakeHost } from '../testing/fake-host.ts';
import { useCall } from './use-call.ts';

const echo = (_client: Client, of: string): Promise<string> => Promise.resolve(of);
const forEver = (): Promise<string> => new Promise(() => undefined);

it('keeps its answer without a connection, and what was not answered before has failed until there is one', async () => {
  const { client } = fakeHost({});
  store.setState({ client, connection: 'online' });
  const initialProps: { readonly of: string | null } = { of: 'a' };
  const hook = renderHook(({ of }: typeof initialProps) => useCall(echo, of), { initialProps });
  const unanswered = renderHook(() => useCall(forEver, 'b'));
  await act(async () => undefined);
  await act(async () => store.getState().detach());
  expect(hook.result.current.data).toBe('a');
  expect(unanswered.result.current.failure?.kind).toBe('gone');
  hook.rerender({ of: 'c' });
  expect(hook.result.current).toEqual({ data: null, failure: { kind: 'gone', problem: null } });
  hook.rerender({ of: null });
  expect(hook.result.current, 'what asks nothing misses nothing').toEqual({ data: null, failure: null });
  hook.rerender({ of: 'c' });
  await act(async () => store.setState((s) => ({ client, connection: 'online', revision: s.revision + 1 })));
  expect(hook.result.current.data).toBe('c');
});
