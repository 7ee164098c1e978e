import type { Declare } from './command.ts';
import { declareMappingCheck } from './mapping-check.ts';
import { declareMappingConfirm } from './mapping-confirm.ts';
import { declareMappingLint } from './mapping-lint.ts';

/** mapping show, diff, check, lint, confirm: how the fields of both systems belong together, and whether that can work. */
export const declareMapping: Declare = (program, define) => {
  const mapping = program.command('mapping').description('how the fields of both systems belong together');
  declareMappingCheck(mapping, define);
  declareMappingLint(mapping, define);
  declareMappingConfirm(mapping, define);
};
