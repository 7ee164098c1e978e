import { afterEach, expect, it } from 'vitest';
import type { Capabilities, ReadRequest } from '../connectors/connector.ts';
import type { FlowMapping } from '../mapping/mapping.ts';
import { customer, customersInStep, kunde } from './testing/records.ts';
import { Fakes, PREVIEW } from './testing/run-on-fakes.ts';

/** 2.4: what the engine does with each capability that a system claims, and without it. */

interface Row {
  readonly rules: string;
  readonly can: Partial<Capabilities>;
  /** What is seen of the engine in one small story. */
  readonly story: () => Promise<unknown>;
  readonly is: unknown;
}

const every = { rule: 'every', automatic: false } as const;
const bothWays = (flow: FlowMapping): FlowMapping => ({ ...flow, create: { customerp: every, tidsbanken: every } });
const KIND = { kinds: ['customer'] } as const;

let fakes: Fakes;
afterEach(() => fakes.close());

/** How Kunde was read in Tidsbanken while `act` went on. */
async function readsDuring(act: () => Promise<unknown>): Promise<ReadRequest[]> {
  const reads: ReadRequest[] = [];
  const read = fakes.tidsbanken.read.bind(fakes.tidsbanken);
  fakes.tidsbanken.read = (request) => {
    reads.push(request);
    return read(request);
  };
  await act();
  return reads;
}

/** An edit in Customerp is carried over to Kunde 10001. */
async function update(): Promise<void> {
  const [id = ''] = await customersInStep(fakes, 1);
  fakes.customerp.edit('customer', id, { phone: '90000041' });
  await fakes.run(KIND);
}

/** A2 reads either everything or what is mapped (A4). */
const wholeObject = async () => (await readsDuring(update)).some((read) => read.fields === 'all');

/** Somebody edits the record between A2 and the request. */
async function raced(): Promise<unknown> {
  const send = fakes.tidsbanken.update.bind(fakes.tidsbanken);
  fakes.tidsbanken.update = (request) => {
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '90000077' });
    return send(request);
  };
  await update();
  return fakes.tidsbanken.raw('customer', '10001')['Telefon'];
}

async function pointReads(): Promise<boolean> {
  const reads = await readsDuring(update);
  expect(fakes.tidsbanken.raw('customer', '10001')['Telefon']).toBe('+4790000041');
  return reads.length > 0;
}

async function filters(): Promise<boolean> {
  let finds = 0;
  const find = fakes.tidsbanken.find.bind(fakes.tidsbanken);
  fakes.tidsbanken.find = (request) => {
    finds += 1;
    return find(request);
  };
  fakes.customerp.put('customer', customer('10001', { organizationNumber: '923609016' }));
  await fakes.run(KIND);
  expect(fakes.tidsbanken.all('customer')).toHaveLength(1);
  return finds > 0;
}

async function passes(): Promise<number> {
  fakes.tidsbanken.put('customer', kunde('10001'));
  const before = fakes.tidsbanken.requestCount();
  await fakes.run({ ...PREVIEW, ...KIND });
  return fakes.tidsbanken.requestCount() - before - 1; // the probe
}

async function secondReading(): Promise<unknown> {
  await customersInStep(fakes, 1);
  const { collected } = await fakes.run({ ...PREVIEW, ...KIND });
  return collected.find((c) => c.side === 'tidsbanken')?.mode;
}

async function waysOutOfGone(): Promise<boolean> {
  const [id = ''] = await customersInStep(fakes, 1);
  fakes.customerp.put('customer', customer('10002'));
  await fakes.run(KIND);
  fakes.customerp.remove('customer', id);
  for (let look = 0; look < 2; look++) {
    await fakes.run({ ...PREVIEW, ...KIND, full: true });
    fakes.clock.advance(11 * 60_000);
  }
  const [gone] = await fakes.mismatches();
  expect(gone?.mismatch).toBe('goneInCustomerp');
  return gone?.takes.includes('archive') === true;
}

async function proposals(): Promise<unknown> {
  fakes.customerp.put('customer', customer('10001'));
  await fakes.run({ ...PREVIEW, ...KIND });
  return [await fakes.states(), await fakes.mismatchKinds()];
}

async function numberSent(): Promise<unknown> {
  fakes.customerp.put('customer', customer('10001'));
  await fakes.run(KIND);
  return (await fakes.store.changes.intent(1))?.chosenId;
}

async function readBackOtherwise(): Promise<unknown> {
  fakes.customerp.put('customer', customer('10001'));
  fakes.tidsbanken.answer({ answer: 'acked', keeps: (raw) => ({ ...raw, Navn: 'En annen AS' }) });
  await fakes.run(KIND);
  return fakes.mismatchKinds();
}

async function markerSent(): Promise<boolean> {
  fakes.customerp.put('customer', customer('10001'));
  await fakes.run(KIND);
  return fakes.tidsbanken.received[0]?.values.has('Url') === true;
}

async function systemNumber(): Promise<unknown> {
  fakes.customerp.put('customer', customer('10001'));
  await fakes.run(KIND);
  return [fakes.tidsbanken.received.length, await fakes.mismatchKinds()];
}

async function lookedAfter(): Promise<unknown> {
  fakes.customerp.put('customer', customer('10001'));
  fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
  await fakes.run(KIND);
  fakes.clock.advance(10_000);
  await fakes.run(KIND);
  return fakes.states();
}

const uncounted = { count: false, paging: 'link', stableOrder: true } as const;

it.each<Row>([
  { rules: 'A4', can: { partialUpdate: true }, story: wholeObject, is: false },
  { rules: 'A4', can: { partialUpdate: false, putMerges: true }, story: wholeObject, is: false },
  { rules: 'A4', can: { partialUpdate: false, putMerges: false }, story: wholeObject, is: true },
  { rules: 'A4', can: { partialUpdate: false, putMerges: 'unknown' }, story: wholeObject, is: true },
  { rules: 'A6, I2', can: { conditionalWrite: true }, story: raced, is: '90000077' },
  { rules: 'A6, I2', can: { conditionalWrite: false }, story: raced, is: '+4790000041' },
  { rules: 'A2, A8', can: { pointRead: true }, story: pointReads, is: true },
  { rules: 'A2, A8', can: { pointRead: false }, story: pointReads, is: false },
  { rules: 'K2', can: { filterByKey: true }, story: filters, is: true },
  { rules: 'K2', can: { filterByKey: false }, story: filters, is: false },
  { rules: 'C3', can: uncounted, story: passes, is: 1 },
  { rules: 'C3', can: { ...uncounted, paging: 'skip' }, story: passes, is: 2 },
  { rules: 'C3', can: { ...uncounted, paging: 'skip', count: true }, story: passes, is: 1 },
  { rules: 'C3', can: { ...uncounted, stableOrder: false }, story: passes, is: 2 },
  { rules: 'C1', can: { delta: true }, story: secondReading, is: 'delta' },
  { rules: 'C1', can: { delta: false }, story: secondReading, is: 'full' },
  { rules: '2.3, X1', can: { archive: true }, story: waysOutOfGone, is: true },
  { rules: '2.3, X1', can: { archive: false }, story: waysOutOfGone, is: false },
  { rules: 'M5', can: { create: true }, story: proposals, is: [['planned'], []] },
  { rules: 'M5', can: { create: false }, story: proposals, is: [[], ['onlyInCustomerp']] },
  { rules: 'K8', can: { clientChosenId: 'Id' }, story: numberSent, is: '10001' },
  { rules: 'K8', can: { clientChosenId: null }, story: numberSent, is: null },
  { rules: 'K9', can: { createOnExisting: 'upserts' }, story: readBackOtherwise, is: ['idCollision'] },
  { rules: 'K9', can: { createOnExisting: 'unknown' }, story: readBackOtherwise, is: ['idCollision'] },
  { rules: 'K9, W3', can: { createOnExisting: 'rejects' }, story: readBackOtherwise, is: ['transformed'] },
  { rules: 'K1', can: { markerField: 'Url' }, story: markerSent, is: true },
  { rules: 'K1', can: { markerField: null }, story: markerSent, is: false },
  { rules: 'C4, K8', can: { systemIds: ['10001'] }, story: systemNumber, is: [0, ['idCollision']] },
  { rules: 'C4, K8', can: { systemIds: [] }, story: systemNumber, is: [1, []] },
  { rules: '7.4', can: { requestTimeoutMs: 1_000, settleMs: 2_000 }, story: lookedAfter, is: ['noop'] },
  { rules: '7.4', can: { requestTimeoutMs: 60_000, settleMs: 120_000 }, story: lookedAfter, is: ['unknown'] },
])('2.4, $rules: $can is met with $is', async ({ can, story, is }) => {
  fakes = new Fakes({ mapping: bothWays });
  fakes.tidsbanken.can('customer', can);
  expect(await story()).toEqual(is);
});
