import type { SwitchDefinitions } from '../switches.ts';

/** Where the truth about the service is unknown the simulator can be either way. */
export interface TidsbankenSwitches {
  insertStatus: number;
  updateStatus: number;
  insertNull: 'refuse' | 'accept';
  duplicateKeyStatus: number;
  tbKeyStatus: number;
  putMissing: 'notFound' | 'create';
  putMerges: boolean;
  nullClears: boolean;
  emptyText: 'empty' | 'null';
  wrongShape: 'refuse' | 'accept';
  bulk: boolean;
  projectAutoNumber: boolean;
  unknownProperties: 'lenient' | 'strict';
  danglingReferences: 'lenient' | 'strict';
  types: 'strict' | 'lenient';
  textLimit: number;
  textLimitAction: 'refuse' | 'truncate';
  defaultPageSize: number;
  maxPageSize: number;
  nextLink: boolean;
  defaultSelect: 'all' | 'small';
  kundeByKey: 'value' | 'entity';
  prosjektByKey: 'notFound' | 'entity';
  clockQuirk: boolean;
  filterClock: 'digits' | 'instant' | 'true';
  incomingOffset: 'utcDigits' | 'keepDigits';
  trimFraction: boolean;
  rateBurst: number;
  ratePerSecond: number;
  latencyMs: number;
}

export const tidsbankenSwitches: SwitchDefinitions<TidsbankenSwitches> = {
  insertStatus: { standard: 201, choices: [200, 201, 204], about: 'Answer to an insert; 204 has no body' },
  updateStatus: { standard: 200, choices: [200, 201, 204], about: 'Answer to an update; 204 has no body' },
  insertNull: { standard: 'refuse', choices: ['refuse', 'accept'], about: 'Insert with a null property (Q1)' },
  duplicateKeyStatus: { standard: 409, choices: [400, 409], about: 'Insert with a key that exists' },
  tbKeyStatus: { standard: 401, choices: [401, 403], about: 'tb-key missing or wrong' },
  putMissing: { standard: 'notFound', choices: ['notFound', 'create'], about: 'PUT on a key that does not exist (Q5)' },
  putMerges: { standard: true, about: 'false: PUT replaces, and empties what it does not name (Q6)' },
  nullClears: { standard: true, about: 'false: a null in an update changes nothing' },
  emptyText: { standard: 'empty', choices: ['empty', 'null'], about: 'What unset text looks like (Q15)' },
  wrongShape: {
    standard: 'refuse',
    choices: ['refuse', 'accept'],
    about: 'Bare object where an array is wanted, or the reverse (Q2, Q3)',
  },
  bulk: { standard: true, about: 'false: arrays of more than one record are refused' },
  projectAutoNumber: { standard: true, about: 'Prosjekt insert without Id gets the next free number (Q4)' },
  unknownProperties: {
    standard: 'lenient',
    choices: ['lenient', 'strict'],
    about: 'Unknown or server-kept property in a body: ignored or 400 (Q24)',
  },
  danglingReferences: {
    standard: 'lenient',
    choices: ['lenient', 'strict'],
    about: 'KundeId, AvdelingId, AnsvarligId … that lead nowhere: accepted or 400',
  },
  types: {
    standard: 'strict',
    choices: ['strict', 'lenient'],
    about: 'strict: "80" for a number is 400; lenient: converted where possible',
  },
  textLimit: { standard: 0, about: 'Longest text in characters; 0 for none' },
  textLimitAction: { standard: 'refuse', choices: ['refuse', 'truncate'], about: 'Longer text: 400, or silently cut' },
  defaultPageSize: { standard: 1000, about: 'Rows in a page without $top' },
  maxPageSize: { standard: 0, about: 'Cap on rows in a page whatever $top says; 0 for none' },
  nextLink: { standard: false, about: 'A page that was capped carries @odata.nextLink, on the internal host (Q23)' },
  defaultSelect: {
    standard: 'all',
    choices: ['all', 'small'],
    about: 'Without $select: every property, or the first eight',
  },
  kundeByKey: {
    standard: 'value',
    choices: ['value', 'entity'],
    about: "prosjekt/Kunde('x'): value array of 0 or 1, or bare entity and 404 (Q8, Q9)",
  },
  prosjektByKey: {
    standard: 'notFound',
    choices: ['notFound', 'entity'],
    about: "prosjekt/Prosjekt('x'): always 404, or bare entity (Q8)",
  },
  clockQuirk: {
    standard: true,
    about: 'Kunde and Prosjekt stamps are UTC digits with Oslo’s offset (Q11); false: right',
  },
  filterClock: {
    standard: 'digits',
    choices: ['digits', 'instant', 'true'],
    about:
      'What $filter compares on a quirky stamp: digits shown with digits sent; shown value as instant; the true time',
  },
  incomingOffset: {
    standard: 'utcDigits',
    choices: ['utcDigits', 'keepDigits'],
    about:
      'A Prosjekt date sent with an offset: converted to UTC digits, which shifts the day (Q13), or offset dropped',
  },
  trimFraction: { standard: true, about: 'Fractions of seconds lose trailing zeros (Q12)' },
  rateBurst: { standard: 0, about: 'Requests let through at once before 429; 0 for no limit' },
  ratePerSecond: { standard: 10, about: 'Requests a second that refill the burst' },
  latencyMs: { standard: 0, about: 'Wait before every answer' },
};
