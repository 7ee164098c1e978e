import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/contract.ts';
import { valueOf } from '../router.ts';
import type { SetupDesk } from './setup-desk.ts';

const os = implement({ setup: contract.setup }).$context<{ readonly setup: SetupDesk }>();

/** What a window may ask before a workspace is open: the part `setup` of the contract, and nothing else. */
export const setupRouter = os.router({
  setup: {
    state: os.setup.state.handler(({ context }) => context.setup.state()),
    test: os.setup.test.handler(({ input, context }) => context.setup.test(input.side, input.system)),
    folders: os.setup.folders.handler(async ({ input, context, errors }) =>
      valueOf(await context.setup.folders(input.folder), errors),
    ),
    demo: os.setup.demo.handler(async ({ context, errors }) => valueOf(await context.setup.demo(), errors)),
    create: os.setup.create.handler(async ({ input, context, errors }) =>
      valueOf(await context.setup.create(input), errors),
    ),
    open: os.setup.open.handler(async ({ input, context, errors }) =>
      valueOf(await context.setup.open(input.folder), errors),
    ),
  },
});
