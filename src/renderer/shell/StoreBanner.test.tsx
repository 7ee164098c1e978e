import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Overview } from '../../shared/contract/views.ts';
import { app, store } from '../store.ts';
import { draw } from '../testing/draw.tsx';
import { aProblem, fakeHost } from '../testing/fake-host.ts';
import { mayRun } from './may-run.ts';
import { StateBanners } from './StateBanners.tsx';

const drawWith = async (told: Overview['store'], language?: 'nb') => {
  await act(() => draw(<StateBanners />, fakeHost({}), language));
  await act(() => app().refreshOverview());
  const { overview } = store.getState();
  if (overview === null) throw new Error('There is no overview.');
  act(() => store.setState({ overview: { ...overview, store: told } }));
};

it('section 10: while the store is being checked, it says so and how far it is, and no run may be started', async () => {
  await drawWith({ state: 'checking', done: 0.4 });
  expect(screen.getByRole('status').textContent).toContain('The store is being checked');
  expect(screen.getByText(/Read so far: 40%/)).toBeTruthy();
  expect(mayRun(store.getState())).toBe(false);
});

it('once all is read, the pages are compared', async () => {
  await drawWith({ state: 'checking', done: 1 }, 'nb');
  expect(screen.getByText(/Alt er lest; sidene sammenlignes/)).toBeTruthy();
});

it('a store that did not pass is told with what to do', async () => {
  await drawWith({ state: 'damaged', problem: { ...aProblem, todo: 'Run “tidsbro restore auto.db”.' } });
  expect(screen.getByRole('alert').textContent).toContain('tidsbro restore auto.db');
  expect(mayRun(store.getState())).toBe(false);
});
