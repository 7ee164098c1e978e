import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { Connector } from '../../connectors/connector.ts';
import { createConnector } from '../../connectors/create-connector.ts';
import { impatientDeps } from '../../connectors/http/deps.fixture.ts';
import type { HttpDeps } from '../../connectors/http/exchange.ts';
import type { WireFault } from '../../connectors/http/fault-matrix/fault.suite.ts';
import type { Place } from '../../connectors/http/fault-matrix/address-faults.suite.ts';
import { MOST_BYTES } from '../../connectors/http/fault-matrix/body-faults.suite.ts';
import type { Clock } from '../../sync/context.ts';
import type { AppService } from '../app-service.ts';
import { createService } from '../service.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import type { Row } from '../testing/app-on-sandbox.suite.ts';
import { openWorkspace } from '../workspace/workspace.ts';
import type { Cell } from './cells.suite.ts';
import { startFaultyProxy } from './faulty-proxy.suite.ts';
import type { FaultyProxy, Passing, Strike } from './faulty-proxy.suite.ts';

/** A record of a cell, as both systems know it. */
export interface CellRecord {
  readonly cell: Cell;
  readonly sourceId: string;
  /** Null: it is to be created. */
  readonly targetId: string | null;
}

const KIND = { customerp: 'customers', tidsbanken: 'Kunde' } as const;
export const EMAIL = { customerp: 'email', tidsbanken: 'Epost' } as const;
export const WEBSITE = { customerp: 'website', tidsbanken: 'Url' } as const;
const SECRETS = {
  bearer: 'demo-customerp-key',
  'tb-key': 'demo-tb-key',
  'Ocp-Apim-Subscription-Key': 'demo-subscription-key',
};
/** Some of the sandbox's pairs are for a person to link. */
const SPARE = 1.3;
const FLOWS = ['customer-kunde'] as const;
export const siteOf = (cell: Cell): string => `https://${cell.token.replace('@', '.')}`;

/** Longer ones would let the approvals of all other cells lapse (V2). */
const LONGEST_WAIT_MS = 60_000;

/** Waits take no time and count all the same. */
function quickClock(): Clock {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    monotonic: () => performance.now() + skipped,
    sleep: async (ms, signal) => {
      if (!signal.aborted) skipped += Math.min(ms, LONGEST_WAIT_MS);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** The app and both systems, with a proxy before the target that strikes one record after another. */
export class FaultMatrix {
  readonly target: Side;
  readonly records: CellRecord[] = [];
  world!: AppOnSandbox;
  /** Strikes every list of the target while it is set. */
  listFault: WireFault | null = null;
  #proxy: FaultyProxy | undefined;
  #armed = false;
  readonly #places: Place[] = [];
  readonly #byToken = new Map<string, Cell>();
  readonly #byTargetId = new Map<string, Cell>();
  readonly #badConnectors = new Map<string, Connector>();
  readonly #clock = quickClock();

  private constructor(target: Side) {
    this.target = target;
  }

  /** Both systems in step, and then as many edits and new records in the source as there are cells. */
  static async prepare(target: Side, cells: readonly Cell[]): Promise<FaultMatrix> {
    const matrix = new FaultMatrix(target);
    const pairs = cells.filter((cell) => cell.op !== 'create').length;
    matrix.world = await AppOnSandbox.start(
      {
        customers: Math.ceil(pairs * SPARE),
        employees: 1,
        projects: 1,
        overlap: 1,
        differ: 0,
        dirt: 0,
        seed: 9,
        // A second create makes a second record: nothing in Customerp stands in its way.
        switches: { 'customerp.uniqueNumbers': false },
      },
      { via: (sandbox) => matrix.#via(sandbox), open: (dir) => matrix.#open(dir) },
    );
    await matrix.#createInTarget();
    await matrix.sync();
    await matrix.#edit(cells);
    return matrix;
  }

  readonly sync = () => this.world.sync('all', { flows: [...FLOWS], wait: true });
  readonly apply = () => this.world.run({ do: 'apply', approve: 'none', flows: [...FLOWS] });

  arm(): void {
    this.#armed = true;
  }
  async heal(): Promise<void> {
    this.#armed = false;
    await this.world.reopen();
  }

  /** W2: what a system said yes to and never did waits for a person; here one says that it is to be tried again. */
  async decideNotPersisted(): Promise<number> {
    const { rows } = await this.world.app.mismatches({ kind: 'notPersisted' }, { offset: 0, limit: 1_000 });
    for (const { id, takes } of rows) {
      const take = takes.includes('create') ? 'create' : otherSide(this.target);
      const { refused } = await this.world.app.decideMismatches([id], { take });
      if (refused.length > 0) throw new Error(refused[0]?.why);
    }
    return rows.length;
  }

  async stop(): Promise<void> {
    await this.world.stop();
    await this.#proxy?.close();
    for (const connector of this.#badConnectors.values()) await connector.close();
    for (const place of this.#places) place.close();
  }

  read = (side: Side): Promise<Row[]> => this.world.records(side, KIND[side]);

  async #via(sandbox: AppOnSandbox['sandbox']): Promise<{ customerp: string; tidsbanken: string }> {
    this.#proxy = await startFaultyProxy(sandbox[this.target].url, (request) => this.#aim(request));
    const urls = { customerp: sandbox.customerp.url, tidsbanken: sandbox.tidsbanken.url };
    return { ...urls, [this.target]: this.#proxy.url };
  }

  async #open(dir: string): Promise<AppService> {
    const opened = await openWorkspace({ workspaceDir: dir, env: {}, person: 'kari' }, this.#clock);
    if (!opened.ok) throw new Error(opened.failure.what);
    const { config, connectors, settings } = opened.value;
    await connectors[this.target].close();
    const connector = this.#routed(this.#connect(config.systems[this.target].url));
    return createService({
      ...opened.value,
      connectors: { ...connectors, [this.target]: connector },
      // S8 would end each run after five cells; it has tests of its own.
      settings: { ...settings, breakerFailures: Number.MAX_SAFE_INTEGER },
    });
  }

  /** Impatient while faults strike, so that a stall costs little; each look and each write over real sockets. */
  #connect(baseUrl: string): Connector {
    const requestMs = this.#armed ? 250 : 10_000;
    const deps: HttpDeps = { ...impatientDeps(), now: () => this.#clock.now() };
    const made = createConnector({
      side: this.target,
      use: { preset: this.target === 'tidsbanken' ? 'tidsbanken' : 'customerp-rest' },
      baseUrl,
      secrets: SECRETS,
      limits: { connectMs: requestMs, requestMs, settleMs: 2 * requestMs, maxBytes: MOST_BYTES, pageSize: 100 },
      deps,
    });
    if (!made.ok) throw new Error(made.failure.what);
    return made.value;
  }

  /** A write that is to meet a bad address goes there, by the same connector as any other. */
  #routed(sound: Connector): Connector {
    const pick = (values: ReadonlyMap<string, unknown>): Connector => {
      const cell = this.#byToken.get(tokenIn(JSON.stringify([...values])) ?? '');
      if (cell === undefined || !('address' in cell.struckBy) || !this.#strikes(cell)) return sound;
      return this.#badConnectors.get(cell.struckBy.address.name) ?? sound;
    };
    return {
      side: sound.side,
      kinds: sound.kinds,
      capabilities: (kind) => sound.capabilities(kind),
      fields: (kind) => sound.fields(kind),
      probe: (signal) => sound.probe(signal),
      collect: (request) => sound.collect(request),
      read: (request) => sound.read(request),
      find: (request) => sound.find(request),
      create: (request) => pick(request.values).create(request),
      update: (request) => pick(request.values).update(request),
      requestCount: () => sound.requestCount(),
      traffic: () => sound.traffic(),
      admit: (signal, write) => sound.admit(signal, write),
      close: () => sound.close(),
    };
  }

  #aim({ method, address, body }: Passing): Strike | null {
    if (this.listFault !== null && method === 'GET' && idIn(address) === null)
      return { fault: this.listFault, after: true };
    const token = method === 'GET' ? null : tokenIn(body);
    const cell = method === 'GET' ? this.#byTargetId.get(idIn(address) ?? '') : this.#byToken.get(token ?? '');
    if (cell === undefined || !('wire' in cell.struckBy)) return null;
    if ((cell.op === 'read') !== (method === 'GET') || !this.#strikes(cell)) return null;
    return { fault: cell.struckBy.wire, after: cell.struckBy.after };
  }

  #strikes(cell: Cell): boolean {
    if (!this.#armed || cell.left === 0) return false;
    cell.left -= 1;
    return true;
  }

  async #createInTarget(): Promise<void> {
    const file = join(this.world.dir, 'workspace.yaml');
    const text = await readFile(file, 'utf8');
    const [on, off] = this.target === 'tidsbanken' ? ['inTidsbanken', 'inCustomerp'] : ['inCustomerp', 'inTidsbanken'];
    await writeFile(file, text.replaceAll(/create: \{.*\}/g, `create: { ${on}: every, ${off}: never }`));
    await this.world.reopen();
  }

  async #edit(cells: readonly Cell[]): Promise<void> {
    const source = otherSide(this.target);
    const linked = await this.#pairs();
    for (const cell of cells) {
      this.#byToken.set(cell.token, cell);
      if ('address' in cell.struckBy) await this.#openPlace(cell.struckBy.address);
      const pair = cell.op === 'create' ? undefined : linked.pop();
      if (cell.op !== 'create' && pair === undefined) throw new Error('too few pairs');
      const [sourceId, targetId] = pair ?? [await this.#addSource(source, cell), null];
      if (targetId !== null) {
        await this.world.edit(source, KIND[source], sourceId, { [EMAIL[source]]: cell.token });
        // The other side was edited as well, elsewhere in the record: it must not be written over.
        await this.world.edit(this.target, KIND[this.target], targetId, { [WEBSITE[this.target]]: siteOf(cell) });
        this.#byTargetId.set(targetId, cell);
      }
      this.records.push({ cell, sourceId, targetId });
    }
  }

  async #pairs(): Promise<[sourceId: string, targetId: string][]> {
    const { rows } = await this.world.app.records(
      { flow: 'customer-kunde', side: otherSide(this.target), linked: true },
      { offset: 0, limit: 5_000 },
    );
    return rows.map((row) => [row.nativeId, row.partnerId ?? '']);
  }

  async #addSource(source: Side, cell: Cell): Promise<string> {
    const number = `9${cell.token.slice(1, 5)}`;
    const made = (await this.world.door(source, `records/${KIND[source]}`, {
      method: 'POST',
      body:
        source === 'customerp'
          ? { number, name: `Celle ${number} AS`, email: cell.token, active: true }
          : { Id: number, Navn: `Celle ${number} AS`, Epost: cell.token },
    })) as Row;
    return String(made[source === 'customerp' ? 'id' : 'Id']);
  }

  async #openPlace(address: { name: string; open: () => Promise<Place> }): Promise<void> {
    if (this.#badConnectors.has(address.name)) return;
    const place = await address.open();
    this.#places.push(place);
    this.#armed = true;
    this.#badConnectors.set(address.name, this.#connect(place.url));
    this.#armed = false;
  }
}

const tokenIn = (text: string): string | null => /c\d{4}@matrix\.example/.exec(text)?.[0] ?? null;
/** The record that a look at one record is about, in either system's way of asking. */
const idIn = (address: string): string | null =>
  (/\/customers\/([^/?]+)/.exec(address) ?? /[?&]\$filter=Id eq '([^']+)'/.exec(address.replaceAll('+', ' ')))?.[1] ??
  null;
