import { useEffect, useState } from 'react';
import { failureOf } from '../bridge.ts';
import type { Client, Failure } from '../bridge.ts';
import { useApp } from '../store.ts';

export interface Loaded<T> {
  readonly data: T | null;
  readonly failure: Failure | null;
}

/**
 * What one call answers for one input, asked again when the data changed. `null` as input asks nothing.
 * The former answer stays on the screen while the next is under way, unless it answers another question.
 */
export function useCall<Input, T>(ask: (client: Client, input: Input) => Promise<T>, input: Input | null): Loaded<T> {
  const client = useApp((s) => s.client);
  const revision = useApp((s) => s.revision);
  const key = input === null ? null : JSON.stringify(input);
  const [state, setState] = useState<Loaded<T> & { key: string | null }>({ key: null, data: null, failure: null });
  useEffect(() => {
    if (client === null || key === null) return;
    let left = false;
    ask(client, JSON.parse(key) as Input).then(
      (data) => !left && setState({ key, data, failure: null }),
      (error: unknown) => !left && setState({ key, data: null, failure: failureOf(error) }),
    );
    return () => {
      left = true;
    };
  }, [ask, client, key, revision]);
  return state.key === key && key !== null ? state : NOTHING;
}

const NOTHING = { data: null, failure: null };
