import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../sandbox/index.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox/index.ts';
import type { RunView } from '../../../shared/contract/views.ts';
import type { Pair, Side } from '../../../shared/domain.ts';
import type { AppService } from '../app-service.ts';
import type { RunOptions } from '../requests.ts';
import { openApp } from '../open-app.ts';
import { initWorkspace } from '../workspace/workspace-file.ts';

export type Row = Record<string, unknown>;

/** One write that the sandbox saw, by the app (`api`) or by a person at the system (`outside`). */
export interface Written {
  readonly seq: number;
  readonly origin: 'api' | 'outside';
  readonly method: string;
  readonly kind: string | null;
  readonly id: string | number | null;
  readonly status: number;
  readonly before: Row | null;
  readonly after: Row | null;
}

/** Two small systems that hold the same, so that everything is in step after one sync. */
export const ALIKE: SandboxOptions = {
  customers: 6,
  employees: 4,
  projects: 4,
  overlap: 1,
  differ: 0,
  dirt: 0,
  alike: true,
  seed: 7,
};

/** What may be put between the app and the sandbox. */
export interface Between {
  /** The addresses that the app is given; the sandbox's own when left out. */
  readonly via?: (sandbox: Sandbox) => Promise<Pair<string>>;
  /** How the app is opened; as by a host when left out. */
  readonly open?: (dir: string) => Promise<AppService>;
}

/** The real app on a real sandbox, over real HTTP, with a real store in a folder of its own. */
export class AppOnSandbox {
  readonly dir: string;
  readonly sandbox: Sandbox;
  app: AppService;
  readonly #open: (dir: string) => Promise<AppService>;

  private constructor(dir: string, sandbox: Sandbox, app: AppService, open: (dir: string) => Promise<AppService>) {
    this.dir = dir;
    this.sandbox = sandbox;
    this.app = app;
    this.#open = open;
  }

  static async start(options: SandboxOptions, { via, open = opened }: Between = {}): Promise<AppOnSandbox> {
    const dir = await mkdtemp(join(tmpdir(), 'tidsbro-app-'));
    const sandbox = await startSandbox(options);
    const urls = (await via?.(sandbox)) ?? { customerp: sandbox.customerp.url, tidsbanken: sandbox.tidsbanken.url };
    await initWorkspace(dir, { preset: 'demo', customerpUrl: urls.customerp, tidsbankenUrl: urls.tidsbanken });
    return new AppOnSandbox(dir, sandbox, await open(dir), open);
  }

  /** As after quitting and starting the app again. */
  async reopen(): Promise<void> {
    await this.app.close();
    this.app = await this.#open(this.dir);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.sandbox.close().catch(() => undefined);
    await rm(this.dir, { recursive: true, force: true });
  }

  async run(options: RunOptions): Promise<RunView> {
    const started = await this.app.startRun(options);
    if (!started.ok) throw new Error(started.failure.what);
    return started.value.ended;
  }

  sync = (approve: RunOptions['approve'] = 'all', more: Partial<RunOptions> = {}): Promise<RunView> =>
    this.run({ do: 'sync', approve, ...more });

  async door(side: Side, path: string, init?: { method: string; body?: unknown }): Promise<unknown> {
    const response = await fetch(`${this.sandbox[side].url}/_sandbox/${path}`, {
      method: init?.method ?? 'GET',
      ...(init?.body === undefined
        ? {}
        : { body: JSON.stringify(init.body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${text.slice(0, 200)}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  async records(side: Side, kind: string): Promise<Row[]> {
    return (await this.door(side, `records/${kind}`)) as Row[];
  }

  async record(side: Side, kind: string, id: string): Promise<Row> {
    return (await this.door(side, `records/${kind}/${encodeURIComponent(id)}`)) as Row;
  }

  /** A person edits a record at the system itself. */
  async edit(side: Side, kind: string, id: string, patch: Row): Promise<void> {
    await this.door(side, `records/${kind}/${encodeURIComponent(id)}`, { method: 'PATCH', body: patch });
  }

  async faults(side: Side, rules: readonly unknown[]): Promise<void> {
    await this.door(side, 'faults', { method: 'PUT', body: rules });
  }

  /** `since`: those after that number; the first one has 1. */
  async history(side: Side, since = 0): Promise<Written[]> {
    return (await this.door(side, `history?since=${String(since)}`)) as Written[];
  }

  /** Writes of the app that the system carried out. */
  async writes(side: Side, since = 0): Promise<Written[]> {
    return (await this.history(side, since)).filter((w) => w.origin === 'api' && w.status >= 200 && w.status < 300);
  }

  /** Pairs in step, one after another: ids and names as linked. */
  async linkedCustomers(count: number): Promise<{ customerpId: string; tidsbankenId: string }[]> {
    const { rows } = await this.app.records(
      { flow: 'customer-kunde', side: 'customerp', linked: true },
      { offset: 0, limit: 500 },
    );
    return rows
      .filter((r) => r.bucket === 'inStep')
      .slice(0, count)
      .map((r) => ({ customerpId: r.nativeId, tidsbankenId: r.partnerId ?? '' }));
  }
}

async function opened(dir: string): Promise<AppService> {
  const app = await openApp({ workspaceDir: dir, env: {}, person: 'kari' });
  if (!app.ok) throw new Error(app.failure.what);
  return app.value;
}
