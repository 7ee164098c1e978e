import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS } from '../../../shared/domain.ts';
import type { Approval, Bucket, ChangeState, Kind, Pair, Problem, RunMode, Side } from '../../../shared/domain.ts';
import type { Connector } from '../../connectors/connector.ts';
import { presetDescriptor } from '../../connectors/create-connector.ts';
// oxlint-disable-next-line no-restricted-imports -- the fakes can do what the presets say, and nothing else
import { capabilitiesOf } from '../../connectors/descriptor/descriptor.ts';
import type { PresetName } from '../../connectors/create-connector.ts';
import { compileFlow } from '../../mapping/compile.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { CONCEAL_KEY_BYTES, concealerOf } from '../../mapping/conceal.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import { openStore } from '../../store/store.ts';
import type { RecordRef } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { DEFAULT_SETTINGS } from '../context.ts';
import type { ProgressNote, SyncContext, SyncSettings } from '../context.ts';
import { runApply, runOnly, runSync, runWork } from '../run-sync.ts';
import type { RunOutcome } from '../run-sync.ts';
import { FakeSystem } from './fake-system.ts';
import type { FakeKind } from './fake-system.ts';
import { VirtualClock } from './virtual-clock.ts';
import { openMismatches } from '../../store/open-items.fixture.ts';

export interface FakesOptions {
  /** Changes the mapping before it is compiled, such as to allow creation in Customerp. */
  readonly mapping?: (flow: FlowMapping) => FlowMapping;
  readonly settings?: Partial<SyncSettings>;
  /** A store in a file, which `reopen` can open again as after a crash. Default: in memory. */
  readonly inFile?: boolean;
}

export interface RunOnFakes {
  readonly mode?: RunMode;
  readonly approve?: Approval | null;
  readonly full?: boolean;
  readonly kinds?: readonly Kind[];
  readonly wait?: boolean;
  readonly only?: RecordRef | undefined;
  readonly stop?: AbortController;
  readonly progress?: (note: ProgressNote) => void;
  /** Stands between the engine and what it works with, such as to crash. */
  readonly through?: (ctx: SyncContext) => SyncContext;
}

export interface RanOnFakes extends RunOutcome {
  readonly runId: number;
  readonly problems: readonly Problem[];
  readonly problemKinds: readonly string[];
  /** Records read in this run, both sides, and the bucket that each ended in (I5). */
  readonly read: number;
  readonly buckets: Readonly<Record<Bucket, number>>;
}

/** `--approve all` of a person. */
export const APPROVE_ALL = { mode: 'manual', approve: 'all' } as const;
/** The *Sync* button. */
export const SAFE = { mode: 'auto', approve: 'safe' } as const;
export const PREVIEW = { mode: 'preview', approve: 'none' } as const;

/** Two fake systems, a real store and the engine between them. */
export class Fakes {
  readonly clock = new VirtualClock();
  readonly customerp = fakeOf('customerp', 'customerp-rest', this.clock);
  readonly tidsbanken = fakeOf('tidsbanken', 'tidsbanken', this.clock);
  readonly folder: string | null;
  #flows: ReadonlyMap<Kind, CompiledFlow>;
  readonly #settings: SyncSettings;
  #store: Store;

  constructor(options: FakesOptions = {}) {
    this.folder = options.inFile === true ? mkdtempSync(join(tmpdir(), 'tidsbro-fakes-')) : null;
    // One write after the other, so that a test can tell which of them an answer is for.
    this.#settings = { ...DEFAULT_SETTINGS, writesAtOnce: { customerp: 1, tidsbanken: 1 }, ...options.settings };
    this.#flows = this.#compile(options.mapping ?? asItIs);
    this.#store = this.#open();
  }

  get store(): Store {
    return this.#store;
  }

  get flows(): ReadonlyMap<Kind, CompiledFlow> {
    return this.#flows;
  }

  get settings(): SyncSettings {
    return this.#settings;
  }

  get path(): string {
    return this.folder === null ? ':memory:' : join(this.folder, 'store.db');
  }

  /** As a new process finds things after the last one is gone. */
  reopen(): void {
    this.#store.close();
    this.#store = this.#open();
  }

  /** Something is done to the store's file while nobody has it open. */
  async whileClosed<T>(act: () => Promise<T>): Promise<T> {
    this.#store.close();
    try {
      return await act();
    } finally {
      this.#store = this.#open();
    }
  }

  /** Runs from here on go by another mapping (S5). */
  remap(mapping: (flow: FlowMapping) => FlowMapping): void {
    this.#flows = this.#compile(mapping);
  }

  /** What `act` does to a copy of the store leaves the store itself as it was. */
  async onCopy<T>(act: (store: Store) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'tidsbro-copy-'));
    const copied = await this.#store.backUp(join(folder, 'store.db'));
    if (!copied.ok) throw new Error(copied.failure.what);
    const opened = openStore(copied.value.path, () => this.clock.now());
    if (!opened.ok) throw new Error(opened.failure.what);
    try {
      return await act(opened.value);
    } finally {
      opened.value.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The whole store as a file would hold it, for whoever looks for what must not be in it (I19). */
  async bytesOfStore(): Promise<Buffer> {
    const folder = mkdtempSync(join(tmpdir(), 'tidsbro-bytes-'));
    try {
      const copied = await this.#store.backUp(join(folder, 'copy.db'));
      if (!copied.ok) throw new Error(copied.failure.what);
      return readFileSync(copied.value.path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#store.close();
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }

  of(side: Side): FakeSystem {
    return side === 'customerp' ? this.customerp : this.tidsbanken;
  }

  /** One run: by default everything is read and what changed is approved as by `--approve all`. */
  run(request: RunOnFakes = {}): Promise<RanOnFakes> {
    return this.runOn(this.#store, request);
  }

  /** The same on another store, such as a copy (`onCopy`). */
  runOn(store: Store, request: RunOnFakes = {}): Promise<RanOnFakes> {
    return this.#carryOut(request, runSync, store);
  }

  applyOn(store: Store, request: RunOnFakes = {}): Promise<RanOnFakes> {
    return this.#carryOut({ approve: null, ...request }, runApply, store);
  }

  /** Applies what was approved before. */
  apply(request: RunOnFakes = {}): Promise<RanOnFakes> {
    return this.applyOn(this.#store, request);
  }

  /** A run narrowed to one record; by default as the window asks for it. */
  runOnly(only: RecordRef, request: RunOnFakes = SAFE): Promise<RanOnFakes> {
    return this.#carryOut({ ...request, only, kinds: [only.kind] }, (ctx) => runOnly(ctx, only), this.#store);
  }

  /** A run that does this and nothing else, such as a checklist (7.6). */
  work(what: (ctx: SyncContext) => Promise<unknown>, request: RunOnFakes = {}): Promise<RanOnFakes> {
    const engine = (ctx: SyncContext): Promise<RunOutcome> => runWork(ctx, async () => void (await what(ctx)));
    return this.#carryOut({ approve: null, ...request }, engine, this.#store);
  }

  /** Links two records by hand; their base is none (M7). */
  async link(kind: Kind, customerpId: string, tidsbankenId: string): Promise<StoredLink> {
    const [id] = await this.#store.links.make([{ kind, customerpId, tidsbankenId, origin: 'hand', keys: {} }], () => ({
      event: 'linkMade',
    }));
    const link = await this.#store.links.get(id ?? 0);
    if (link === null) throw new Error('The link was not made.');
    return link;
  }

  /** Every change that was ever planned, oldest first. */
  async changes(kind?: Kind): Promise<StoredChange[]> {
    const found: StoredChange[] = [];
    for (let id = 1; ; id++) {
      const change = await this.#store.changes.get(id);
      if (change === null) return kind === undefined ? found : found.filter((c) => c.kind === kind);
      found.push(change);
    }
  }

  async states(kind?: Kind): Promise<ChangeState[]> {
    return (await this.changes(kind)).map((change) => change.state);
  }

  async mismatches(): Promise<StoredMismatch[]> {
    return (await Promise.all(KINDS.map((kind) => openMismatches(this.#store, kind)))).flat();
  }

  async mismatchKinds(): Promise<string[]> {
    return (await this.mismatches()).map((m) => m.mismatch);
  }

  /** Events of the journal, oldest first; of one change, when its id is given. */
  async events(changeId?: number): Promise<string[]> {
    const item = changeId === undefined ? {} : { item: `change:${String(changeId)}` };
    const { rows } = await this.#store.journal.list(item, 0, 100_000);
    return rows.map((row) => row.event).toReversed();
  }

  async #carryOut(
    request: RunOnFakes,
    engine: (ctx: SyncContext) => Promise<RunOutcome>,
    store: Store,
  ): Promise<RanOnFakes> {
    const { mode = 'manual', approve = 'all', full = false, kinds = KINDS, wait = false, only } = request;
    const runId = await store.runs.begin(mode, approve, full, only);
    const problems: Problem[] = [];
    const ctx: SyncContext = {
      runId,
      request: { mode, approve, full, kinds, person: 'tester', wait, only },
      store,
      connectors: { customerp: this.customerp, tidsbanken: this.tidsbanken } satisfies Pair<Connector>,
      flows: this.#flows,
      versions: { policy: '1', tenant: '1' },
      settings: this.#settings,
      clock: this.clock,
      readWhole: new Map(),
      lookedThrough: new Map(),
      stop: (request.stop ?? new AbortController()).signal,
      abort: new AbortController().signal,
      progress: request.progress ?? (() => undefined),
      report: (problem) => problems.push(problem),
    };
    const outcome = await engine(request.through?.(ctx) ?? ctx);
    await store.runs.end(runId, { state: outcome.state, counts: {}, requests: NO_REQUESTS, work: [], problems });
    const counted = await store.collections.countBuckets(outcome.collected.map((c) => c.collectionId));
    return {
      ...outcome,
      runId,
      problems,
      problemKinds: problems.map((p) => p.kind),
      read: outcome.collected.reduce((n, c) => n + c.read, 0),
      buckets: {
        inStep: sum(counted, 'inStep'),
        proposed: sum(counted, 'proposed'),
        mismatch: sum(counted, 'mismatch'),
        skipped: sum(counted, 'skipped'),
        failed: sum(counted, 'failed'),
      },
    };
  }

  #open(): Store {
    const opened = openStore(this.path, () => this.clock.now(), 'inCommit');
    if (!opened.ok) throw new Error(opened.failure.what);
    return opened.value;
  }

  #compile(change: (flow: FlowMapping) => FlowMapping): ReadonlyMap<Kind, CompiledFlow> {
    const known = COMPILED.get(change);
    if (known !== undefined) return known;
    const flows = new Map(
      defaultMapping().map((mapping) => {
        const fields = {
          customerp: this.customerp.fields(mapping.kind),
          tidsbanken: this.tidsbanken.fields(mapping.kind),
        };
        const compiled = compileFlow(change(mapping), fields, concealerOf(CONCEAL_KEY));
        if (!compiled.ok) throw new Error(compiled.failure.map((problem) => problem.what).join(' '));
        return [mapping.kind, compiled.value] as const;
      }),
    );
    COMPILED.set(change, flows);
    return flows;
  }
}

const CONCEAL_KEY = new Uint8Array(CONCEAL_KEY_BYTES).fill(7);
/** Made once: a deep run makes tens of thousands of fakes. */
const COMPILED = new WeakMap<(flow: FlowMapping) => FlowMapping, ReadonlyMap<Kind, CompiledFlow>>();
const DESCRIPTORS = new Map<PresetName, ReturnType<typeof presetDescriptor>>();
const asItIs = (flow: FlowMapping): FlowMapping => flow;
const NO_REQUESTS = { customerp: 0, tidsbanken: 0 };

const sum = (rows: readonly { readonly bucket: Bucket; readonly count: number }[], bucket: Bucket): number =>
  rows.filter((row) => row.bucket === bucket).reduce((n, row) => n + row.count, 0);

/** A fake with the fields and capabilities of a preset. */
function fakeOf(side: Side, preset: PresetName, clock: VirtualClock): FakeSystem {
  const descriptor = DESCRIPTORS.get(preset) ?? presetDescriptor(preset);
  DESCRIPTORS.set(preset, descriptor);
  const { kinds, limits } = descriptor;
  const shapes = new Map<Kind, FakeKind>();
  for (const kind of KINDS) {
    const shape = kinds[kind];
    if (shape === undefined) continue;
    const { id, modified, fields } = shape;
    shapes.set(kind, {
      id,
      modifiedField: modified?.field ?? null,
      capabilities: capabilitiesOf(shape, limits),
      fields,
    });
  }
  return new FakeSystem(side, shapes, clock);
}
