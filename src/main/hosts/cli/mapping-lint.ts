import type { Command } from 'commander';
import type { Flow, Side } from '../../../shared/domain.ts';
import { lintWorkspace } from '../../app/mapping-desk/mapping-lint.ts';
import type { LintReport } from '../../app/mapping-desk/mapping-lint.ts';
import type { LintExample, LintFinding } from '../../mapping/lint/finding.ts';
import { NAME } from '../../mapping/lint/words.ts';
import { unwrap } from '../problem-error.ts';
import { flowOption } from './command.ts';
import type { Call, CommonOptions, Define } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';

interface LintOptions extends CommonOptions {
  readonly flow?: Flow;
}

/** mapping lint: what cannot work in the mapping, and what does not come back from the other side. */
export function declareMappingLint(mapping: Command, define: Define): void {
  define(
    mapping
      .command('lint')
      .description('look for faults of the mapping, and send every value that was read there and back; asks no system')
      .addOption(flowOption()),
    lint,
  );
}

async function lint(call: Call, { flow }: LintOptions): Promise<ExitCode> {
  const reports = unwrap(await lintWorkspace(call.workspaceDir, flow, Date.now));
  call.answer({ flows: reports }, () => reports.map(reportText).join('\n\n'));
  return exitOfLint(reports);
}

/** What stops a flow is a failure; all else waits for a person. */
export function exitOfLint(reports: readonly Pick<LintReport, 'findings'>[]): ExitCode {
  const effects = reports.flatMap(({ findings }) => findings.map(({ effect }) => effect));
  if (effects.includes('stops')) return EXIT.failed;
  return effects.length > 0 ? EXIT.waits : EXIT.done;
}

function reportText(report: LintReport): string {
  const values = Object.values(report.checked).reduce((sum, count) => sum + count, 0);
  const { customerp, tidsbanken } = report.records;
  return [
    `${report.flow}: ${String(customerp)} records of Customerp and ${String(tidsbanken)} of Tidsbanken, ${String(values)} values there and back.`,
    ...report.unread.map(unreadText),
    ...(report.findings.length === 0 ? ['Nothing was found.'] : report.findings.map(findingText)),
  ].join('\n');
}

const unreadText = (side: Side): string =>
  `The records of ${NAME[side]} were not looked at: they were never read whole, or by a mapping that was not kept. Sync once.`;

const EFFECT_WORD: Readonly<Record<LintFinding['effect'], string>> = {
  stops: 'cannot work',
  swings: 'never comes to rest',
  waits: 'waits for a person',
  loses: 'loses a part',
};

function findingText({ property, effect, what, todo, count, examples }: LintFinding): string {
  const records = count === 0 ? '' : ` (${String(count)} record${count === 1 ? '' : 's'})`;
  return [
    `- ${property ?? 'flow'}, ${EFFECT_WORD[effect]}${records}: ${what} ${todo}`,
    ...examples.map((example) => `    ${exampleText(example)}`),
  ].join('\n');
}

function exampleText({ side, nativeId, label, value, there, back }: LintExample): string {
  const steps = [value, there, back]
    .filter((one) => one !== undefined)
    .map((one) => (one === null ? 'empty' : `“${one}”`));
  return `${NAME[side]} ${nativeId} ${label}${steps.length === 0 ? '' : `: ${steps.join(' → ')}`}`;
}
