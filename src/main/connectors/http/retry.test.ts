import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { ConnectorFailure } from '../connector.ts';
import { impatientDeps } from './deps.fixture.ts';
import { retryRead } from './retry.ts';

const never = new AbortController().signal;
const detail = '';

function scene(...outcomes: Result<string, ConnectorFailure>[]) {
  let attempts = 0;
  const deps = impatientDeps(0, 0.5);
  const attempt = (): Promise<Result<string, ConnectorFailure>> => {
    const outcome = outcomes[Math.min(attempts, outcomes.length - 1)];
    attempts += 1;
    return Promise.resolve(outcome ?? ok(''));
  };
  return { waits: deps.slept, deps, attempt, attempts: () => attempts };
}

describe('reads are tried again (J3)', () => {
  it.each<ConnectorFailure>([
    { kind: 'unreachable', detail },
    { kind: 'timeout', detail },
    { kind: 'cut', detail },
    { kind: 'serverError', status: 502, detail },
  ])('$kind passes: half of 0.5, 1, 2, 4 and 8 s, then given up', async (failure) => {
    const s = scene(fail(failure));
    expect(await retryRead(s.deps, never, s.attempt)).toEqual(fail(failure));
    expect(s.waits).toEqual([250, 500, 1_000, 2_000, 4_000]);
    expect(s.attempts()).toBe(6);
  });

  it('an unreadable answer is asked for once more: a wrong address does not pass', async () => {
    const failure: ConnectorFailure = { kind: 'unreadable', detail };
    const s = scene(fail(failure));
    expect(await retryRead(s.deps, never, s.attempt)).toEqual(fail(failure));
    expect(s.attempts()).toBe(2);
  });

  it.each<ConnectorFailure>([
    { kind: 'signInNeeded', status: 401, detail },
    { kind: 'refused', status: 404, detail },
    { kind: 'cancelled', detail },
  ])('$kind does not pass', async (failure) => {
    const s = scene(fail(failure), ok('never'));
    expect(await retryRead(s.deps, never, s.attempt)).toEqual(fail(failure));
    expect(s.attempts()).toBe(1);
  });

  it('a success ends it', async () => {
    const s = scene(fail({ kind: 'cut', detail }), ok('there'), fail({ kind: 'cut', detail }));
    expect(await retryRead(s.deps, never, s.attempt)).toEqual(ok('there'));
    expect(s.attempts()).toBe(2);
  });

  it('waits at least as long as the system asks', async () => {
    const s = scene(fail({ kind: 'slowDown', retryAfterMs: 7_000, detail }), ok('there'));
    expect(await retryRead(s.deps, never, s.attempt)).toEqual(ok('there'));
    expect(s.waits).toEqual([7_250]);
  });

  it.each([
    { asked: 10 * 60_000, waits: 1 },
    { asked: 15 * 60_000 + 1, waits: 0 },
    { asked: 86_400_000, waits: 0 },
  ])('$asked ms asked for each time: all waits together stay within 15 min', async ({ asked, waits }) => {
    const failure = { kind: 'slowDown', retryAfterMs: asked, detail } as const;
    const s = scene(fail(failure));
    expect(await retryRead(s.deps, never, s.attempt)).toEqual(fail(failure));
    expect(s.waits).toHaveLength(waits);
  });

  it('cancelling ends the wait', async () => {
    const stop = new AbortController();
    const s = scene(fail({ kind: 'cut', detail }));
    const sleep = (): Promise<void> => Promise.resolve(stop.abort());
    const result = await retryRead({ ...s.deps, sleep }, stop.signal, s.attempt);
    expect(result).toMatchObject({ failure: { kind: 'cancelled' } });
    expect(s.attempts()).toBe(1);
  });
});
