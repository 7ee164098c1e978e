import { json, Refusal } from '../messages.ts';

export interface Detail {
  readonly field: string;
  readonly message: string;
}

export function refusal(status: number, code: string, message: string, details?: readonly Detail[]): Refusal {
  return new Refusal(json(status, { error: { code, message, ...(details === undefined ? {} : { details }) } }));
}

export function invalid(details: readonly Detail[]): Refusal {
  return refusal(422, 'validation', 'The record is not valid.', details);
}
