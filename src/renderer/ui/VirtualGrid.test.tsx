import { act, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { failureOf } from '../bridge.ts';
import { draw } from '../testing/draw.tsx';
import { PagedRows } from './paged-rows.ts';
import { nextIndex, VirtualGrid } from './VirtualGrid.tsx';

const TOTAL = 100_000;

async function drawGrid(total = TOTAL) {
  const rows = new PagedRows<string>(
    async (offset, limit) => ({ total, rows: Array.from({ length: limit }, (_, index) => `row ${offset + index}`) }),
    failureOf,
  );
  const heard = {
    onToggle: vi.fn<(row: string) => void>(),
    onOpen: vi.fn<() => void>(),
    onKey: vi.fn<(key: string, row: string) => void>(),
  };
  function Grid() {
    const [active, setActive] = useState(0);
    return (
      <VirtualGrid
        label="Rows"
        rows={rows}
        columns={[{ id: 'text', header: 'Text', width: '1fr', renderCell: (row) => row }]}
        active={active}
        onActive={setActive}
        isSelected={(row) => row === 'row 1'}
        {...heard}
      />
    );
  }
  rows.look(0, 0, 0);
  await vi.waitFor(() => expect(rows.total).toBe(total));
  await act(() => draw(<Grid />));
  return { grid: await screen.findByRole('grid', { name: 'Rows' }), ...heard };
}

const activeRow = (grid: HTMLElement): string | undefined =>
  grid.querySelector<HTMLElement>('[data-active="true"]')?.getAttribute('aria-rowindex') ?? undefined;

it.each([
  { key: 'ArrowDown', at: 5, to: 6 },
  { key: 'j', at: 5, to: 6 },
  { key: 'ArrowUp', at: 5, to: 4 },
  { key: 'k', at: 0, to: 0 },
  { key: 'ArrowDown', at: TOTAL - 1, to: TOTAL - 1 },
  { key: 'PageDown', at: 5, to: 15 },
  { key: 'PageUp', at: 5, to: 0 },
  { key: 'Home', at: 5, to: 0 },
  { key: 'End', at: 5, to: TOTAL - 1 },
  { key: 'x', at: 5, to: null },
])('$key leads from $at to $to', ({ key, at, to }) => expect(nextIndex(key, at, TOTAL)).toBe(to));

it('tells its length, draws only what is in view, and has one tab stop', async () => {
  const { grid } = await drawGrid();
  expect(grid.getAttribute('aria-rowcount')).toBe(String(TOTAL + 1));
  expect(screen.getAllByRole('row').length).toBeLessThan(60);
  expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(0);
  expect(grid.tabIndex).toBe(0);
});

it('moves by keys and names the active row to a screen reader', async () => {
  const { grid } = await drawGrid();
  fireEvent.keyDown(grid, { key: 'ArrowDown' });
  fireEvent.keyDown(grid, { key: 'j' });
  expect(activeRow(grid)).toBe('4');
  const named = grid.getAttribute('aria-activedescendant');
  expect(document.querySelector(`[id="${named}"]`)?.getAttribute('aria-rowindex')).toBe('4');
  fireEvent.keyDown(grid, { key: 'Home' });
  expect(activeRow(grid)).toBe('2');
});

it('Space selects, Enter opens, other keys belong to the screen', async () => {
  const { grid, onToggle, onOpen, onKey } = await drawGrid();
  fireEvent.keyDown(grid, { key: ' ' });
  fireEvent.keyDown(grid, { key: 'Enter' });
  fireEvent.keyDown(grid, { key: 'a' });
  fireEvent.keyDown(grid, { key: 'a', ctrlKey: true });
  expect(onToggle.mock.calls).toEqual([['row 0']]);
  expect(onOpen).toHaveBeenCalledTimes(1);
  expect(onKey.mock.calls).toEqual([['a', 'row 0']]);
});

it('Shift with an arrow takes the row it lands on into the selection', async () => {
  const { grid, onToggle } = await drawGrid();
  fireEvent.keyDown(grid, { key: 'ArrowDown', shiftKey: true });
  expect(onToggle.mock.calls).toEqual([['row 1']]);
});
