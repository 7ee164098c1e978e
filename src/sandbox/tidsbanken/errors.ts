import { json, Refusal, type Answer } from '../messages.ts';

/** The service's own errors. */
export function odataError(status: number, code: string, message: string): Answer {
  return json(status, { error: { code, message } });
}

/** Errors of the gateway in front of it have another shape. */
export function gatewayError(status: number, message: string): Answer {
  return json(status, { statusCode: status, message });
}

export function badRequest(message: string, code = 'BadRequest'): Refusal {
  return new Refusal(odataError(400, code, message));
}
