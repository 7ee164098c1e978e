import { unwrap } from '../problem-error.ts';
import { pointAtSandbox } from '../demo.ts';
import { startSandbox } from '../sandbox-process.ts';
import type { Command } from 'commander';
import type { Declare } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { interrupted } from './interrupt.ts';
import { parentGone } from './parent-gone.ts';

/** Passed on as they are: the sandbox checks them, and says what is wrong with them. */
const PASSED_ON = [
  ['customers <n>', 'customers on each side'],
  ['employees <n>', 'employees on each side'],
  ['projects <n>', 'projects on each side'],
  ['overlap <share>', 'share of them that have a counterpart, 0 to 1'],
  ['differ <share>', 'share of the pairs that differ, 0 to 1'],
  ['dirt <share>', 'share of records with something wrong, 0 to 1'],
  ['seed <n>', 'the same seed makes the same data'],
  ['latency <ms>', 'how long each answer takes'],
  ['faults <file>', 'rules for faults'],
  ['port-customerp <port>', 'port of Customerp'],
  ['port-tidsbanken <port>', 'port of Tidsbanken'],
] as const;

/** sandbox: both simulated systems and a workspace on them, until stopped or until whoever started it is gone. */
export const declareSandbox: Declare = (program, define) => {
  const command = program.command('sandbox').description('start both simulated systems, with a workspace on them');
  for (const [flag, text] of PASSED_ON) command.option(`--${flag}`, text);
  command.option('--set <name=value...>', 'turn a switch of a system');
  define(command, async (call) => {
    const sandbox = unwrap(await startSandbox(argumentsOf(command)));
    try {
      unwrap(await pointAtSandbox(call.workspaceDir, sandbox.urls));
      const { customerp, tidsbanken } = sandbox.urls;
      // Listened for before it is told: whoever reads the line may stop it at once.
      const told = Promise.race([interrupted(), parentGone()]).then(() => 0);
      call.terminal.print(JSON.stringify({ customerp: { url: customerp }, tidsbanken: { url: tidsbanken } }));
      const code = await Promise.race([sandbox.ended, told]);
      return code === 0 ? EXIT.done : EXIT.failed;
    } finally {
      sandbox.stop();
      await sandbox.ended;
    }
  });
};

function argumentsOf(command: Command): string[] {
  const passed = new Set<string>(PASSED_ON.map(([flag]) => flag.split(' ')[0] ?? ''));
  return command.options.flatMap((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (option.long === '--set' && Array.isArray(value)) return value.flatMap((one) => ['--set', String(one)]);
    return passed.has(option.name()) && typeof value === 'string' ? [`--${option.name()}=${value}`] : [];
  });
}
