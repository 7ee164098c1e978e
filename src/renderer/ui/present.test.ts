import { describe, expect, it } from 'vitest';
import type { PropertyView } from '../../shared/contract/views.ts';
import { presentProperty, presentValue } from './present.ts';

const nb = { yes: 'Ja', no: 'Nei', created: 'den nye posten', locale: 'nb-NO' };

describe('presentValue', () => {
  it.each([
    { type: 'boolean', value: 'true', is: 'Ja' },
    { type: 'boolean', value: 'false', is: 'Nei' },
    { type: 'boolean', value: 'maybe', is: 'maybe' },
    { type: 'date', value: '2026-05-04', is: '04.05.2026' },
    { type: 'date', value: '2026-02-29x', is: '2026-02-29x' },
    { type: 'phone', value: '+4722334455', is: '+47 22 33 44 55' },
    { type: 'phone', value: '+4622334455', is: '+4622334455' },
    { type: 'string', value: 'true', is: 'true' },
    { type: 'date', value: null, is: null },
    { type: 'boolean', value: undefined, is: undefined },
  ])('$type $value reads $is', ({ type, value, is }) => expect(presentValue(type, value, nb)).toBe(is));
});

describe('presentProperty', () => {
  const manager: PropertyView = {
    property: 'manager',
    group: 'manager',
    fields: { customerp: 'managerId', tidsbanken: 'AnsvarligId' },
    type: 'reference',
    sensitive: false,
    customerp: 'e1',
    tidsbanken: '7',
    differs: false,
    names: { customerp: 'Åse Vik', tidsbanken: 'Ola Nes' },
  };

  it('names what a reference points to, beside its id', () => {
    const shown = presentProperty(manager, nb, undefined);
    expect([shown.customerp, shown.tidsbanken]).toEqual(['Åse Vik (e1)', 'Ola Nes (7)']);
  });

  it('what will be written is called as the source calls it', () => {
    const shown = presentProperty({ ...manager, desired: '9' }, nb, 'tidsbanken');
    expect(shown.desired).toBe('Åse Vik (9)');
  });

  it('a record that is still to be created has no id', () => {
    const shown = presentProperty({ ...manager, desired: '(new)' }, nb, 'tidsbanken');
    expect(shown.desired).toBe('Åse Vik (den nye posten)');
  });

  it('withName of a record still to be created without a known name', () => {
    const { names: _, ...unnamed } = manager;
    expect(presentProperty({ ...unnamed, desired: '(new)' }, nb, 'tidsbanken').desired).toBe('den nye posten');
  });
});
