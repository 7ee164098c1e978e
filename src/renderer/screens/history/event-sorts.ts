/** Events of the journal, by what a person looks for. */
export const EVENT_SORTS = {
  written: ['verified', 'adopted', 'transformed'],
  notWritten: [
    'failed',
    'stale',
    'groupStale',
    'notSent',
    'notApplied',
    'notPersisted',
    'outcomeUnknown',
    'readBackFailed',
    'manual',
    'deferred',
    'approvalLapsed',
    'idCollision',
    'severalCandidates',
    'heldByRail',
    'noop',
    'groupNoop',
    'undoKept',
  ],
  decided: [
    'approved',
    'approvedByRule',
    'approvedByCount',
    'rejected',
    'decided',
    'decidedLater',
    'setAside',
    'undoProposed',
    'takenBack',
    'broughtBack',
    'reviewExported',
    'reviewMerged',
    'linkMade',
    'unlinked',
    'tombstoned',
    'directionSet',
  ],
} as const;

export const SORTS = ['written', 'notWritten', 'decided'] as const;
export type EventSort = (typeof SORTS)[number];
