// @vitest-environment jsdom
import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { App } from './App.tsx';
import { store } from './store.ts';
import { draw } from './testing/draw.tsx';
import { aProblem, fakeHost } from './testing/fake-host.ts';

it('a workspace that was refused is told for as long as the page is open, also when its host has ended', async () => {
  const host = fakeHost();
  host.refused = { ...aProblem, what: 'The folder holds no workspace.' };
  await act(() => draw(<App />, host));
  expect(await screen.findByRole('heading', { name: 'The workspace was not opened' })).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('The folder holds no workspace.');
  act(() => store.getState().detach());
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(screen.getByRole('alert').textContent).toContain('The folder holds no workspace.');
});
