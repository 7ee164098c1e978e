import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { ChecklistView } from '../../../shared/contract/checklist-views.ts';
import { draw } from '../../testing/draw.tsx';
import { fakeHost } from '../../testing/fake-host.ts';
import type { FakeHost } from '../../testing/fake-host.ts';
import { ChecklistScreen } from './Checklist.tsx';

const DAY_MS = 86_400_000;
const tick = (verdict: 'passed' | 'failed', why: 'otherValue' | null = null) => ({
  verdict,
  why,
  at: Date.now() - 3 * DAY_MS,
  runId: 7,
});
const way = (found: ReturnType<typeof tick> | null, not: 'key' | null = null) => ({ not, tick: found });
const line = (property: string, to: ChecklistView['lines'][number]['to']) => ({
  property,
  type: 'string',
  fields: { customerp: property, tidsbanken: property },
  sensitive: false,
  to,
});
const VIEW: ChecklistView = {
  flow: 'customer-kunde',
  lines: [
    line('number', { customerp: way(null, 'key'), tidsbanken: way(null, 'key') }),
    line('phone', { customerp: way(tick('failed', 'otherValue')), tidsbanken: way(tick('passed')) }),
    line('email', { customerp: way(null), tidsbanken: way(null) }),
  ],
  rules: [{ rule: 'inSync', to: 'tidsbanken', key: null, tick: tick('passed') }],
  unfinished: [],
};

async function drawn(view: Partial<ChecklistView> = {}, language?: 'nb'): Promise<FakeHost> {
  const host = fakeHost({ checklist: { ...VIEW, ...view } });
  await act(() => draw(<ChecklistScreen />, host, language));
  await screen.findByRole('table');
  return host;
}
const cells = (name: string): string[] =>
  within(screen.getByRole('row', { name: new RegExp(name) }))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

it('7.6: tells each line with its tick, why and how old it is', async () => {
  await drawn();
  expect(cells('Phone')).toEqual(['Passed3 days ago', 'Failedanother value arrived · 3 days ago']);
  expect(cells('Number')).toEqual(['Not applicableset at creation only', 'Not applicableset at creation only']);
  expect(cells('E-mail')).toEqual(['Not yet seen', 'Not yet seen']);
  expect(screen.getByText('They keep in sync, edited in').closest('li')?.textContent).toContain('Customerp');
});

it('in bokmål', async () => {
  await drawn({}, 'nb');
  expect(cells('Telefon')).toEqual([
    'Beståttfor 3 døgn siden',
    'Ikke beståtten annen verdi kom fram · for 3 døgn siden',
  ]);
});

it('a key is told by the properties it is made of', async () => {
  await drawn({ rules: [{ rule: 'merged', to: null, key: 'nameAndPostcode', tick: null }] }, 'nb');
  expect(screen.getByText(/slås sammen på: Navn \+ Postnummer/)).toBeTruthy();
});

it('verifies on the record that was named, and on none before', async () => {
  const host = await drawn();
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Verify' });
  expect(button.disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox'), { target: { value: ' 10007 ' } });
  fireEvent.click(button);
  const asked = { records: [{ flow: 'customer-kunde', nativeId: '10007' }], language: 'en' };
  await waitFor(() => expect(host.asked).toContainEqual({ call: 'checklist.start', input: asked }));
});

it('an unfinished restore stands first, with its way out', async () => {
  const what = 'Customer 1 ↔ Kunde 2: test values of a checklist may still stand in phone.';
  const host = await drawn({ unfinished: [{ kind: 'checklistUnfinished', what, notDone: '', todo: '' }] });
  expect(screen.getByText(what)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Put back what was there' }));
  await waitFor(() => expect(host.asked).toContainEqual({ call: 'checklist.restore', input: null }));
});
