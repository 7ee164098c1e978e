import type { Command } from 'commander';
import { Option } from 'commander';
import { problemText } from '../../../shared/domain.ts';
import type { NamedRecord } from '../../app/checklist/checklists.ts';
import type { Proof } from '../../app/health/proof.ts';
import type { Proofs } from '../../app/health/prove.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import { unwrap } from '../problem-error.ts';
import { withService } from './command.ts';
import type { Call, CommonOptions } from './command.ts';
import { namedRecord } from './dataflow-verify.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { table } from './table.ts';

export interface ProveCommand extends CommonOptions {
  readonly prove?: NamedRecord;
  readonly write?: string;
}

/** doctor --prove: what the two systems can do, seen on one named pair. */
export const proveOptions = (doctor: Command): Command =>
  doctor
    .addOption(
      new Option('--prove <kind=id>', 'see on a linked record what both systems can do, beside what is set').argParser(
        namedRecord,
      ),
    )
    .option('--write <id>', 'with --prove: write to that test record as well, and put it back (type its id once more)');

/** Exit code 2 where something was seen to be otherwise than set, or could not be put back. */
export function proveOn(call: Call, record: NamedRecord, confirmed: string | null): Promise<ExitCode> {
  return withService(call, async (service) => {
    const { proofs, run } = unwrap(await service.prove({ record, confirmed }));
    const problems = run?.problems ?? [];
    call.answer({ proofs, run: run?.id ?? null, problems }, () => proofsText({ proofs, run }));
    for (const { kind, what, notDone, todo } of problems) call.terminal.say(problemText({ kind, what, notDone, todo }));
    const isAsSaid = proofs.every(({ verdict }) => verdict !== 'otherwise') && problems.length === 0;
    return isAsSaid ? EXIT.done : EXIT.waits;
  });
}

const VERDICT: Readonly<Record<Proof['verdict'], string>> = {
  asSaid: 'as said',
  otherwise: 'OTHERWISE',
  unclear: 'unclear',
  notTried: 'not tried',
};

function proofsText({ proofs, run }: Proofs): string {
  const rows = table<Proof>(
    [
      { head: 'System', cell: ({ side }) => SYSTEM_NAME[side] },
      { head: 'Capability', cell: ({ capability }) => capability },
      { head: 'Says', cell: ({ says }) => says },
      { head: 'Result', cell: ({ verdict }) => VERDICT[verdict] },
      { head: 'Seen', cell: ({ seen }) => seen, whole: true },
    ],
    proofs,
  );
  const settings = proofs.flatMap(({ setting }) => setting ?? []);
  return [
    rows,
    settings.length === 0
      ? 'Nothing is to be set otherwise in workspace.yaml.'
      : `To say so in workspace.yaml (nothing was changed):\n${settings.map((line) => `  ${line}`).join('\n')}`,
    run === null ? 'Nothing was written to any system.' : `Run ${String(run.id)} ${run.state}.`,
  ].join('\n\n');
}
