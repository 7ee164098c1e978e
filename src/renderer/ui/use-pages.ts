import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { failureOf } from '../bridge.ts';
import type { Client } from '../bridge.ts';
import { app, useApp } from '../store.ts';
import { PagedRows } from './paged-rows.ts';
import type { Page } from './paged-rows.ts';
import { useSame } from './use-same.ts';

/**
 * `query` is the filter of the list: a new one starts a new list. `ask` must be a module-level function. One question is
 * under way at a time: of those that are typed meanwhile only the newest is asked, so that none waits behind the others.
 * A list outlives its connection: what was read stays, what was not says that it could not be, and a new one reads anew.
 */
export function usePages<Query, Row>(
  ask: (client: Client, query: Query, window: { offset: number; limit: number }) => Promise<Page<Row>>,
  query: Query,
): PagedRows<Row> {
  const isConnecting = useApp((s) => s.connection === 'connecting');
  const revision = useApp((s) => s.revision);
  const wanted = useSame(query);
  const [asked, setAsked] = useState(wanted);
  const rows = useMemo(
    () =>
      new PagedRows<Row>((offset, limit) => withClient((client) => ask(client, asked, { offset, limit })), failureOf),
    [ask, asked],
  );
  useSyncExternalStore(rows.subscribe, rows.version);
  if (asked !== wanted && (rows.total !== null || rows.failure !== null)) setAsked(wanted);
  useEffect(() => {
    if (!isConnecting) rows.refresh();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- a new revision means: read again
  }, [rows, revision, isConnecting]);
  return rows;
}

/** Rejects where the connection is lost, as a call does that was under way then. */
async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { client } = app();
  if (client === null) throw new Error('The connection is lost.');
  return work(client);
}
