import { act } from '@testing-library/react';
import { expect, it } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { CandidateKeys } from './CandidateKeys.tsx';

const key = (name: string, more: object) => ({
  key: name,
  strength: 'strong' as const,
  outcome: 'agrees' as const,
  own: 'x',
  theirs: 'x',
  ...more,
});

const linesOf = async (keys: Parameters<typeof CandidateKeys>[0]['keys'], language?: 'nb') => {
  const { container } = await act(() => draw(<CandidateKeys keys={keys} />, undefined, language));
  return [...container.querySelectorAll('li')].map((line) => line.textContent);
};

it('what proves it comes first, then what speaks against it, then what cannot be compared', async () => {
  const lines = await linesOf([
    key('nameAndEmail', { strength: 'weak' }),
    key('orgNo', { outcome: 'missing', theirs: null }),
    key('number', { outcome: 'differs', own: '1', theirs: '2' }),
  ]);
  expect(lines).toEqual([
    'Number: 1 here, 2 there',
    'Organisation number: not filled in on both sides',
    'Name + E-mail: x in both (a hint, no proof)',
  ]);
});

it('a key with a reference tells that it agrees, and no id that means nothing to a person', async () => {
  const lines = await linesOf([key('nameAndCustomer', { strength: 'weak', own: null, theirs: null })], 'nb');
  expect(lines).toEqual(['Navn + Kunde: det samme i begge (et hint, ikke noe bevis)']);
});
