import { join } from 'node:path';
import type {
  FolderList,
  SetupState,
  SystemDraft,
  SystemTest,
  WorkspaceDraft,
} from '../../../shared/contract/setup.ts';
import { SIDES, fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result, Side } from '../../../shared/domain.ts';
import { listFolders } from './folders.ts';
import { presetViews } from './presets.ts';
import { testSystem, unsetIn } from './test-system.ts';
import { alreadyOpen, writeDraft } from './write-draft.ts';

/** What the first start works with. Nothing is global. */
export interface SetupDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a workspace is put unless another folder is named. */
  readonly folder: string;
  /** Opens a workspace; from then on everything else is served. Problems of one that cannot be opened. */
  readonly open: (dir: string) => Promise<Result<null, Problem>>;
  /** Starts the simulated systems, and makes a workspace on them. */
  readonly startDemo: () => Promise<Result<{ dir: string }, Problem>>;
  /** The next start opens this one. */
  readonly remember: (dir: string) => Promise<void>;
}

/** The first start: try the demo, connect one's own systems, or open a workspace. One of them, once. */
export interface SetupDesk {
  state(): SetupState;
  test(side: Side, draft: SystemDraft): Promise<SystemTest>;
  folders(folder: string): Promise<Result<FolderList, Problem>>;
  demo(): Promise<Result<{ path: string }, Problem>>;
  create(draft: WorkspaceDraft): Promise<Result<{ path: string }, Problem>>;
  open(folder: string): Promise<Result<{ path: string }, Problem>>;
}

const keysNotSet = (path: string, unset: readonly string[]): Problem => ({
  kind: 'keysNotSet',
  what: `${path} was written, but these environment variables are not set where Tidsbro runs: ${unset.join(', ')}.`,
  notDone: 'The workspace was not opened.',
  todo: 'Set them, then start Tidsbro again: it opens this workspace.',
  facts: { path, variables: unset.join(', ') },
});

export function setupDesk({ env, folder, open, startDemo, remember }: SetupDeps): SetupDesk {
  let stage: 'choosing' | 'opening' | 'open' = 'choosing';
  /** Two windows may show the choice; only one of them may choose. */
  const once = async (work: () => Promise<Result<{ path: string }, Problem>>) => {
    if (stage !== 'choosing') return fail(alreadyOpen);
    stage = 'opening';
    try {
      const done = await work();
      stage = done.ok ? 'open' : 'choosing';
      return done;
    } catch (error) {
      stage = 'choosing';
      throw error;
    }
  };
  const opened = async (dir: string, isKept: boolean): Promise<Result<{ path: string }, Problem>> => {
    const result = await open(dir);
    if (!result.ok) return result;
    if (isKept) await remember(dir);
    return ok({ path: dir });
  };
  return {
    state: () => ({ choices: stage === 'open' ? null : { folder, presets: presetViews() } }),
    test: (side, draft) => testSystem(side, draft, env),
    folders: (path) => listFolders(path === '' ? join(folder, '..') : path),
    demo: () =>
      once(async () => {
        const started = await startDemo();
        return started.ok ? opened(started.value.dir, false) : started;
      }),
    create: (draft) =>
      once(async () => {
        const written = await writeDraft(draft);
        if (!written.ok) return written;
        const unset = SIDES.flatMap((side) => unsetIn(draft.systems[side], env));
        if (unset.length === 0) return opened(draft.folder, true);
        // A variable that is set now reaches only a process that starts later.
        await remember(draft.folder);
        return fail(keysNotSet(written.value.path, unset));
      }),
    open: (dir) => once(() => opened(dir, true)),
  };
}
