import { ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import type { AppService } from './app-service.ts';
import { systemClock } from './clock.ts';
import { isReviewFolder } from './portable-review/open-review.ts';
import { openReviewService } from './portable-review/review-service.ts';
import { createService } from './service.ts';
import { openWorkspace } from './workspace/workspace.ts';
import type { OpenOptions } from './workspace/workspace.ts';

/** Opens a workspace, or a review in its folder, and wires what there is into the one service that every host calls. */
export async function openApp(options: OpenOptions): Promise<Result<AppService, Problem>> {
  if (isReviewFolder(options.workspaceDir)) return openReviewService(options.workspaceDir, systemClock);
  const workspace = await openWorkspace(options, systemClock);
  return workspace.ok ? ok(createService(workspace.value)) : workspace;
}
