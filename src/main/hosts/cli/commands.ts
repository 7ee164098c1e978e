import type { Declare } from './command.ts';
import { declareAudit } from './audit.ts';
import { declareDataflow } from './dataflow.ts';
import { declareLinks } from './links.ts';
import { declareLists } from './lists.ts';
import { declareMapping } from './mapping.ts';
import { declareRestore } from './restore.ts';
import { declareReview } from './review.ts';
import { declareRuns } from './runs.ts';
import { declareSandbox } from './sandbox.ts';
import { declareServe } from './serve.ts';
import { declareSetup } from './setup.ts';
import { declareUndo } from './undo.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Declare[] = [
  declareSandbox,
  declareSetup,
  declareRestore,
  declareRuns,
  declareAudit,
  declareReview,
  declareUndo,
  declareLists,
  declareLinks,
  declareDataflow,
  declareMapping,
  declareServe,
];
