import type { Json } from '../../../shared/json.ts';
import type { Fakes } from './run-on-fakes.ts';

/** Sample records. Numbers are chosen by the test; everything else has a harmless default that a test may replace. */

type Values = Readonly<Record<string, Json>>;

export const customer = (number: string, values: Values = {}): Values => ({
  number,
  name: `Fjordlys ${number} AS`,
  email: `post@fjordlys${number}.example`,
  ...values,
});

export const kunde = (id: string, values: Values = {}): Values => ({
  Id: id,
  Navn: `Fjordlys ${id} AS`,
  Epost: `post@fjordlys${id}.example`,
  ...values,
});

export const employee = (number: string, values: Values = {}): Values => ({
  number,
  firstName: 'Prøve',
  lastName: `Person ${number}`,
  active: true,
  terminated: false,
  ...values,
});

export const ansatt = (id: number, values: Values = {}): Values => ({
  Id: id,
  Fornavn: 'Prøve',
  Etternavn: `Person ${String(id)}`,
  Aktiv: true,
  Sluttet: false,
  ...values,
});

export const project = (number: string, values: Values = {}): Values => ({
  number,
  name: `Brygge ${number}`,
  started: true,
  closed: false,
  internal: false,
  ...values,
});

/** `count` customers that are on both sides, linked and in step. Returns their Customerp ids; in Tidsbanken they are 10001 and on. */
export async function customersInStep(fakes: Fakes, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => {
    const number = String(10_001 + index);
    fakes.tidsbanken.put('customer', kunde(number));
    return fakes.customerp.put('customer', customer(number));
  });
  await fakes.run();
  return ids;
}
