import { useEffect, useState } from 'react';
import { failureOf } from '../bridge.ts';
import type { Client, Failure } from '../bridge.ts';
import { useApp } from '../store.ts';
import { useSame } from './use-same.ts';

export interface Loaded<T> {
  readonly data: T | null;
  readonly failure: Failure | null;
}

/**
 * What one call answers for one input, asked again when the data changed. `null` as input asks nothing.
 * The former answer stays on the screen while the next is under way, unless it answers another question. Without a
 * connection it stays, too; what was not asked before then has failed.
 */
export function useCall<Input, T>(ask: (client: Client, input: Input) => Promise<T>, input: Input | null): Loaded<T> {
  const client = useApp((s) => s.client);
  const isOffline = useApp((s) => s.connection === 'offline');
  const revision = useApp((s) => s.revision);
  const asked = useSame(input);
  const [answer, setAnswer] = useState<(Loaded<T> & { readonly to: Input }) | null>(null);
  useEffect(() => {
    if (client === null || asked === null) return undefined;
    let left = false;
    ask(client, asked).then(
      (data) => !left && setAnswer({ to: asked, data, failure: null }),
      (error: unknown) => !left && setAnswer({ to: asked, data: null, failure: failureOf(error) }),
    );
    return () => {
      left = true;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- a new revision means: ask again
  }, [ask, client, asked, revision]);
  if (answer !== null && answer.to === asked) return answer;
  return asked !== null && isOffline ? GONE : NOTHING;
}

const NOTHING = { data: null, failure: null };
const GONE = { data: null, failure: { kind: 'gone', problem: null } } as const;
