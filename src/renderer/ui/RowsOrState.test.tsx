import { act, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { failureOf } from '../bridge.ts';
import { draw } from '../testing/draw.tsx';
import { PagedRows } from './paged-rows.ts';
import { RowsOrState } from './RowsOrState.tsx';

it('a list that could not be read is told, and nothing beside it waits for ever', async () => {
  const rows = new PagedRows<string>(() => Promise.reject(new Error('gone')), failureOf);
  await act(async () => rows.look(0, 0, 0));
  await act(() =>
    draw(
      <RowsOrState rows={rows} empty="nothing">
        {() => 'rows and their details'}
      </RowsOrState>,
    ),
  );
  expect(screen.getByRole('alert')).toBeTruthy();
  expect(screen.queryByText('rows and their details')).toBeNull();
});
