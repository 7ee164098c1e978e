import { ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import type { AppService } from './app-service.ts';
import { systemClock } from './clock.ts';
import { createService } from './service.ts';
import { openWorkspace } from './workspace.ts';
import type { OpenOptions } from './workspace.ts';

/** Opens a workspace and wires store, connectors and sync into the one service that every host calls. */
export async function openApp(options: OpenOptions): Promise<Result<AppService, Problem>> {
  const workspace = await openWorkspace(options, systemClock);
  return workspace.ok ? ok(createService(workspace.value)) : workspace;
}
