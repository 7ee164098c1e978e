import type { SwitchDefinitions } from '../switches.ts';

export interface CustomerpSwitches {
  requireIfMatch: boolean;
  uniqueNumbers: boolean;
  textLimit: number;
  rateBurst: number;
  ratePerSecond: number;
  latencyMs: number;
}

export const customerpSwitches: SwitchDefinitions<CustomerpSwitches> = {
  requireIfMatch: { standard: false, about: 'true: a PATCH without If-Match is 428' },
  uniqueNumbers: { standard: true, about: 'false: a number that is taken is given out again, as some systems do' },
  textLimit: { standard: 0, about: 'Longer texts are silently cut to so many characters; 0 for none' },
  rateBurst: { standard: 0, about: 'Requests let through at once before 429; 0 for no limit' },
  ratePerSecond: { standard: 10, about: 'Requests a second that refill the burst' },
  latencyMs: { standard: 0, about: 'Wait before every answer' },
};
