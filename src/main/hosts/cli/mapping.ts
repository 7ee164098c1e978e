import type { Declare } from './command.ts';
import { declareMappingLint } from './mapping-lint.ts';

/** mapping lint: how the fields of both systems belong together, and whether that can work. */
export const declareMapping: Declare = (program, define) => {
  const mapping = program.command('mapping').description('how the fields of both systems belong together');
  declareMappingLint(mapping, define);
};
