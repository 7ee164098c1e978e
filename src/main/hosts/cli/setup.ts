import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { problemText } from '../../../shared/domain.ts';
import type { DoctorReport } from '../../app/requests.ts';
import { initWorkspace, listPresets } from '../../app/workspace/workspace-file.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput, withService } from './command.ts';
import type { CommonOptions, Declare } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { proveOn, proveOptions } from './prove.ts';
import type { ProveCommand } from './prove.ts';

interface InitOptions extends CommonOptions {
  readonly preset?: string;
  readonly list?: boolean;
  readonly customerpUrl?: string;
  readonly tidsbankenUrl?: string;
}

/** init, doctor, backup. */
export const declareSetup: Declare = (program, define) => {
  define(
    program
      .command('init')
      .description('write a commented workspace.yaml')
      .option('--preset <name>', 'the kind of ERP that Customerp is')
      .option('--list', 'name the presets')
      .option('--customerp-url <url>', 'address of Customerp')
      .option('--tidsbanken-url <url>', 'address of Tidsbanken'),
    async (call, { preset, list, customerpUrl, tidsbankenUrl }: InitOptions) => {
      if (list === true) return call.answer({ presets: listPresets() }, () => listPresets().join('\n'));
      if (preset === undefined)
        throw new ProblemError(badInput('init needs a preset.', 'Give --preset NAME; --list names them.'));
      const written = unwrap(await initWorkspace(call.workspaceDir, { preset, customerpUrl, tidsbankenUrl }));
      call.answer(written, () => `Written: ${written.path}. Fill in the addresses and keys, then run doctor.`);
    },
  );
  define(
    proveOptions(
      program.command('doctor').description('sign in to both systems, check them and the store; writes nothing'),
    ),
    (call, { prove, write }: ProveCommand) => {
      if (prove !== undefined) return proveOn(call, prove, write ?? null);
      if (write !== undefined)
        throw new ProblemError(badInput('--write belongs to --prove.', 'Name a test record: --prove customer=ID.'));
      return withService(call, async (service) => {
        const report = await service.doctor();
        call.answer(report, () => doctorText(report));
        const found = [...report.systems, report.store].flatMap(({ problem }) => problem ?? []);
        for (const problem of [...found, ...report.unfinished, ...(report.held === null ? [] : [report.held])])
          call.terminal.say(problemText(problem));
        return report.ok ? EXIT.done : EXIT.failed;
      });
    },
  );
  define(
    program.command('backup').description('copy the store to a file, checked').argument('<file>', 'the file to write'),
    (call, _options: CommonOptions, file: string) =>
      withService(call, async (service) => {
        const path = resolve(file);
        await mkdir(dirname(path), { recursive: true });
        const written = unwrap(await service.backUp(path));
        call.answer(written, () => `Written: ${written.path}.`);
      }),
  );
};

const doctorText = ({ systems, store, unfinished }: DoctorReport): string =>
  [...systems, { side: 'store', ...store }, { side: 'checklists', ok: unfinished.length === 0, findings: [] }]
    .flatMap(({ side, ok, findings }) => [`${side}: ${ok ? 'ok' : 'not ok'}`, ...findings.map((line) => `  ${line}`)])
    .join('\n');
