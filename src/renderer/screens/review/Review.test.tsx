import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Shell } from '../../shell/Shell.tsx';
import { store } from '../../store.ts';
import { draw } from '../../testing/draw.tsx';
import { aChange, aCount, aMismatch, aRun, fakeHost } from '../../testing/fake-host.ts';
import type { FakeHost } from '../../testing/fake-host.ts';
import { outcomeOf } from './ApplyOutcome.tsx';
import { ReviewScreen } from './Review.tsx';

async function drawReview(host: FakeHost): Promise<HTMLElement> {
  await act(() => draw(<Shell>{<ReviewScreen />}</Shell>, host));
  return screen.findByRole('grid', { name: 'Pending changes' });
}
const decisions = (host: FakeHost): unknown[] => host.asked.map(({ input }) => input);

it('shows what would be written, and records an approval', async () => {
  const host = fakeHost({ changes: [aChange(1), aChange(2)] });
  await drawReview(host);
  const details = screen.getByRole('region', { name: 'Details' });
  expect(await within(details).findByRole('heading', { name: 'Fjordglimt 1 AS' })).toBeTruthy();
  expect(details.querySelector('ins')?.textContent).toContain('post@fjordglimt.example');
  fireEvent.click(within(details).getByRole('button', { name: 'Approve' }));
  expect(await screen.findByText('1 decision recorded.')).toBeTruthy();
  expect(decisions(host)).toEqual([{ ids: [1], take: 'approve' }]);
  expect(await screen.findByRole('button', { name: 'Apply approved (1)' })).toBeTruthy();
});

it('decides the active row by key, and several at once', async () => {
  const host = fakeHost({ changes: [aChange(1), aChange(2), aChange(3)] });
  const grid = await drawReview(host);
  fireEvent.keyDown(grid, { key: 'j' });
  fireEvent.keyDown(grid, { key: 'r' });
  await screen.findByText('1 decision recorded.');
  fireEvent.click(within(grid).getByRole('checkbox', { name: 'Select Fjordglimt 1 AS' }));
  fireEvent.click(within(grid).getByRole('checkbox', { name: 'Select Fjordglimt 3 AS' }));
  fireEvent.click(screen.getByRole('button', { name: 'Approve selected' }));
  await screen.findByText('2 decisions recorded.');
  expect(decisions(host)).toEqual([
    { ids: [2], take: 'reject' },
    { ids: [1, 3], take: 'approve' },
  ]);
});

it('V3, S1: a bulk approval held by a rail needs its count typed, and tells what was refused', async () => {
  const host = fakeHost({ changes: [aChange(1, { rail: 'S1' }), aChange(2)] });
  await drawReview(host);
  fireEvent.click(screen.getByRole('button', { name: 'Approve all…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Approve all' });
  const confirm = await within(dialog).findByRole('button', { name: 'Approve 2 changes' });
  expect(confirm).toHaveProperty('disabled', true);
  fireEvent.change(within(dialog).getByLabelText(/Type 2/), { target: { value: '3' } });
  expect(confirm).toHaveProperty('disabled', true);
  fireEvent.change(within(dialog).getByLabelText(/Type 2/), { target: { value: '2' } });
  fireEvent.click(confirm);
  expect(await screen.findByText('It went stale.')).toBeTruthy();
  expect(decisions(host)).toEqual([{ show: 'waiting', take: 'approve', confirmCount: 2 }]);
});

it('S1: what was approved and is held for its number says so, and leads to where it is typed', async () => {
  const held = { state: 'approved', approved: 'all', rail: 'S1:create' } as const;
  const host = fakeHost({ changes: [aChange(1, held), aChange(2, held)], held: 2 });
  const grid = await drawReview(host);
  expect(within(grid).getAllByText('Approved, held')).toHaveLength(2);
  expect(await screen.findByText(/It is written once the number of all that are held is typed/)).toBeTruthy();
  const note = screen.getByRole('region', { name: 'Approved, held' });
  expect(note.textContent).toContain('2 approved changes are held because they are many.');
  fireEvent.click(within(note).getByRole('button', { name: 'Type the number…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Approve all' });
  expect(await within(dialog).findByLabelText(/Type 2/)).toBeTruthy();
  expect(store.getState().review.filter).toMatchObject({ show: 'held' });
});

it('V1: what is approved in part says so', async () => {
  const host = fakeHost({ changes: [aChange(1, { state: 'approved', approved: 'some' })] });
  expect(within(await drawReview(host)).getByText('Partly approved')).toBeTruthy();
});

it('a decided row leaves at once, and what is approved is told where the list was', async () => {
  const host = fakeHost({ changes: [aChange(1)] });
  const grid = await drawReview(host);
  fireEvent.keyDown(grid, { key: 'a' });
  expect(await screen.findByText(/1 change is approved and not written yet/)).toBeTruthy();
  expect(screen.queryByRole('grid')).toBeNull();
});

it('a sort of change is shown alone by pressing it, and everything again by pressing it anew', async () => {
  const host = fakeHost({
    changes: [aChange(1)],
    sorts: [
      { flow: 'customer-kunde', target: 'tidsbanken', op: 'update', count: 1, review: 1 },
      { flow: 'project-prosjekt', target: 'customerp', op: 'create', count: 3, review: 3 },
    ],
  });
  await drawReview(host);
  const sorts = await screen.findByRole('group', { name: 'Changes by flow, kind and system' });
  const chip = within(sorts).getByRole('button', { name: /Projects · Create/ });
  fireEvent.click(chip);
  expect(store.getState().review.filter).toMatchObject({ flow: 'project-prosjekt', target: 'customerp', op: 'create' });
  await waitFor(() => expect(chip.getAttribute('aria-pressed')).toBe('true'));
  fireEvent.click(chip);
  expect(store.getState().review.filter.op).toBeUndefined();
});

it('says so when nothing waits', async () => {
  await act(() => draw(<ReviewScreen />, fakeHost()));
  await waitFor(() => expect(screen.getByText('Nothing waits for you')).toBeTruthy());
});

it('says what applying did, where the changes were, and keeps the focus there', async () => {
  const counts = aCount({ created: { customerp: 0, tidsbanken: 30 }, updated: { customerp: 5, tidsbanken: 2 } });
  const problems = [{ kind: 'writeFailed', what: 'A write failed.', notDone: '', todo: '' }];
  const applies = aRun({ flows: { 'customer-kunde': { ...counts, failed: 1 } }, problems });
  await drawReview(fakeHost({ changes: [aChange(1, { approved: 'all' }), aChange(2)], applies }));
  const apply = await screen.findByRole('button', { name: 'Apply approved (1)' });
  act(() => apply.focus());
  fireEvent.click(apply);
  expect((await screen.findByText(/37 written and verified\./)).closest('output')?.textContent).toContain('1 failed.');
  expect(screen.getByText('A write failed.')).toBeTruthy();
  const empty = await screen.findByText('Nothing waits for you');
  await waitFor(() => expect(document.activeElement).toBe(empty.parentElement));
});

it('the outcome goes with the next decision, wherever that is taken', async () => {
  const applies = aRun({ flows: { 'customer-kunde': aCount({ created: { customerp: 0, tidsbanken: 30 } }) } });
  const changes = [aChange(1, { approved: 'all' }), aChange(2)];
  const host = fakeHost({ changes, mismatches: [aMismatch(1)], applies });
  await drawReview(host);
  fireEvent.click(await screen.findByRole('button', { name: 'Apply approved (1)' }));
  await screen.findByText(/30 written and verified\./);
  host.changes.push(aChange(3, { approved: 'all' }));
  await act(() => store.getState().decideMismatches([1], 'customerp'));
  await screen.findByRole('button', { name: 'Apply approved (1)' });
  expect(screen.queryByText(/written and verified|stays approved/)).toBeNull();
});

it.each([
  { failed: 0, approved: 0, is: ['written'] },
  { failed: 2, approved: 0, is: ['written', 'failed'] },
  { failed: 0, approved: 3, is: ['written', 'held'] },
])('an outcome with $failed failed and $approved left tells $is', ({ failed, approved, is }) => {
  const run = aRun({ flows: { 'customer-kunde': aCount({ failed }) } });
  expect(outcomeOf(run, approved).map(({ figure }) => figure)).toEqual(is);
});
