import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Side } from '../../../../shared/domain.ts';
import type { Json } from '../../../../shared/json.ts';
import type { Connector, RawRecord } from '../../connector.ts';
import { createConnector } from '../../create-connector.ts';
import { startAnsweringServer } from '../answering-server.ts';
import type { AnsweringServer } from '../answering-server.ts';
import { impatientDeps } from '../deps.fixture.ts';
import { MOST_RETRIES, MOST_RETRIES_UNREADABLE } from '../retry.ts';
import { ADDRESS_FAULTS, soundTls, trustTestAuthority } from './address-faults.suite.ts';
import type { Place } from './address-faults.suite.ts';
import { MOST_BYTES } from './body-faults.suite.ts';
import { WIRE_FAULTS } from './catalogue.suite.ts';
import { CANARY } from './fault.suite.ts';
import type { Expected, ReadOutcome, Truth, WireFault } from './fault.suite.ts';

const KEY = 'a-key-nobody-may-see';
const PRESET = { customerp: 'customerp-rest', tidsbanken: 'tidsbanken' } as const;
const SECRETS = { bearer: KEY, 'tb-key': KEY, 'Ocp-Apim-Subscription-Key': KEY };
const signal = new AbortController().signal;

/** The record that is asked for and written, as each system would tell it. */
const RECORD = {
  customerp: { id: '7', number: '1007', version: 3, name: `${CANARY} AS`, updatedAt: '2025-03-03T12:00:00Z' },
  tidsbanken: { Id: '7', Navn: `${CANARY} AS`, SistEndretDato: '2025-03-03T12:00:00+01:00' },
} as const;
const NAME = { customerp: 'name', tidsbanken: 'Navn' } as const;

/** Impatient where the fault is that nothing comes; elsewhere a busy machine must not look like one. */
const PATIENCE_MS = { timeout: 60, other: 5_000 };

function connect(side: Side, baseUrl: string, requestMs: number): Connector {
  const made = createConnector({
    side,
    use: { preset: PRESET[side] },
    baseUrl,
    secrets: SECRETS,
    limits: { connectMs: requestMs, requestMs, settleMs: 2 * requestMs, maxBytes: MOST_BYTES },
    // Nothing is waited for: what counts is how often is asked.
    deps: impatientDeps(Date.UTC(2025, 2, 3)),
  });
  if (!made.ok) throw new Error(made.failure.what);
  return made.value;
}

const current = (side: Side): RawRecord => ({ nativeId: '7', modifiedAt: 0, version: '"3"', raw: RECORD[side] });
const fields = ['name', 'Navn'];

async function read(connector: Connector): Promise<{ kind: ReadOutcome | 'notThere'; text: string }> {
  const result = await connector.read({ kind: 'customer', nativeId: '7', fields, signal });
  if (!result.ok) return { kind: result.failure.kind, text: JSON.stringify(result.failure) };
  return { kind: result.value?.nativeId === '7' ? 'ok' : 'notThere', text: '' };
}

async function write(connector: Connector, op: 'update' | 'create'): Promise<{ kind: string; text: string }> {
  const values = new Map<string, Json>([[NAME[connector.side], `${CANARY} AS`]]);
  if (op === 'create') values.set(connector.side === 'tidsbanken' ? 'Id' : 'number', '7');
  const result =
    op === 'create'
      ? await connector.create({ kind: 'customer', values, signal })
      : await connector.update({ kind: 'customer', nativeId: '7', values, current: current(connector.side), signal });
  return { kind: result.kind, text: JSON.stringify(result) };
}

/** How often a read is asked for before it is given up (J3). */
const ASKED: Record<ReadOutcome, number> = {
  ok: 1,
  unreachable: 1 + MOST_RETRIES,
  cut: 1 + MOST_RETRIES,
  timeout: 1 + MOST_RETRIES,
  serverError: 1 + MOST_RETRIES,
  slowDown: 1 + MOST_RETRIES,
  unreadable: 1 + MOST_RETRIES_UNREADABLE,
  signInNeeded: 1,
  refused: 1,
  cancelled: 1,
};
/** More than 15 minutes are not waited for; JSON of another shape is no accident of the wire. */
const ASKED_ONCE =
  /^(429 (for an age|until the next century)|an empty (array|object)|a bare .+|true|201 without an id)$/;

/** Where a record has an address of its own, 404 in the system's own language says that there is none (2.4). */
const readOutcome = (side: Side, { name, expected }: WireFault): ReadOutcome | 'notThere' =>
  side === 'customerp' && name === '404' ? 'notThere' : expected.read;

function truthOf(side: Side, request: string): Truth {
  const isCreate = request.startsWith('POST');
  const isList = side === 'tidsbanken' && request.startsWith('GET');
  const body = isList ? { value: [RECORD[side]] } : RECORD[side];
  return { status: isCreate ? 201 : 200, headers: { etag: '"3"' }, body: JSON.stringify(body) };
}

interface Struck {
  readonly system: AnsweringServer;
  readonly connector: Connector;
}
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const patienceFor = (expected: Expected): number =>
  expected.read === 'timeout' ? PATIENCE_MS.timeout : PATIENCE_MS.other;

async function struck(side: Side, { strike, expected }: WireFault): Promise<Struck> {
  const system = await startAnsweringServer((socket, request) => strike(socket, truthOf(side, request)));
  const connector = connect(side, system.url, patienceFor(expected));
  open.push(connector, system);
  return { system, connector };
}

let cells = 0;
afterAll(() => console.log(`HTTP faults, classified: ${String(cells)} cells`));

describe('section 8, J3: what each fault on the wire means', () => {
  describe.each(['customerp', 'tidsbanken'] as const)('%s', (side) => {
    const createColumn = side === 'customerp' ? 'create' : 'createWithChosenId';

    it.each(WIRE_FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (name, fault) => {
      const { expected } = fault;
      const asked = await struck(side, fault);
      const seen = await read(asked.connector);
      expect(seen.kind, 'read').toBe(readOutcome(side, fault));
      expect(asked.system.requests).toHaveLength(ASKED_ONCE.test(name) ? 1 : ASKED[expected.read]);
      const texts = [seen.text];
      for (const [op, kind] of [
        ['update', expected.update],
        ['create', expected[createColumn]],
      ] as const) {
        const told = await struck(side, fault);
        const result = await write(told.connector, op);
        expect({ op, kind: result.kind }).toEqual({ op, kind });
        expect(told.system.requests, `K4: the ${op} was sent once`).toHaveLength(1);
        texts.push(result.text);
      }
      // J2: neither what was sent nor what came back, nor the key, stands in a failure.
      expect(texts.join('')).not.toContain(CANARY);
      expect(texts.join('')).not.toContain(KEY);
      cells += 3;
    });
  });
});

describe('section 8: nothing was sent, or not to where it belongs', () => {
  beforeAll(trustTestAuthority);

  it.each(ADDRESS_FAULTS.map((fault) => [fault.name, fault] as const))(
    '%s',
    async (_name, { expected, open: start }) => {
      for (const side of ['customerp', 'tidsbanken'] as const) {
        const place = await start();
        const connector = connect(side, place.url, patienceFor(expected));
        open.push(place, connector);
        await expectOutcomes(connector, expected);
        expect(place.requests(), 'not a byte of a request was readable there').toBe(0);
      }
    },
  );

  it('over a sound certificate the same request arrives', async () => {
    const place: Place = await soundTls();
    const connector = connect('customerp', place.url, PATIENCE_MS.other);
    open.push(place, connector);
    expect((await write(connector, 'update')).kind).toBe('acked');
    expect(place.requests()).toBe(1);
  });
});

async function expectOutcomes(connector: Connector, expected: Expected): Promise<void> {
  expect((await read(connector)).kind).toBe(expected.read);
  expect((await write(connector, 'update')).kind).toBe(expected.update);
  const column = connector.side === 'customerp' ? 'create' : 'createWithChosenId';
  expect((await write(connector, 'create')).kind).toBe(expected[column]);
  cells += 3;
}
