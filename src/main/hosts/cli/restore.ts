import { resolve } from 'node:path';
import { restoreWorkspace } from '../../app/backups/backups-restore.ts';
import { personOf } from '../app-data.ts';
import { unwrap } from '../problem-error.ts';
import type { CommonOptions, Declare } from './command.ts';

/** restore. It does not open the workspace: a damaged store cannot be opened. */
export const declareRestore: Declare = (program, define) => {
  define(
    program
      .command('restore')
      .description('put a backup in the place of the store; the next run is a preview')
      .argument('<file>', 'a file that backup wrote, or one of the folder backups'),
    async (call, _options: CommonOptions, file: string) => {
      const restored = unwrap(await restoreWorkspace(call.workspaceDir, resolve(file), personOf(call.terminal.env)));
      const { from, kept, keptIsSound } = restored;
      const replaced =
        kept === null ? '' : `\nThe store before it is kept as ${kept}${keptIsSound ? '' : ', damaged as it was'}.`;
      call.answer(
        restored,
        () => `Restored from ${from}.${replaced}\nRun plan and look through it: nothing is approved any more.`,
      );
    },
  );
};
