import { act, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { RecordHistory as History } from '../../../shared/contract/views.ts';
import { draw } from '../../testing/draw.tsx';
import { fakeHost } from '../../testing/fake-host.ts';
import { RecordHistory } from './RecordHistory.tsx';

const AT = Date.UTC(2026, 4, 4, 8);
const key = { flow: 'customer-kunde', side: 'tidsbanken', nativeId: '10007' } as const;
const phone = { property: 'phone', type: 'phone', before: null, after: '+4722334455' };

const history: History = {
  events: [
    { seq: 9, at: AT, runId: 3, change: 5, event: 'verified', target: 'tidsbanken', person: null, values: [phone] },
    { seq: 4, at: AT, runId: null, change: 5, event: 'approved', target: null, person: 'aase', values: [] },
  ],
  provenance: [{ ...phone, from: 'customerp', runId: 3, at: AT, rule: 'R7', approvedBy: 'aase' }],
  isCut: false,
};

const drawHistory = (told: History, language?: 'nb') =>
  act(() => draw(<RecordHistory record={key} />, fakeHost({ history: told }), language));

it('names side, reason, approver and former value of what was written', async () => {
  await drawHistory(history);
  const table = await screen.findByRole('table', { name: 'Where the values come from', hidden: true });
  const cells = [...table.querySelectorAll('tbody td')].map((cell) => cell.textContent);
  expect(cells[0]).toContain('Customerp');
  expect(cells[1]).toContain('Changed in Customerp · approved by aase');
  expect(cells[1]).toContain('Run 3');
  expect(cells[2]).toBe('empty');
});

it('tells what happened, newest first', async () => {
  await drawHistory(history);
  const events = within(await screen.findByRole('list')).getAllByRole('listitem');
  expect(events.map((event) => event.querySelector('strong')?.textContent)).toEqual([
    'Written and verified',
    'Approved',
  ]);
  expect(events[0]?.textContent).toContain('Phone: empty → +47 22 33 44 55');
  expect(events[1]?.textContent).toContain('aase');
});

it('an approval by rule names no person', async () => {
  const provenance = history.provenance.map((row) => ({ ...row, approvedBy: 'rule:safe', rule: null }));
  await drawHistory({ ...history, provenance }, 'nb');
  const table = await screen.findByRole('table', { name: 'Hvor verdiene kommer fra', hidden: true });
  expect(table.textContent).toContain('Skrevet av Tidsbro · godkjent etter regel');
});

it('says so when nothing is known, and when something is left out', async () => {
  await drawHistory({ events: [], provenance: [], isCut: true });
  expect(await screen.findByText(/Nothing has been decided or written/)).toBeTruthy();
  expect(screen.getByText('Older events stand in the journal.')).toBeTruthy();
});
