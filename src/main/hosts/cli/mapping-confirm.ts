import type { Command } from 'commander';
import { confirmHeld, heldIn, heldName } from '../../app/workspace/confirmed-rows.ts';
import type { HeldRow } from '../../app/workspace/confirmed-rows.ts';
import { personOf } from '../app-data.ts';
import { unwrap } from '../problem-error.ts';
import type { Call, CommonOptions, Define } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';

/** mapping confirm: a person says yes to rows with personal data that were switched on in workspace.yaml. */
export function declareMappingConfirm(mapping: Command, define: Define): void {
  define(
    mapping
      .command('confirm')
      .description(
        'say yes to rows with personal data that were switched on in workspace.yaml; without rows, list those that wait',
      )
      .argument('[rows...]', 'rows by name, such as employee-ansatt.nationalId'),
    confirm,
  );
}

async function confirm(call: Call, _options: CommonOptions, rows: readonly string[]): Promise<ExitCode> {
  const held = rows.length === 0 ? unwrap(await heldIn(call.workspaceDir, Date.now)) : await confirmRows(call, rows);
  call.answer({ confirmed: rows, held }, () =>
    [...(rows.length === 0 ? [] : [confirmedText(rows)]), heldText(held)].join('\n'),
  );
  return held.length === 0 ? EXIT.done : EXIT.waits;
}

/** Says yes to each row by its name; those that are held still. Throws the problem where one is not held. */
export const confirmRows = async (call: Call, rows: readonly string[]): Promise<HeldRow[]> =>
  unwrap(await confirmHeld(call.workspaceDir, rows, { now: Date.now, person: personOf(call.terminal.env) }));

const confirmedText = (rows: readonly string[]): string =>
  `Confirmed: ${rows.join(', ')}. It holds from the next time that the workspace is opened.`;

const HOW: Readonly<Record<HeldRow['how'], string>> = {
  compared: 'its values would be read and written; what is kept of them is concealed',
  shown: 'its values would be kept and shown as they are',
};

/** What waits for a person's yes, and how it is given. */
export const heldText = (held: readonly HeldRow[]): string =>
  held.length === 0
    ? 'No row with personal data waits to be confirmed.'
    : [
        'Rows with personal data that nobody confirmed; nothing of them is synced until somebody does:',
        ...held.map((row) => `  ${heldName(row)}: ${HOW[row.how]}.`),
        `Confirm: tidsbro mapping confirm ${held.map(heldName).join(' ')}`,
      ].join('\n');
