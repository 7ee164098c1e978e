import { MISMATCH_KINDS, TAKES } from '../../../shared/domain.ts';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Shell } from '../../shell/Shell.tsx';
import { draw } from '../../testing/draw.tsx';
import { aMismatch, fakeHost } from '../../testing/fake-host.ts';
import type { FakeHost } from '../../testing/fake-host.ts';
import { MismatchesScreen } from './Mismatches.tsx';

async function drawMismatches(host: FakeHost) {
  await act(() => draw(<Shell>{<MismatchesScreen />}</Shell>, host));
  const grid = await screen.findByRole('grid', { name: 'Mismatches' });
  const details = screen.getByRole('region', { name: 'Details' });
  await within(details).findByRole('heading', { name: 'Ways out' });
  return { grid, details };
}
const waysOut = (details: HTMLElement): (string | null)[] =>
  within(within(details).getByRole('list', { name: 'Ways out' }))
    .getAllByRole('button')
    .map((button) => button.textContent);

it('offers only the ways out that the mismatch has, the suggested one marked', async () => {
  const { details } = await drawMismatches(
    fakeHost({ mismatches: [aMismatch(1, { takes: ['tidsbanken', 'accept'], suggests: 'accept' })] }),
  );
  expect(waysOut(details)).toEqual(['Use Tidsbanken1', 'Accept the difference2']);
  expect(within(details).getByText('Suggested.').closest('li')?.textContent).toContain('Accept the difference');
});

it('explains itself with the property it is about', async () => {
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1)] }));
  expect(within(details).getByText(/Both systems changed E-mail/)).toBeTruthy();
});

it('a decision is recorded and the list moves on', async () => {
  const host = fakeHost({ mismatches: [aMismatch(1), aMismatch(2)] });
  const { details } = await drawMismatches(host);
  fireEvent.click(within(details).getByRole('button', { name: 'Use Customerp' }));
  expect(await within(details).findByRole('heading', { name: 'Nordlys 2 AS' })).toBeTruthy();
  expect(host.asked).toEqual([{ call: 'mismatches.decide', input: { ids: [1], take: 'customerp' } }]);
});

it('one record with several is told apart by what each is about', async () => {
  const { grid } = await drawMismatches(
    fakeHost({ mismatches: [aMismatch(1), aMismatch(2, { group: 'address' }), aMismatch(3, { group: null })] }),
  );
  const subjects = [...grid.querySelectorAll('.named .cell-sub')].map((line) => line.textContent);
  expect(subjects).toEqual(['Edited on both sides · E-mail', 'Edited on both sides · Address', 'Edited on both sides']);
});

it('shows the values in question before the ways out, their difference marked', async () => {
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1)] }));
  const table = within(details).getByRole('table', { name: 'The values in question' });
  expect([...table.querySelectorAll('td')].map((cell) => cell.textContent)).toEqual([
    'post@fjordglimt.example',
    'old@fjordglimt.example',
    'old@fjordglimt.example',
  ]);
  expect(table.querySelectorAll('mark').length).toBeGreaterThan(1);
  const order = table.compareDocumentPosition(within(details).getByRole('heading', { name: 'Ways out' }));
  expect(order & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

it('M6: shows the number that changed, and no other', async () => {
  const changed = { group: null, kind: 'identityChanged', detail: { 'customerp.email': 'old → new' } } as const;
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1, changed)] }));
  const table = within(details).getByRole('table', { name: 'The values in question' });
  expect(
    within(table)
      .getAllByRole('rowheader')
      .map((cell) => cell.textContent),
  ).toEqual(['E-mail']);
});

it('a mismatch of the whole record has no values in question', async () => {
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1, { group: null })] }));
  expect(within(details).queryByRole('table', { name: 'The values in question' })).toBeNull();
});

it('after a decision the focus is in the list, and where the list went, in its place', async () => {
  const { grid, details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1), aMismatch(2)] }));
  const decide = () => {
    const button = within(details).getByRole('button', { name: 'Use Customerp' });
    act(() => button.focus());
    fireEvent.click(button);
  };
  decide();
  await within(details).findByRole('heading', { name: 'Nordlys 2 AS' });
  await waitFor(() => expect(document.activeElement).toBe(grid));
  decide();
  const empty = await screen.findByText('No mismatches');
  await waitFor(() => expect(document.activeElement).toBe(empty.parentElement));
});

it('linking needs a counterpart to be chosen', async () => {
  const host = fakeHost({
    mismatches: [aMismatch(1, { kind: 'weakMatch', takes: ['link'], suggests: 'link', tidsbankenId: null })],
  });
  const { details } = await drawMismatches(host);
  fireEvent.click(within(details).getByRole('button', { name: 'Link…' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: 'Link these' })).toHaveProperty('disabled', true);
  fireEvent.click(within(dialog).getByRole('radio', { name: /Nordlys \(77\)/ }));
  fireEvent.click(within(dialog).getByRole('button', { name: 'Link these' }));
  await screen.findByText('1 decision recorded.');
  expect(host.asked).toEqual([{ call: 'mismatches.decide', input: { ids: [1], take: 'link', linkTo: '77' } }]);
});

it('candidates stand beside their reasons as valid HTML: no list in a paragraph', async () => {
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1, { takes: ['link'] })] }));
  fireEvent.click(within(details).getByRole('button', { name: /^Link…/ }));
  const dialog = await screen.findByRole('dialog');
  const radio = await within(dialog).findByRole('radio', { name: /Nordlys/ });
  expect(document.querySelector('p ul, p ol, p div')).toBeNull();
  const described = document.getElementById(radio.getAttribute('aria-describedby') ?? '');
  expect(described?.textContent).toContain('Organisation number');
});

it.each([
  { takes: ['recreate', 'archive', 'unlink'] as const, says: /Archive what remains/ },
  { takes: ['recreate', 'unlink'] as const, says: /^Create it again in Customerp, or unlink\.$/ },
])('X1: who is gone is advised about by the ways out that there are: $takes', async ({ takes, says }) => {
  const mismatch = aMismatch(1, { kind: 'goneInCustomerp', takes: [...takes], detail: { confirmed: 'yes' } });
  const { details } = await drawMismatches(fakeHost({ mismatches: [mismatch] }));
  expect(within(details).getByText(says)).toBeTruthy();
});

it('several selected are offered what they have in common', async () => {
  const host = fakeHost({ mismatches: [aMismatch(1), aMismatch(2, { takes: ['accept', 'link'] })] });
  const { grid } = await drawMismatches(host);
  for (const box of within(grid).getAllByRole('checkbox')) fireEvent.click(box);
  const bar = screen.getByRole('toolbar', { name: 'Selection' });
  const offered = within(bar)
    .getAllByRole('button')
    .map((button) => button.textContent);
  expect(within(bar).queryByText(/confirm their number in Review/)).toBeNull();
  expect(offered).toEqual(['Accept the difference for all selected', 'Clear selection']);
});

it('S1: what is written for several says that many may be held', async () => {
  const { grid } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1), aMismatch(2)] }));
  const [first, second] = within(grid).getAllByRole('checkbox');
  if (first === undefined || second === undefined) throw new Error('The grid has no checkboxes.');
  fireEvent.click(first);
  expect(screen.queryByText(/confirm their number in Review/)).toBeNull();
  fireEvent.click(second);
  expect(screen.getByText(/confirm their number in Review/)).toBeTruthy();
});

it('a digit in the list takes that way out of the active row', async () => {
  const host = fakeHost({ mismatches: [aMismatch(1), aMismatch(2, { takes: ['link', 'ignore'] })] });
  const { grid, details } = await drawMismatches(host);
  fireEvent.keyDown(grid, { key: '9' });
  fireEvent.keyDown(grid, { key: '2' });
  expect(await within(details).findByRole('heading', { name: 'Nordlys 2 AS' })).toBeTruthy();
  expect(host.asked).toEqual([{ call: 'mismatches.decide', input: { ids: [1], take: 'tidsbanken' } }]);
  fireEvent.keyDown(grid, { key: '1' });
  expect(await screen.findByRole('dialog')).toBeTruthy();
  expect(host.asked).toHaveLength(1);
});

it('V3: one way out for all stands beside its figures, and its number is typed', async () => {
  const host = fakeHost({ mismatches: [aMismatch(1), aMismatch(2, { takes: ['accept', 'later'] })] });
  await drawMismatches(host);
  fireEvent.click(screen.getByRole('button', { name: 'One way out for all…' }));
  const dialog = await screen.findByRole('dialog');
  const decide = await within(dialog).findByRole('button', { name: 'Decide 2 mismatches' });
  expect(within(dialog).getAllByRole('radio')).toHaveLength(2);
  fireEvent.click(within(dialog).getByRole('radio', { name: /Accept the difference/ }));
  fireEvent.change(within(dialog).getByLabelText(/Type 2/), { target: { value: '1' } });
  expect(decide).toHaveProperty('disabled', true);
  fireEvent.change(within(dialog).getByLabelText(/Type 2/), { target: { value: '2' } });
  fireEvent.click(decide);
  await screen.findByText('2 decisions recorded.');
  expect(host.asked).toEqual([{ call: 'mismatches.decideAll', input: { take: 'accept', confirmCount: 2 } }]);
  expect(await screen.findByText('No mismatches')).toBeTruthy();
});

it('a suggestion is explained key by key, and linked by one click', async () => {
  const host = fakeHost({ mismatches: [aMismatch(1, { kind: 'weakMatch', takes: ['link'], tidsbankenId: null })] });
  const { details } = await drawMismatches(host);
  const lines = [...details.querySelectorAll('.candidate-keys li')].map((line) => line.textContent);
  expect(lines).toEqual([
    'Organisation number: 310123404 here, 310123412 there',
    'Name + E-mail: Nordlys, a@b.example in both (a hint, no proof)',
  ]);
  fireEvent.click(within(details).getByRole('button', { name: 'Link these: Nordlys (77)' }));
  await screen.findByText('1 decision recorded.');
  expect(host.asked).toEqual([{ call: 'mismatches.decide', input: { ids: [1], take: 'link', linkTo: '77' } }]);
});

it('a record can be opened in its own system, and a value copied for it', async () => {
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1)] }));
  expect(within(details).getByRole('link', { name: 'Open Customerp' }).getAttribute('href')).toContain('/C1');
  expect(within(details).getByRole('button', { name: 'Copy E-mail of Customerp' })).toBeTruthy();
});

it('what is about a whole flow is called so, with the figures of its rail', async () => {
  const rail = { label: 'S1:update', customerpId: null, tidsbankenId: null, group: null };
  const { grid, details } = await drawMismatches(
    fakeHost({
      mismatches: [
        aMismatch(1, { ...rail, kind: 'rail', detail: { rail: 'S1', op: 'update', count: '40', limit: '25' } }),
      ],
    }),
  );
  expect(within(grid).getByText('All of Customers')).toBeTruthy();
  expect(details.textContent).toContain('Many updates at once');
  expect(details.textContent).toContain('40 counted; 25 may pass unseen');
  expect(details.textContent).not.toContain('S1:update');
  expect(within(details).queryByRole('table')).toBeNull();
});

it.each(MISMATCH_KINDS)('%s is explained in bokmål, with its ways out', async (kind) => {
  await act(() =>
    draw(<MismatchesScreen />, fakeHost({ mismatches: [aMismatch(1, { kind, takes: [...TAKES] })] }), 'nb'),
  );
  const ways = await screen.findByRole('list', { name: 'Løsninger' });
  expect(within(ways).getAllByRole('listitem')).toHaveLength(TAKES.length);
  const explained = document.querySelector('.explained')?.textContent ?? '';
  expect(explained.length).toBeGreaterThan(60);
  expect(explained).not.toMatch(/\{\{|undefined|mismatch\./);
});

it('vouching for a pair whose number changed is no difference to accept', async () => {
  const takes = ['accept', 'unlink', 'later'] as const;
  const { details } = await drawMismatches(
    fakeHost({ mismatches: [aMismatch(1, { kind: 'identityChanged', takes: [...takes] })] }),
  );
  expect(waysOut(details)).toEqual(['Still the same two1', 'Unlink2', 'Later3']);
});

it.each([
  [{ why: 'invalid' }, 'Number not allowed'],
  [{ why: 'taken' }, 'Number taken'],
  [{ why: 'linked' }, 'Linked to another record'],
])('a number that cannot be given tells why: %j', async (detail, title) => {
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1, { kind: 'idCollision', detail })] }));
  expect(within(details).getByRole('heading', { level: 3, name: title })).toBeTruthy();
});

it('an invalid value tells in which system it stands', async () => {
  const detail = { side: 'tidsbanken', property: 'email', reason: 'email' };
  const { details } = await drawMismatches(fakeHost({ mismatches: [aMismatch(1, { kind: 'invalidValue', detail })] }));
  expect(within(details).getByText(/It stands in Tidsbanken\./)).toBeTruthy();
});
