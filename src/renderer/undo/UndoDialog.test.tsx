import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { UndoRow } from '../../shared/contract/views.ts';
import { store } from '../store.ts';
import { draw } from '../testing/draw.tsx';
import { fakeHost } from '../testing/fake-host.ts';
import type { FakeHost } from '../testing/fake-host.ts';
import { UndoButton } from './UndoButton.tsx';

const row = (change: number, more: Partial<UndoRow> = {}): UndoRow => ({
  change,
  flow: 'customer-kunde',
  op: 'update',
  target: 'tidsbanken',
  label: `Fjordglimt ${String(change)} AS`,
  customerpId: `C${String(change)}`,
  tidsbankenId: String(change),
  group: 'phone',
  outcome: 'reversed',
  why: null,
  values: [{ property: 'phone', type: 'phone', written: '+4722334455', now: '+4722334455', before: null }],
  ...more,
});

const UNDOS = [
  row(1),
  row(2, { op: 'create', group: 'create', values: [] }),
  row(3, { outcome: 'kept', why: 'editedSince' }),
  row(4, { outcome: 'cannot', why: 'sensitive', values: [] }),
];

async function openDialog(host: FakeHost, language?: 'nb'): Promise<HTMLElement> {
  await act(() => draw(<UndoButton scope={{ run: 2 }} title="Undo run 2" />, host, language));
  fireEvent.click(screen.getByRole('button', { name: language === 'nb' ? 'Angre…' : 'Undo…' }));
  return screen.findByRole('dialog', { name: 'Undo run 2' });
}

it('shows the three lists with their numbers, the first one open', async () => {
  const dialog = await openDialog(fakeHost({ undos: UNDOS }));
  expect((await within(dialog).findAllByRole('radio')).map((radio) => radio.closest('div')?.textContent)).toEqual([
    'Will be reversed (2)',
    'Kept (1)',
    'Cannot be reversed (1)',
  ]);
  const grid = await within(dialog).findByRole('grid', { name: 'Will be reversed' });
  expect(grid.textContent).toContain('Phone+47 22 33 44 55 → empty');
  expect(grid.textContent).toContain('It was created, and is closed now. Tidsbro never deletes a record.');
});

it('says why something is kept, and why something cannot be reversed', async () => {
  const dialog = await openDialog(fakeHost({ undos: UNDOS }));
  fireEvent.click(await within(dialog).findByRole('radio', { name: 'Kept (1)' }));
  expect(await within(dialog).findByText('Edited since; the newer value stays.')).toBeTruthy();
  fireEvent.click(within(dialog).getByRole('radio', { name: 'Cannot be reversed (1)' }));
  expect(await within(dialog).findByText('Sensitive: what it was before is not kept.')).toBeTruthy();
});

it('proposes, and leads to Review, where it waits', async () => {
  const host = fakeHost({ undos: UNDOS });
  const dialog = await openDialog(host);
  fireEvent.click(await within(dialog).findByRole('button', { name: 'Propose 2 in Review' }));
  await waitFor(() => expect(store.getState().screen).toBe('review'));
  expect(host.asked).toEqual([{ call: 'undo.propose', input: { scope: { run: 2 } } }]);
  expect(store.getState().notes.at(-1)).toMatchObject({ tone: 'done', text: 'undo.proposed', count: 2 });
});

it('with nothing to reverse it proposes nothing, and opens the list that has something', async () => {
  const dialog = await openDialog(fakeHost({ undos: UNDOS.slice(2) }), 'nb');
  const button = await within(dialog).findByRole('button', { name: 'Foreslå 0 i Gjennomgang' });
  expect(button.hasAttribute('disabled')).toBe(true);
  expect(await within(dialog).findByText('Redigert siden; den nyere verdien blir stående.')).toBeTruthy();
});

it('a run that wrote nothing', async () => {
  const dialog = await openDialog(fakeHost());
  expect(await within(dialog).findByText('Nothing here can be reversed.')).toBeTruthy();
});
