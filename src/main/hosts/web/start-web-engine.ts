import type { MessagePort } from 'node:worker_threads';
import { ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { DEMO_SANDBOX, readyWorkspace } from '../demo.ts';
import type { OpeningEngine } from '../engine/engine.ts';
import { lastWorkspace } from '../last-workspace.ts';
import { startSandbox } from '../sandbox-process.ts';
import type { SandboxProcess, SandboxUrls } from '../sandbox-process.ts';
import { startEngineThread } from './engine-thread.ts';

export interface WebEngine {
  readonly engine: OpeningEngine<MessagePort>;
  /** The simulated systems that were started before a window could ask for them. */
  readonly demo: SandboxUrls | null;
  /** Ends the engine, and whatever was started for it. */
  close(): Promise<void>;
}

/**
 * The engine of a web host, which begins to open its workspace, with a demo's simulated systems where it needs them.
 * @param named the workspace that a person named; without it the last one is opened, and without that a window chooses
 */
export async function startWebEngine(
  appData: string,
  named: string | undefined,
  person: string,
): Promise<Result<WebEngine, Problem>> {
  const sandboxes: SandboxProcess[] = [];
  const start = async (): Promise<Result<SandboxUrls, Problem>> => {
    const started = await startSandbox(DEMO_SANDBOX);
    if (!started.ok) return started;
    sandboxes.push(started.value);
    return ok(started.value.urls);
  };
  const dir = named ?? (await lastWorkspace(appData));
  const ready = dir === null ? null : await readyWorkspace(appData, dir, start);
  if (ready?.ok === false) return ready;
  const engine = startEngineThread(
    ready === null
      ? { folder: appData, startDemo: () => readyWorkspace(appData, undefined, start) }
      : { workspaceDir: ready.value.dir },
    person,
  );
  return ok({
    engine,
    demo: ready?.value.started ?? null,
    close: async () => {
      await engine.close();
      for (const sandbox of sandboxes) sandbox.stop();
      await Promise.all(sandboxes.map((sandbox) => sandbox.ended));
    },
  });
}
