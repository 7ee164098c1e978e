import { expect } from '@playwright/test';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { button } from './desk.ts';
import type { Stage } from './desk.ts';
import { SCREENS, screen } from './screens.ts';

/** A demo before its first decision. */

const NEVER_RUN: Stage = {
  prepare: () => Promise.resolve(),
  scenes: SCREENS.map((name) => screen(name, 'empty', '-empty')),
};

const FIRST_PLAN: Stage = {
  prepare: async (demo: Demo) => void (await demo.tidsbro('plan')),
  scenes: [
    screen('overview', 'filled', '-first'),
    screen('review', 'filled', '-first'),
    screen('mismatches', 'filled', '-first'),
    {
      ...screen('review', 'dialog'),
      name: 'approve-all',
      overlay: {
        component: 'BulkDialog',
        opener: (desk) => button(desk, desk.t.review.approveAll),
        fill: (_, dialog) => expect(dialog.getByRole('textbox')).toBeVisible(),
      },
    },
  ],
};

export const FIRST_STAGES: readonly Stage[] = [NEVER_RUN, FIRST_PLAN];
