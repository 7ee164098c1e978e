import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { failureOf } from '../bridge.ts';
import { store } from '../store.ts';
import { draw } from '../testing/draw.tsx';
import { aRun, fakeHost } from '../testing/fake-host.ts';
import { PagedRows } from '../ui/paged-rows.ts';
import { VirtualGrid } from '../ui/VirtualGrid.tsx';
import { Shell } from './Shell.tsx';

const drawFields = () =>
  act(() =>
    draw(
      <Shell>
        <input type="radio" aria-label="radio" />
        <input type="checkbox" aria-label="checkbox" />
        <button type="button" aria-label="button" />
        <input aria-label="untyped" />
        <input type="search" aria-label="search" />
        <input type="number" aria-label="number" />
        <textarea aria-label="textarea" />
        <select aria-label="select" />
        <div contentEditable aria-label="editable" />
      </Shell>,
      fakeHost(),
    ),
  );

it.each([
  { field: 'radio', leads: 'history' },
  { field: 'checkbox', leads: 'history' },
  { field: 'button', leads: 'history' },
  { field: 'untyped', leads: 'overview' },
  { field: 'search', leads: 'overview' },
  { field: 'number', leads: 'overview' },
  { field: 'textarea', leads: 'overview' },
  { field: 'select', leads: 'overview' },
  { field: 'editable', leads: 'overview' },
])('g h typed in a $field leads to $leads', async ({ field, leads }) => {
  await drawFields();
  const target = screen.getByLabelText(field);
  fireEvent.keyDown(target, { key: 'g' });
  fireEvent.keyDown(target, { key: 'h' });
  expect(store.getState().screen).toBe(leads);
});

/** A button that what it does removes or disables, with or without a list beside it. */
function Work({ does, list }: { readonly does: 'removed' | 'disabled'; readonly list: boolean }) {
  const [done, setDone] = useState(false);
  return (
    <>
      {list ? <VirtualGrid label="list" rows={rows} columns={[]} active={0} onActive={() => undefined} /> : null}
      {done && does === 'removed' ? null : (
        <button type="button" disabled={done} onClick={() => setDone(true)}>
          do
        </button>
      )}
      <button type="button">other</button>
    </>
  );
}
const rows = new PagedRows<string>(async () => ({ total: 0, rows: [] }), failureOf);

const drawWork = async (does: 'removed' | 'disabled', list: boolean) => {
  await act(() => draw(<Shell>{<Work does={does} list={list} />}</Shell>));
  const button = screen.getByRole('button', { name: 'do' });
  act(() => button.focus());
  return button;
};

it.each([
  { does: 'removed', list: true, lands: 'list' },
  { does: 'disabled', list: true, lands: 'list' },
  { does: 'removed', list: false, lands: 'main' },
] as const)('the focus of a button that is $does goes to the $lands', async ({ does, list, lands }) => {
  fireEvent.click(await drawWork(does, list));
  const place = lands === 'list' ? screen.getByRole('grid') : screen.getByRole('main');
  await waitFor(() => expect(document.activeElement).toBe(place));
});

it('a focus that a person has moved elsewhere is left alone', async () => {
  const button = await drawWork('removed', true);
  const other = screen.getByRole('button', { name: 'other' });
  act(() => other.focus());
  await act(async () => fireEvent.click(button));
  expect(document.activeElement).toBe(other);
});

it('a connection that does not come back is told as what it is: Tidsbro has ended', async () => {
  await drawFields();
  vi.useFakeTimers();
  try {
    act(() => store.getState().detach());
    expect(screen.getByRole('alert').textContent).toContain('it reconnects by itself');
    act(() => void vi.advanceTimersByTime(12_000));
    expect(screen.getByRole('alert').textContent).toContain('Tidsbro has ended');
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  { runs: 'a run of another program that was over between two looks', id: 2, isRead: true },
  { runs: 'no run', id: 1, isRead: false },
])('after $runs the lists are read again: $isRead', async ({ id, isRead }) => {
  const host = fakeHost({ lastRun: aRun({ id: 1 }) });
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    await act(() => draw(<Shell>{null}</Shell>, host));
    await waitFor(() => expect(store.getState().overview?.lastRun?.id).toBe(1));
    const { revision } = store.getState();
    host.lastRun = aRun({ id });
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    await waitFor(() => expect(store.getState().overview?.lastRun?.id).toBe(id));
    expect(store.getState().revision > revision).toBe(isRead);
  } finally {
    vi.useRealTimers();
  }
});
