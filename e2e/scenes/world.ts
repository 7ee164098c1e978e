import { z } from 'zod';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import type { MismatchKind, Side } from '../../src/shared/domain.ts';

/** What people at the two systems do, so that there is something to see. */

const Records = z.object({
  rows: z.array(
    z.looseObject({ nativeId: z.string(), partnerId: z.string().nullable(), label: z.string(), bucket: z.string() }),
  ),
});

const New = z.object({ id: z.string() });

export interface Pair {
  readonly customerp: string;
  readonly tidsbanken: string;
  readonly label: string;
}

/** Linked customers that are in step, by the ids of both sides, in the order of their ids. */
export async function pairsOf(demo: Demo): Promise<readonly Pair[]> {
  const only = ['--flow', 'customer-kunde', '--side', 'customerp', '--limit', '500'];
  const { stdout } = await demo.tidsbro('records', ...only, '--json');
  return Records.parse(JSON.parse(stdout))
    .rows.flatMap(({ nativeId, partnerId, label, bucket }) =>
      partnerId === null || bucket !== 'inStep' ? [] : [{ customerp: nativeId, tidsbanken: partnerId, label }],
    )
    .toSorted((a, b) => a.customerp.localeCompare(b.customerp));
}

async function door(url: string, method: string, body?: object): Promise<unknown> {
  const reply = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!reply.ok) throw new Error(`${method} ${url}: ${String(reply.status)} ${await reply.text()}`);
  return reply.status === 204 ? null : reply.json();
}

const urlOf = (demo: Demo, side: Side, id: string): string =>
  `${demo.urls[side]}/_sandbox/records/${side === 'customerp' ? 'customers' : 'Kunde'}/${id}`;

/** What a person at one of the systems makes of a customer there. */
export const editCustomer = (demo: Demo, side: Side, id: string, patch: object): Promise<unknown> =>
  door(urlOf(demo, side, id), 'PATCH', patch);

const Mismatches = z.object({ rows: z.array(z.looseObject({ id: z.number(), label: z.string() })) });

export async function firstMismatch(demo: Demo, kind: MismatchKind): Promise<{ id: number; label: string }> {
  const { stdout } = await demo.tidsbro('mismatches', '--kind', kind, '--limit', '1', '--json');
  const [first] = Mismatches.parse(JSON.parse(stdout)).rows;
  if (first === undefined) throw new Error(`The demo has no mismatch of the kind ${kind}.`);
  return first;
}

const WithEmail = z.looseObject({ email: z.email() });

/** The first pair that is in step and has an e-mail address to empty. */
export async function pairWithEmail(demo: Demo): Promise<Pair> {
  for (const pair of await pairsOf(demo))
    if (WithEmail.safeParse(await door(urlOf(demo, 'customerp', pair.customerp), 'GET')).success) return pair;
  throw new Error('The demo has no pair in step with an e-mail address.');
}

/** Edits at both systems: some that a sync carries over, one of each sort that it asks about, and a plan that shows them. */
export async function makeMismatches(demo: Demo): Promise<void> {
  const customer = (id: string): string => urlOf(demo, 'customerp', id);
  const kunde = (id: string): string => urlOf(demo, 'tidsbanken', id);
  const pairs = await pairsOf(demo);
  const pair = (n: number): Pair => {
    const found = pairs[n];
    if (found === undefined) throw new Error('The demo has too few pairs that are in step.');
    return found;
  };
  for (const n of [0, 1, 2, 3]) await door(customer(pair(n).customerp), 'PATCH', { phone: `22 33 44 5${String(n)}` });
  await door(kunde(pair(4).tidsbanken), 'PATCH', { Epost: 'faktura@eksempel.example' });
  await demo.tidsbro('sync');
  await door(customer(pair(0).customerp), 'PATCH', { phone: '23 45 67 89' });
  await door(customer(pair(5).customerp), 'PATCH', { email: 'post@eksempel.example' });
  await door(kunde(pair(6).tidsbanken), 'PATCH', { Telefon: '55 66 77 88' });

  await door(customer(pair(7).customerp), 'PATCH', { email: 'fra-erp@eksempel.example' });
  await door(kunde(pair(7).tidsbanken), 'PATCH', { Epost: 'fra-tidsbanken@eksempel.example' });
  await door(customer(pair(8).customerp), 'PATCH', { phone: '' });
  await door(kunde(pair(8).tidsbanken), 'PATCH', { Telefon: '99 88 77 66' });
  await door(kunde(pair(9).tidsbanken), 'DELETE');
  await door(kunde(pair(10).tidsbanken), 'DELETE');
  await door(customer(pair(10).customerp), 'PATCH', { phone: '22 11 00 99' });
  await door(customer(pair(11).customerp), 'PATCH', { organizationNumber: '923609016' });
  for (const number of ['90001', '90002'])
    await door(`${demo.urls.customerp}/_sandbox/records/customers`, 'POST', {
      number,
      name: `Fjellvann ${number} AS`,
      organizationNumber: '974760673',
    });
  // Two that look alike, and no number says so: the one has none.
  const twin = { name: 'Bekkelia Regnskap AS', email: 'post@bekkelia.example' };
  const { id } = New.parse(await door(`${demo.urls.customerp}/_sandbox/records/customers`, 'POST', twin));
  await door(customer(id), 'PATCH', { number: '' });
  await door(`${demo.urls.tidsbanken}/_sandbox/records/Kunde`, 'POST', {
    Id: 'BEKKELIA',
    Navn: twin.name,
    Epost: twin.email,
  });
  // What is gone is seen by a full reading only.
  await demo.tidsbro('plan', '--full');
}
