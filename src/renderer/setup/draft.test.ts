import { describe, expect, it } from 'vitest';
import type { SystemDraft, SystemTest } from '../../shared/contract/setup.ts';
import { firstDraft, isWhole, toSend, withSystem } from './draft.ts';
import type { Draft } from './draft.ts';

const draft = firstDraft({
  folder: '/home/kari/tidsbro',
  presets: [
    { name: 'erp', side: 'customerp', url: '', secrets: [{ key: 'bearer', variable: 'ERP_KEY' }] },
    { name: 'tidsbanken', side: 'tidsbanken', url: 'https://api.example', secrets: [] },
  ],
});
const erp: SystemDraft = { preset: 'erp', url: 'https://erp.example', secrets: { bearer: 'ERP_KEY' } };
const whole: Draft = { ...withSystem(draft, 'customerp', erp), name: ' Fjordlys ' };
const sound: SystemTest = { side: 'customerp', findings: [], unset: [], problem: null };

describe('a system of the wizard', () => {
  it.each([
    { what: 'an address and a variable', system: erp, is: true },
    { what: 'no address', system: { ...erp, url: '' }, is: false },
    { what: 'an address without a scheme', system: { ...erp, url: 'erp.example' }, is: false },
    { what: 'a key in place of a variable', system: { ...erp, secrets: { bearer: 'eyJhbGciOi.x' } }, is: false },
    { what: 'no variable', system: { ...erp, secrets: { bearer: '' } }, is: false },
  ])('$what: $is', ({ system, is }) => expect(isWhole(system)).toBe(is));

  it('that was changed has to be tested anew, and the other has not', () => {
    const tested = { ...whole, tested: { customerp: sound, tidsbanken: { ...sound, side: 'tidsbanken' as const } } };
    const { tested: after } = withSystem(tested, 'customerp', erp);
    expect([after.customerp, after.tidsbanken?.side]).toEqual([null, 'tidsbanken']);
  });
});

describe('what is sent', () => {
  it('is the whole draft, its name trimmed', () => {
    expect(toSend(whole)).toMatchObject({
      name: 'Fjordlys',
      folder: '/home/kari/tidsbro',
      systems: { customerp: erp },
    });
  });

  it.each([
    { what: 'no name', change: { name: ' ' } },
    { what: 'no folder', change: { folder: '' } },
    { what: 'no flow', change: { flows: [] } },
    { what: 'half a system', change: { systems: draft.systems } },
  ])('is nothing with $what', ({ change }) => expect(toSend({ ...whole, ...change })).toBeNull());
});
