import { Option } from 'commander';
import type { UndoProposed, UndoRow, UndoSummary } from '../../../shared/contract/views.ts';
import type { AppService } from '../../app/app-service.ts';
import type { UndoScope } from '../../store/undos.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput, limitOption, wholeNumber, withService } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { table } from './table.ts';

interface UndoOptions extends CommonOptions {
  readonly run?: number;
  readonly change?: number;
  readonly write?: boolean;
  readonly limit: number;
}

const OUTCOMES = ['reversed', 'kept', 'cannot'] as const satisfies readonly UndoRow['outcome'][];

/** undo: what a run or a change wrote, as it would be taken back (7.5). Works without either system. */
export const declareUndo: Declare = (program, define) => {
  define(
    program
      .command('undo')
      .description('show what a run or a change wrote as it would be taken back, or propose that with --write')
      .addOption(new Option('--run <n>', 'all that this run wrote').argParser(wholeNumber(1)).conflicts('change'))
      .addOption(new Option('--change <n>', 'only this change').argParser(wholeNumber(1)))
      .option('--write', 'propose it for review; nothing is written before a person has approved it there')
      .addOption(limitOption()),
    (call, options: UndoOptions) => {
      const scope = scopeOf(options);
      return withService(call, (service) =>
        options.write === true ? propose(call, service, scope) : preview(call, service, scope, options.limit),
      );
    },
  );
};

function scopeOf({ run, change }: UndoOptions): UndoScope {
  if (run !== undefined) return { run };
  if (change !== undefined) return { change };
  throw new ProblemError(badInput('It is not said what is to be undone.', 'Add --run N or --change N.'));
}

/** Exit code 2: there is something that a person may want to propose. */
async function preview(call: Call, service: AppService, scope: UndoScope, limit: number): Promise<ExitCode> {
  const counts = unwrap(await service.undoPreview(scope));
  const lists = await Promise.all(
    OUTCOMES.map(async (outcome) => unwrap(await service.undoRows(scope, outcome, { offset: 0, limit })).rows),
  );
  const rows = lists.flat();
  call.answer({ ...scope, counts, rows }, () => previewText(counts, rows));
  return counts.reversed > 0 ? EXIT.waits : EXIT.done;
}

const HEAD: Readonly<Record<UndoRow['outcome'], string>> = {
  reversed: 'will be reversed',
  kept: 'kept',
  cannot: 'cannot be reversed',
};

/** Why a written group is kept, or cannot be reversed. */
const WHY: Readonly<Record<string, string>> = {
  editedSince: 'edited since',
  alreadyBack: 'it was taken back already',
  sensitive: 'a sensitive value; what it was before is not kept',
  cannotClose: 'a created record of this kind cannot be closed, and Tidsbro never deletes one',
  notVerified: 'it is not known for sure what was written',
  flowOff: 'its flow is switched off',
  otherSystem: 'it was written to another system',
  linkEnded: 'the two records are no longer linked',
  identityChanged: 'the pair is in question: see Mismatches',
  gone: 'the record is no longer there',
  unreadable: 'what is there now is not known',
  outOfScope: 'a filter leaves the record out',
  againstDirection: 'nothing is written that way any more',
  mappingChanged: 'its values are mapped in another way since',
  unlinkedReference: 'the record that it referred to has no counterpart any more',
  notWritable: 'the field cannot hold what was there before',
  openChange: 'another change of the record is open: decide on it first',
  alreadyProposed: 'it is proposed already: see review',
};

const valueText = (value: string | null | undefined): string =>
  value === undefined ? 'not read' : value === null ? 'empty' : value;

/** From what is there now to what was there before; of a created record, that it is closed. */
function whatText({ op, outcome, why, values }: UndoRow): string {
  if (outcome !== 'reversed') return WHY[why ?? ''] ?? why ?? '';
  if (op === 'create') return 'the created record is closed';
  return values.map(({ property, now, before }) => `${property}: ${valueText(now)} → ${valueText(before)}`).join(', ');
}

const previewText = (counts: UndoSummary, rows: readonly UndoRow[]): string =>
  `${table<UndoRow>(
    [
      { head: 'Undo', cell: (row) => HEAD[row.outcome] },
      { head: 'Change', cell: (row) => `change:${String(row.change)}` },
      { head: 'In', cell: (row) => row.target },
      { head: 'Record', cell: (row) => row.label },
      { head: 'Id', cell: (row) => row[`${row.target}Id`] ?? '' },
      { head: 'Group', cell: (row) => row.group },
      { head: 'What', cell: whatText, whole: true },
    ],
    rows,
  )}\n${countsText(counts)}`;

const countsText = ({ reversed, kept, cannot }: UndoSummary): string =>
  `${String(reversed)} will be reversed, ${String(kept)} kept, ${String(cannot)} cannot be reversed.` +
  (reversed > 0 ? ' Nothing was proposed; repeat with --write to propose it for review.' : '');

async function propose(call: Call, service: AppService, scope: UndoScope): Promise<ExitCode> {
  const proposed = unwrap(await service.proposeUndo(scope));
  call.answer({ ...scope, proposed }, () => proposedText(proposed));
  return proposed.changes > 0 || proposed.missed > 0 ? EXIT.waits : EXIT.done;
}

function proposedText({ changes, groups, missed, rails }: UndoProposed): string {
  if (changes === 0 && missed === 0) return 'There is nothing to be reversed; nothing was proposed.';
  const lines = [
    `${String(changes)} changes with ${String(groups)} groups are proposed. They wait in review; nothing is written before a person has approved them.`,
  ];
  if (missed > 0)
    lines.push(`${String(missed)} groups were not proposed: another change of the record is open meanwhile.`);
  if (rails.length > 0)
    lines.push(`A safety rail holds some of them (${rails.join(', ')}): approving many needs their number.`);
  return lines.join('\n');
}
