import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { AT_WORK } from './at-work.ts';
import type { Place, Scene, State } from './desk.ts';
import { FIRST_STAGES } from './first-stages.ts';
import { firstStartOf } from './first-start.ts';
import { hardTimesOf } from './hard-times.ts';
import { OPENED_REVIEW } from './opened-review.ts';

/** Every scene there is, in the order in which a demo goes through them. */
export const scenesOf = (demo: Demo): readonly Scene[] => [
  ...firstStartOf(demo),
  ...[...FIRST_STAGES, AT_WORK].flatMap(({ scenes }) => scenes),
  ...OPENED_REVIEW,
  ...hardTimesOf(demo).flatMap(({ scenes }) => scenes),
];

const SAID_BY_THE_HEAD = 'the link in the head says it there, as on Review';
const READS_ANEW = 'reads anew when it is opened, and decides nothing';
const NO_DIALOG = 'opens none';
const NO_WORKSPACE = 'there is no workspace yet';

/** Why a screen has no scene of a state. Whatever stands neither here nor among the scenes is missing. */
export const WITHOUT: Partial<Record<Place, Partial<Record<State, string>>>> = {
  mismatches: { running: SAID_BY_THE_HEAD },
  records: { running: SAID_BY_THE_HEAD, stale: READS_ANEW },
  mapping: { running: SAID_BY_THE_HEAD },
  checklist: { stale: 'each line tells its age', dialog: NO_DIALOG },
  history: { running: SAID_BY_THE_HEAD },
  setup: {
    loading: 'asks for nothing before a button is pressed',
    running: NO_WORKSPACE,
    offline: 'the browser says it: nothing was opened',
    stale: NO_WORKSPACE,
    readOnly: NO_WORKSPACE,
    dialog: NO_DIALOG,
  },
};
