import type { Command } from 'commander';
import { SIDES } from '../../../shared/domain.ts';
import type { Flow, Side } from '../../../shared/domain.ts';
import { lintWorkspace } from '../../app/mapping-desk/mapping-lint.ts';
import type { LintReport } from '../../app/mapping-desk/mapping-lint.ts';
import type { LintExample, LintFinding } from '../../mapping/lint/finding.ts';
import { NAME } from '../../mapping/lint/words.ts';
import type { SchemaRead } from '../../app/mapping-desk/system-schemas.ts';
import { unwrap } from '../problem-error.ts';
import { flowOption, withService } from './command.ts';
import type { Call, CommonOptions, Define } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';

interface LintOptions extends CommonOptions {
  readonly flow?: Flow;
  readonly ask?: boolean;
}

/** mapping lint: what cannot work in the mapping, and what does not come back from the other side. */
export function declareMappingLint(mapping: Command, define: Define): void {
  define(
    mapping
      .command('lint')
      .description('look for faults of the mapping, and send every value that was read there and back')
      .addOption(flowOption())
      .option(
        '--ask',
        'first ask both systems what their fields are ($metadata, OpenAPI); without it neither is asked',
      ),
    lint,
  );
}

async function lint(call: Call, { flow, ask }: LintOptions): Promise<ExitCode> {
  if (ask === true)
    for (const read of await withService(call, (service) => service.mapping.readSchemas()))
      call.terminal.say(schemaText(read));
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
    sourcesText(report),
    ...report.unread.map(unreadText),
    ...(report.findings.length === 0 ? ['Nothing was found.'] : report.findings.map(findingText)),
  ].join('\n');
}

const schemaText = ({ side, outcome, failure }: SchemaRead): string =>
  ({
    read: `${NAME[side]} told what its fields are.`,
    none: `${NAME[side]}: its descriptor names no place that tells what its fields are.`,
    failed: `${NAME[side]} did not tell what its fields are: ${failure?.detail ?? ''}. The lint goes by what was kept, if anything.`,
  })[outcome];

/** What the verdicts can rest on besides the mapping and the records. */
const sourcesText = ({ schemas }: LintReport): string =>
  `Fields as declared by the descriptors${SIDES.map((side) => (schemas[side] === null ? '' : `, and by the ${schemas[side]} of ${NAME[side]}`)).join('')}.`;

const unreadText = (side: Side): string =>
  `The records of ${NAME[side]} were not looked at: they were never read whole, or by a mapping that was not kept. Sync once.`;

const EFFECT_WORD: Readonly<Record<LintFinding['effect'], string>> = {
  stops: 'cannot work',
  swings: 'never comes to rest',
  waits: 'waits for a person',
  loses: 'loses a part',
};

const SOURCE: Readonly<Record<LintFinding['source'], string>> = {
  mapping: 'by the mapping itself',
  descriptor: 'by the descriptor',
  schema: 'by what the system says of its fields',
  records: 'by the records that were read',
};

function findingText({ property, effect, source, what, todo, count, examples }: LintFinding): string {
  const records = count === 0 ? '' : ` (${String(count)} record${count === 1 ? '' : 's'})`;
  return [
    `- ${property ?? 'flow'}, ${EFFECT_WORD[effect]}${records}, ${SOURCE[source]}: ${what} ${todo}`,
    ...examples.map((example) => `    ${exampleText(example)}`),
  ].join('\n');
}

function exampleText({ side, nativeId, label, value, there, back }: LintExample): string {
  const steps = [value, there, back]
    .filter((one) => one !== undefined)
    .map((one) => (one === null ? 'empty' : `“${one}”`));
  return `${NAME[side]} ${nativeId} ${label}${steps.length === 0 ? '' : `: ${steps.join(' → ')}`}`;
}
