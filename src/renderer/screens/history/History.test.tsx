import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { JournalRow } from '../../../shared/contract/views.ts';
import { draw } from '../../testing/draw.tsx';
import { aRun, fakeHost } from '../../testing/fake-host.ts';
import type { FakeHost } from '../../testing/fake-host.ts';
import * as csv from '../../ui/csv.ts';
import { HistoryScreen } from './History.tsx';

const row = (seq: number, event: string, detail: JournalRow['detail'] = {}): JournalRow => ({
  seq,
  at: Date.UTC(2026, 4, 4, 8),
  runId: 2,
  item: `change:${String(seq)}`,
  event,
  attempt: null,
  detail,
});

const written = row(7, 'verified', {
  customerpId: 'C1',
  tidsbankenId: '10007',
  values: { phone: { before: null, after: '+4722334455' }, name: { before: 'A', after: '=1+1' } },
});

async function drawJournal(host: FakeHost, language?: 'nb'): Promise<HTMLElement> {
  await act(() => draw(<HistoryScreen />, host, language));
  return screen.findByRole('grid', { name: language === 'nb' ? 'Journal' : 'Journal' });
}

it('tells a write by the names of its properties, before and after', async () => {
  const grid = await drawJournal(fakeHost({ lastRun: aRun(), journal: [written] }));
  expect(within(grid).getByText('Written and verified')).toBeTruthy();
  expect(grid.textContent).toContain('C1 ↔ 10007 · Phone: ∅ → +4722334455 · Name: A → =1+1');
});

it('says events and properties in bokmål', async () => {
  const grid = await drawJournal(fakeHost({ lastRun: aRun(), journal: [written] }), 'nb');
  expect(within(grid).getByText('Skrevet og bekreftet')).toBeTruthy();
  expect(grid.textContent).toContain('Telefon: ∅ → +4722334455');
});

it('an event that has no name yet is spelled out', async () => {
  const grid = await drawJournal(fakeHost({ lastRun: aRun(), journal: [row(1, 'somethingNew')] }));
  expect(within(grid).getByText('Something new')).toBeTruthy();
});

it('shows only what was written, when asked', async () => {
  const grid = await drawJournal(fakeHost({ lastRun: aRun(), journal: [row(8, 'runEnded'), written] }));
  expect(within(grid).getByText('Run ended')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Events shown'), { target: { value: 'written' } });
  await waitFor(() => expect(screen.queryByText('Run ended')).toBeNull());
  expect(screen.getByText('Written and verified')).toBeTruthy();
});

it('exports what is shown, and no cell of it is a formula', async () => {
  const save = vi.spyOn(csv, 'saveAsFile').mockImplementation(() => undefined);
  const formula = row(9, 'decided', { person: '=cmd()' });
  await drawJournal(fakeHost({ lastRun: aRun(), journal: [{ ...formula, item: '=cmd()' }, written] }));
  fireEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  await waitFor(() => expect(save).toHaveBeenCalledTimes(1));
  const [name, text] = save.mock.calls[0] ?? [];
  expect(name).toBe('tidsbro-journal-2.csv');
  const lines = (text ?? '').trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(",'=cmd(),");
  expect(lines[2]).toContain('C1 ↔ 10007');
});
