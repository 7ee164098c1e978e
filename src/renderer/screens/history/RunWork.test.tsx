import { act, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { StageWork, SystemWork } from '../../../shared/contract/run-work.ts';
import { draw } from '../../testing/draw.tsx';
import { aRun, fakeHost } from '../../testing/fake-host.ts';
import { HistoryScreen } from './History.tsx';

const NOTHING: SystemWork = {
  requests: 0,
  bytesSent: 0,
  bytesReceived: 0,
  answeringMs: 0,
  waits: 0,
  waitedMs: 0,
  refused: 0,
};
const apply: StageWork = {
  stage: 'apply',
  ms: 91_400,
  statements: 11_400,
  systems: {
    customerp: { ...NOTHING, requests: 3 },
    tidsbanken: { ...NOTHING, requests: 900, bytesReceived: 1_234_000, waits: 880, waitedMs: 270_000, refused: 2 },
  },
};

it('tells what each stage took, and which system refused', async () => {
  await act(() => draw(<HistoryScreen />, fakeHost({ lastRun: { ...aRun(), work: [apply] } })));
  const section = (await screen.findByText('What it took')).closest('details');
  if (section === null) throw new Error('It is not folded.');
  expect(section.open, 'the journal stays in sight until it is asked for').toBe(false);
  section.open = true;
  const row = within(section).getByRole('row', { name: /3 \/ 900/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['91.4 secs', '3 / 900', '1,234 kB', '270 secs', '11,400']);
  expect(section.textContent).toContain('Tidsbanken refused 2 requests because there were too many.');
  expect(section.textContent).not.toContain('Customerp refused');
});

it('says nothing of a run from before it was counted', async () => {
  await act(() => draw(<HistoryScreen />, fakeHost({ lastRun: aRun() })));
  await screen.findByRole('heading', { name: /^Run \d/ });
  expect(screen.queryByText('What it took')).toBeNull();
});
