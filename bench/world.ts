import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Flow, Side } from '../src/shared/domain.ts';

export type TidsbankenKind = 'Kunde' | 'Ansatt' | 'Prosjekt';

/** One kind on both sides: where its raw records stand behind the doors, and a field that is free to be edited. */
export interface BenchKind {
  readonly share: number;
  readonly flow: Flow;
  readonly customerp: string;
  readonly tidsbanken: TidsbankenKind;
  readonly edit: { readonly customerp: string; readonly tidsbanken: string };
}

/** Customers : employees : projects = 4 : 1 : 5. */
export const BENCH_KINDS: readonly BenchKind[] = [
  {
    share: 0.4,
    flow: 'customer-kunde',
    customerp: 'customers',
    tidsbanken: 'Kunde',
    edit: { customerp: 'name', tidsbanken: 'Navn' },
  },
  {
    share: 0.1,
    flow: 'employee-ansatt',
    customerp: 'employees',
    tidsbanken: 'Ansatt',
    edit: { customerp: 'jobTitle', tidsbanken: 'Tittel' },
  },
  {
    share: 0.5,
    flow: 'project-prosjekt',
    customerp: 'projects',
    tidsbanken: 'Prosjekt',
    edit: { customerp: 'name', tidsbanken: 'Navn' },
  },
];

export type RawRecord = Readonly<Record<string, unknown>>;
export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

const DAY_MS = 86_400_000;
/** A million pairs are several gigabytes, and most of what is made at the start is kept. */
const ROOMY = ['--max-old-space-size=12000', '--max-semi-space-size=64'];
const EQUAL_SIDES = ['--overlap', '1', '--differ', '0', '--dirt', '0', '--alike'];
const SANDBOX = join(import.meta.dirname, '../src/sandbox/index.ts');

/** The two simulated systems in a process of their own, so that they share no processor time with what is measured. */
export class World {
  readonly urls: Readonly<Record<Side, string>>;
  readonly pairs: number;
  readonly #process: ChildProcess;
  #days = 0;

  private constructor(process: ChildProcess, urls: Readonly<Record<Side, string>>, pairs: number) {
    this.#process = process;
    this.urls = urls;
    this.pairs = pairs;
  }

  /** Both sides hold the same `pairs` records; with `empty` one of them holds nothing yet. */
  static async start(pairs: number, empty?: Side): Promise<World> {
    const counts = ['customers', 'employees', 'projects'].flatMap((kind, at) => [
      `--${kind}`,
      String(Math.round(pairs * (BENCH_KINDS[at]?.share ?? 0))),
    ]);
    const child = spawn(
      process.execPath,
      [
        ...ROOMY,
        SANDBOX,
        ...counts,
        ...EQUAL_SIDES,
        '--stdin-guard',
        ...(empty === undefined ? [] : ['--empty', empty]),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const urls = await firstLine(child);
    return new World(child, urls, pairs);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }

  async door(side: Side, path: string, method = 'GET', body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.urls[side]}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${side} ${method} ${path}: ${String(response.status)} ${text.slice(0, 200)}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  async switches(side: Side, values: Readonly<Record<string, number | boolean>>): Promise<void> {
    await this.door(side, 'switches', 'POST', values);
  }

  /** Both systems wait so long before each answer. */
  async latency(ms: number): Promise<void> {
    await Promise.all([this.switches('customerp', { latencyMs: ms }), this.switches('tidsbanken', { latencyMs: ms })]);
  }

  /** Some records of a kind, from a place in key order on. */
  async some(side: Side, kind: string, offset: number, limit: number): Promise<RawRecord[]> {
    return (await this.door(side, `records/${kind}?offset=${String(offset)}&limit=${String(limit)}`)) as RawRecord[];
  }

  /** The id of a record of Customerp by its number. */
  async idByNumber(kind: string, number: string): Promise<unknown> {
    const response = await fetch(
      `${this.urls.customerp}/api/v1/${kind}?number=${encodeURIComponent(number)}&fields=id`,
      {
        headers: AS_CUSTOMERP,
      },
    );
    const { items } = (await response.json()) as { items: RawRecord[] };
    return items[0]?.['id'];
  }

  /** A person makes a record in Customerp. */
  async create(kind: string, record: RawRecord): Promise<void> {
    const response = await fetch(`${this.urls.customerp}/api/v1/${kind}`, {
      method: 'POST',
      headers: { ...AS_CUSTOMERP, 'content-type': 'application/json' },
      body: JSON.stringify(record),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${kind} was not created: ${String(response.status)} ${text.slice(0, 200)}`);
  }

  async edit(side: Side, kind: string, id: unknown, patch: RawRecord): Promise<void> {
    await this.door(side, `records/${kind}/${encodeURIComponent(String(id))}`, 'PATCH', patch);
  }

  /** A person edits many records; some at a time, as this is not what is measured. */
  async editAll(edits: readonly { side: Side; kind: string; id: unknown; patch: RawRecord }[]): Promise<void> {
    for (let at = 0; at < edits.length; at += 32) {
      const some = edits.slice(at, at + 32);
      await Promise.all(some.map(({ side, kind, id, patch }) => this.edit(side, kind, id, patch)));
    }
  }

  /**
   * The systems' clocks go one day on and one record of each kind is saved as it is: what a delta then overlaps with
   * is these few, however many were written before.
   */
  async nextDay(): Promise<void> {
    this.#days += 1;
    const shiftMs = this.#days * DAY_MS;
    for (const side of ['customerp', 'tidsbanken'] as const) {
      await this.door(side, 'clock', 'POST', { shiftMs });
      const stamp = new Date(Date.now() + shiftMs).toISOString();
      await Promise.all(BENCH_KINDS.map((kind) => this.#touch(side, kind[side], stamp)));
    }
  }

  async #touch(side: Side, kind: string, stamp: string): Promise<void> {
    const [record] = await this.some(side, kind, 1, 1);
    if (record === undefined) return;
    await this.edit(side, kind, idOf(record), { [side === 'customerp' ? 'updatedAt' : 'SistEndretDato']: stamp });
  }

  async startLog(): Promise<void> {
    await Promise.all([this.door('customerp', 'requests', 'PUT'), this.door('tidsbanken', 'requests', 'PUT')]);
  }

  /** What was asked since `startLog`, which ends here. */
  async takeLog(): Promise<Record<Side, LoggedRequest[]>> {
    const [customerp, tidsbanken] = await Promise.all([
      this.door('customerp', 'requests'),
      this.door('tidsbanken', 'requests'),
    ]);
    await Promise.all([this.door('customerp', 'requests', 'DELETE'), this.door('tidsbanken', 'requests', 'DELETE')]);
    return { customerp: customerp as LoggedRequest[], tidsbanken: tidsbanken as LoggedRequest[] };
  }
}

const AS_CUSTOMERP = { authorization: 'Bearer demo-customerp-key' };

export const idOf = (record: RawRecord): unknown => record['id'] ?? record['Id'];

async function firstLine(child: ChildProcess): Promise<Record<Side, string>> {
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString()));
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${String(code)}.`)));
  });
  const parsed = JSON.parse(line) as Record<Side, { url: string }>;
  return { customerp: parsed.customerp.url, tidsbanken: parsed.tidsbanken.url };
}
