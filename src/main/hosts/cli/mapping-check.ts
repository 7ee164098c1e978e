import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SIDES, flowOf } from '../../../shared/domain.ts';
import type { Flow, Side } from '../../../shared/domain.ts';
import type { MappingCheck, ScopeCount } from '../../app/mapping-desk/mapping-check.ts';
import { checkMappings, compareMappings, mappingsOfFile } from '../../app/mapping-desk/mapping-compare.ts';
import type { CompareOptions } from '../../app/mapping-desk/mapping-compare.ts';
import { flowDiff, isNoChange } from '../../mapping/flow-diff.ts';
import type { FlowDiff } from '../../mapping/flow-diff.ts';
import { NAME } from '../../mapping/lint/words.ts';
import type { FlowMapping, Property } from '../../mapping/mapping.ts';
import { unwrap } from '../problem-error.ts';
import { flowOption } from './command.ts';
import type { Call, CommonOptions, Define } from './command.ts';
import { table } from './table.ts';

interface FlowOptions extends CommonOptions {
  readonly flow?: Flow;
}

const FILE = 'another workspace.yaml (default: that of the workspace)';

/** mapping show, diff, check: the mapping as it is set, and what it would change of what was read. Nothing is asked or written. */
export function declareMappingCheck(mapping: Command, define: Define): void {
  const ask = (name: string, description: string): Command =>
    mapping.command(name).description(description).argument('[file]', FILE).addOption(flowOption());
  define(ask('show', 'the rows, keys and rules of each flow, with all that is left to the default'), show);
  define(ask('diff', 'which rows enter, leave or are rewritten, against the mapping of the last sync'), diff);
  define(ask('check', 'the same, counted from what was read: what would leave, enter and be compared anew'), check);
}

const optionsOf = (call: Call, { flow }: FlowOptions, file: string | undefined): CompareOptions => ({
  dir: call.workspaceDir,
  file: file === undefined ? undefined : resolve(file),
  flow,
});

async function show(call: Call, options: FlowOptions, file?: string): Promise<void> {
  const mappings = unwrap(await mappingsOfFile(optionsOf(call, options, file)));
  const flows = mappings.map((mapping) => ({ flow: flowOf(mapping.kind), mapping }));
  call.answer({ flows }, () => mappings.map(mappingText).join('\n\n'));
}

function mappingText(mapping: FlowMapping): string {
  const { kind, keys, properties, create, filter } = mapping;
  const rules = SIDES.map((side) => {
    const { rule, referredToBy = [], automatic, numbers } = create[side];
    const by = referredToBy.length === 0 ? '' : ` ${referredToBy.join(', ')}`;
    const range = numbers === undefined ? '' : `, free numbers ${String(numbers.from)} to ${String(numbers.to)}`;
    return `in ${NAME[side]} ${rule}${by}${automatic ? ', without asking' : ''}${range}`;
  });
  const conditions = SIDES.flatMap((side) =>
    (filter?.[side] ?? []).map((condition) => `Filter of ${NAME[side]}: ${JSON.stringify(condition)}`),
  );
  const rows = table<Property>(
    [
      { head: 'Row', cell: ({ name }) => name },
      { head: 'Customerp', cell: ({ customerp }) => customerp },
      { head: 'Tidsbanken', cell: ({ tidsbanken }) => tidsbanken },
      { head: 'Type', cell: ({ type }) => type },
      { head: 'Direction', cell: ({ key, direction }) => (key ? 'key' : direction) },
      { head: 'Group', cell: ({ group = '' }) => group },
    ],
    properties,
  );
  return [
    `${flowOf(kind)}${mapping.enabled ? '' : ' (off)'}`,
    `Created: ${rules.join('; ')}.`,
    ...conditions,
    `Keys: ${keys.map(({ name, strength }) => `${name} (${strength === 'strong' ? 'strong' : 'suggestion'})`).join(', ') || 'none'}.`,
    rows,
  ].join('\n');
}

async function diff(call: Call, options: FlowOptions, file?: string): Promise<void> {
  const compared = unwrap(await compareMappings(optionsOf(call, options, file)));
  const flows = compared.map(({ before, after }) => ({
    flow: flowOf(after.kind),
    diff: before === null ? null : flowDiff(before, after),
  }));
  call.answer({ flows }, () =>
    flows
      .map(({ flow, diff: found }) =>
        [`${flow}:`, ...(found === null ? ['  It was never read; all of it is new.'] : diffLines(found))].join('\n'),
      )
      .join('\n'),
  );
}

function diffLines(found: FlowDiff): string[] {
  if (isNoChange(found)) return ['  As at the last sync.'];
  const told: readonly (readonly [string, readonly string[]])[] = [
    ['Entering', found.entering],
    ['Leaving', found.leaving],
    ['Rewritten', found.rewritten],
    ['Flowing another way', found.redirected],
    ['Changed besides', found.words],
  ];
  return told.filter(([, names]) => names.length > 0).map(([what, names]) => `  ${what}: ${names.join(', ')}.`);
}

async function check(call: Call, options: FlowOptions, file?: string): Promise<void> {
  const checks = unwrap(await checkMappings(optionsOf(call, options, file)));
  call.answer({ flows: checks }, () =>
    checks.length === 0
      ? 'Nothing was read yet, so there is nothing to count. Sync once, as a preview if you like.'
      : checks.map(checkText).join('\n'),
  );
}

const checkText = (found: MappingCheck): string =>
  [
    `${found.flow}, ${String(found.pairs)} linked pairs:`,
    ...diffLines(found),
    ...counted(found.comparedAnew, 'pairs are compared anew, as if they had just been linked (S5)'),
    ...counted(found.noLongerRead, 'records have a value that is no longer read'),
    ...SIDES.flatMap((side) => scopeLines(side, found.scope[side])),
  ].join('\n');

const counted = (counts: Readonly<Record<string, number>>, what: string): string[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `  ${name}: ${String(count)} ${what}.`);

function scopeLines(side: Side, { records, leaving, entering }: ScopeCount): string[] {
  if (leaving === null || entering === null)
    return [`  ${NAME[side]}: the filter looks at what was not read yet; a preview tells which records take part.`];
  if (leaving + entering === 0) return [];
  return [
    `  ${NAME[side]}: of ${String(records)} records ${String(leaving)} would no longer take part (their links stay), ${String(entering)} would take part.`,
  ];
}
