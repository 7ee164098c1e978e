import { expect, it } from 'vitest';
import { Fakes } from '../testing/run-on-fakes.ts';
import { payloadDigest } from './payload.ts';
import { tellable, withoutSecrets } from './secrets.ts';

const fakes = new Fakes({
  mapping: (flow) => ({
    ...flow,
    properties: flow.properties.map((p) => (p.name === 'nationalId' ? { ...p, direction: 'both' } : p)),
  }),
});
const flow = fakes.flows.get('employee');
if (flow === undefined) throw new Error('no employees');
const group = (property: string, desired: string) => ({
  group: property,
  row: 'R7' as const,
  needs: 'review' as const,
  members: [{ property, expected: null, desired }],
  fingerprint: '',
  approved: true,
});

it('J1, J2 the digest of a payload is made from what stands for a sensitive value: it cannot be tried out', () => {
  const groups = [group('nationalId', 'mac:x'), group('jobTitle', 'Rormann')];
  const payload = new Map([
    ['Personnummer', '01889012345'],
    ['Tittel', 'Rormann'],
  ]);
  const told = tellable(flow, 'tidsbanken', payload, groups);
  expect([...told]).toEqual([
    ['Personnummer', 'mac:x'],
    ['Tittel', 'Rormann'],
  ]);
  expect(payloadDigest(told)).not.toBe(payloadDigest(payload));
  expect(tellable(flow, 'tidsbanken', payload, groups.slice(1))).toBe(payload);
});

it.each([
  ['01889012345 is taken', '•••••• is taken'],
  ['018890 12345, 01.88.90-123.45', '••••••, ••••••'],
  ['Fodt 1990-08-01 and 1990.08.01', 'Fodt •••••• and ••••••'],
  ['Lonnskonto 12', 'Lonnskonto 12'],
  ['HTTP 400 (Etternavn)', 'HTTP 400 (Etternavn)'],
])('I19 what a system says is told without what it was sent: %s', (detail, told) => {
  const sent = {
    payload: new Map([['Personnummer', '01889012345']]),
    // Switched off, and carried all the same by a full-object write (A4).
    whole: { Id: 7, Fodt: '1990-08-01', Lonnskonto: '12', Etternavn: 'Prøve' },
  };
  expect(withoutSecrets({ kind: 'refused', status: 400, detail }, flow, 'tidsbanken', sent)).toEqual({
    kind: 'refused',
    status: 400,
    detail: told,
  });
  expect(withoutSecrets({ kind: 'acked', nativeId: '7' }, flow, 'tidsbanken', sent)).toEqual({
    kind: 'acked',
    nativeId: '7',
  });
});
