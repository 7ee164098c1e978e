import { pino } from 'pino';
import type { Logger } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/**
 * The log goes to stderr, so that stdout stays one JSON document for scripts. Levels by `TIDSBRO_LOG`, default `warn`.
 * Headers and bodies are never logged (J2, I19); what could carry a key is redacted all the same.
 */
export function openLog(env: Readonly<Record<string, string | undefined>>): Log {
  const level = env['TIDSBRO_LOG'] ?? 'warn';
  const known = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].includes(level);
  return pino(
    {
      base: null,
      level: known ? level : 'warn',
      redact: {
        paths: ['*.headers', '*.config', '*.request', 'err.config', 'err.request', 'err.response'],
        remove: true,
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
