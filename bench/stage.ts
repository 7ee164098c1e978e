import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunOptions } from '../src/main/app/requests.ts';
import { initWorkspace } from '../src/main/app/workspace/workspace-file.ts';
import { NODE_FLAGS } from '../src/main/hosts/engine/memory.ts';
import { unwrap } from '../src/main/hosts/problem-error.ts';
import type { Side } from '../src/shared/domain.ts';
import { runChild } from './child.ts';
import type { Measured } from './child.ts';
import type { RunTask } from './product/run.ts';
import type { StatementCounts } from './product/statements.ts';
import { World } from './world.ts';

export const SYNC: RunOptions = { do: 'sync', approve: 'all' };
export const PLAN: RunOptions = { do: 'plan', approve: 'none' };

/** What a counted run asked of the two systems and of its store. */
export interface Counted {
  readonly measured: Measured;
  readonly statements: StatementCounts;
  readonly methods: Readonly<Record<string, number>>;
  /** Addresses read, in order. */
  readonly reads: Readonly<Record<Side, readonly string[]>>;
}

/** Systems of one size, and workspaces on them; all of it goes when the bench is done with the size. */
export class Stage {
  readonly size: number;
  readonly world: World;
  readonly folder: string;
  /** Where CPU profiles go; null when none is wanted. */
  readonly profiles: string | null;
  #twin: World | null = null;
  #names = 0;
  #linked: string | null = null;

  private constructor(size: number, world: World, profiles: string | null) {
    this.size = size;
    this.world = world;
    this.profiles = profiles;
    this.folder = mkdtempSync(join(tmpdir(), 'tidsbro-bench-'));
  }

  static async open(size: number, profiles: string | null, empty?: Side): Promise<Stage> {
    return new Stage(size, await World.start(size, empty), profiles);
  }

  async close(): Promise<void> {
    await this.world.stop();
    await this.#twin?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    this.#names += 1;
    return join(this.folder, `${String(this.#names)}-${name}`);
  }

  /** A workspace that has never synced. */
  async cold(): Promise<string> {
    const dir = this.path('workspace');
    mkdirSync(dir);
    const { customerp, tidsbanken } = this.world.urls;
    unwrap(await initWorkspace(dir, { preset: 'demo', customerpUrl: customerp, tidsbankenUrl: tidsbanken }));
    return dir;
  }

  copyOf(dir: string): string {
    const copy = this.path('workspace');
    cpSync(dir, copy, { recursive: true });
    return copy;
  }

  /** The one workspace of this stage in which everything is linked and in step, its overlap windows gone by. */
  async linked(): Promise<string> {
    if (this.#linked !== null) return this.#linked;
    const dir = await this.cold();
    await this.product(dir, SYNC);
    this.#linked = dir;
    await this.settle();
    return dir;
  }

  /** Takes a workspace that has just adopted everything as the linked one. */
  async adoptAsLinked(dir: string): Promise<void> {
    this.#linked = dir;
    await this.settle();
  }

  /** After writes: the next day has come, and a sync has seen it. */
  async settle(): Promise<void> {
    const dir = await this.linked();
    await this.world.nextDay();
    await this.product(dir, SYNC);
  }

  /** Other systems of the same kind, for floors that write: the product must not find their traces. */
  async twin(): Promise<World> {
    this.#twin ??= await World.start(Math.min(this.size, 100_000));
    return this.#twin;
  }

  /** The engine in a process of its own, with the memory that both hosts give it. */
  product(dir: string, run: RunOptions, more: Omit<RunTask, 'dir' | 'run'> = {}): Promise<Measured> {
    return runChild('product/run.ts', { dir, run, ...more } satisfies RunTask, NODE_FLAGS);
  }

  /** One run whose requests and statements are counted; never one that is timed. */
  async counted(dir: string, run: RunOptions, more: Omit<RunTask, 'dir' | 'run' | 'count'> = {}): Promise<Counted> {
    await this.world.startLog();
    const measured = await this.product(dir, run, { ...more, count: true });
    const log = await this.world.takeLog();
    const methods: Record<string, number> = {};
    for (const { method } of [...log.customerp, ...log.tidsbanken]) methods[method] = (methods[method] ?? 0) + 1;
    const readsOf = (side: Side): string[] => log[side].filter((r) => r.method === 'GET').map((r) => r.url);
    return {
      measured,
      statements: measured.detail['statements'] as StatementCounts,
      methods,
      reads: { customerp: readsOf('customerp'), tidsbanken: readsOf('tidsbanken') },
    };
  }

  /** A profiled run, when profiles are wanted. */
  async profile(name: string, dir: string, run: RunOptions, more: Omit<RunTask, 'dir' | 'run'> = {}): Promise<void> {
    if (this.profiles === null) return;
    mkdirSync(this.profiles, { recursive: true });
    const profile = join(this.profiles, `${name}-${String(this.size)}.cpuprofile`);
    await this.product(dir, run, { ...more, profile });
  }
}

export const storyOf = ({ statements, methods }: Counted): string => {
  const calls = Object.entries(statements.byStage).map(([stage, count]) => `${stage} ${String(count)}`);
  const asked = Object.entries(methods).map(([method, count]) => `${method} ${String(count)}`);
  return `requests: ${asked.join(', ')}; statements: ${calls.join(', ')}; commits: ${String(statements.commits)}`;
};
