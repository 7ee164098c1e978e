import { SIDES } from '../../shared/domain.ts';
import type { AppService } from './app-service.ts';
import { audit } from './health/audit.ts';
import { changeDecisionsOf } from './review/change-decisions.ts';
import { changesOf } from './review/changes.ts';
import { ChecklistDesk } from './checklist/checklists.ts';
import { Decider } from './review/decide.ts';
import { doctor } from './health/doctor.ts';
import { prove } from './health/prove.ts';
import { LinkDesk } from './records/link-desk.ts';
import { MappingDesk } from './mapping-desk/mapping-desk.ts';
import { mismatchesOf } from './review/mismatches.ts';
import { overviewOf, workspaceView } from './overview.ts';
import { portableOf } from './portable-review/portable-review.ts';
import { recordsOf } from './records/records.ts';
import { Runner } from './runs/runner.ts';
import { runsOf } from './runs/runs.ts';
import { undoOf } from './undo/undo.ts';
import type { Workspace } from './workspace/workspace.ts';

/** The service behind all hosts, put together from what each screen is served by. */
export function createService(workspace: Workspace): AppService {
  const runner = new Runner(workspace);
  const links = new LinkDesk(workspace);
  const mismatches = mismatchesOf(workspace, new Decider(workspace, links));
  const changes = changesOf(workspace);
  const portable = portableOf(workspace, { change: changes.change, mismatch: mismatches.mismatch });
  return {
    workspace: workspaceView(workspace),
    urls: SIDES.map((side) => workspace.config.systems[side].url),
    ...overviewOf(workspace, runner),
    doctor: () => doctor(workspace),
    prove: (options) => prove(workspace, runner, links, options),
    audit: (options) => audit(workspace, options),

    startRun: (options) => runner.start(options),
    stop: () => runner.stop(),
    running: () => runner.running(),
    progress: (signal) => runner.progress(signal),

    ...changes,
    ...changeDecisionsOf(workspace),
    ...mismatches,
    ...recordsOf(workspace),

    link: (flow, customerpId, tidsbankenId) => links.link(flow, customerpId, tidsbankenId),
    relink: (flow, customerpId, tidsbankenId) => links.relink(flow, customerpId, tidsbankenId),
    setAside: (flow, side, nativeId, aside) => links.setAside(flow, side, nativeId, aside),
    unlink: (linkId) => links.unlink(linkId),
    setDirection: (linkId, direction) => links.setDirection(linkId, direction),
    findLink: (flow, nativeId) => links.find(flow, nativeId),

    ...undoOf(workspace),
    mapping: new MappingDesk(workspace),
    checklists: new ChecklistDesk(workspace, runner, links),

    ...runsOf(workspace),
    backUp: (file) => workspace.store.backUp(file),
    portable,

    // Lets a run finish what is under way before the store is closed.
    close: async () => {
      await runner.close();
      await portable.transfers.close();
      await Promise.all(SIDES.map((side) => workspace.connectors[side].close()));
      workspace.store.close();
    },
  };
}
