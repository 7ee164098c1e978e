import { expect, it } from 'vitest';
import type { JournalRow } from '../../../shared/contract/views.ts';
import { spelledOut } from '../../ui/use-words.ts';
import type { Words } from '../../ui/use-words.ts';
import { detailText } from './journal-text.ts';

const words: Words = {
  property: spelledOut,
  group: spelledOut,
  key: spelledOut,
  event: spelledOut,
  because: spelledOut,
  fact: spelledOut,
};

const rowOf = (detail: JournalRow['detail']): JournalRow => ({
  seq: 1,
  at: 0,
  runId: 1,
  event: 'runEnded',
  item: null,
  attempt: null,
  detail,
});

it.each([
  [
    { problems: 0, requests: { customerp: 212, tidsbanken: 209 } },
    'Problems: 0 · Requests: Customerp 212, Tidsbanken 209',
  ],
  [{ customer: { changes: { update: 2 }, mismatches: 0 } }, 'Customer: Changes (Update 2), Mismatches 0'],
  [{ groups: ['email', 'phone'], by: 'kari' }, 'Groups: email, phone · By: kari'],
  [{ values: { email: { before: null, after: 'a@b.example' } } }, 'Email: ∅ → a@b.example'],
])('what a row of the journal tells, without brackets of a program: %j', (detail, text) => {
  expect(detailText(rowOf(detail), words)).toBe(text);
});
