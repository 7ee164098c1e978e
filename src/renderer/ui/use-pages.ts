import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { failureOf } from '../bridge.ts';
import type { Client } from '../bridge.ts';
import { useApp } from '../store.ts';
import { PagedRows } from './paged-rows.ts';
import type { Page } from './paged-rows.ts';
import { useSame } from './use-same.ts';

/**
 * `query` is the filter of the list: a new one starts a new list. `ask` must be a module-level function. One question is
 * under way at a time: of those that are typed meanwhile only the newest is asked, so that none waits behind the others.
 */
export function usePages<Query, Row>(
  ask: (client: Client, query: Query, window: { offset: number; limit: number }) => Promise<Page<Row>>,
  query: Query,
): PagedRows<Row> | null {
  const client = useApp((s) => s.client);
  const revision = useApp((s) => s.revision);
  const wanted = useSame(query);
  const [asked, setAsked] = useState(wanted);
  const rows = useMemo(
    () =>
      client === null ? null : new PagedRows<Row>((offset, limit) => ask(client, asked, { offset, limit }), failureOf),
    [ask, client, asked],
  );
  useSyncExternalStore(rows?.subscribe ?? subscribeToNothing, rows?.version ?? nothing);
  if (asked !== wanted && isAnswered(rows)) setAsked(wanted);
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- a new revision means: read again
  useEffect(() => rows?.refresh(), [rows, revision]);
  return rows;
}

const isAnswered = <Row>(rows: PagedRows<Row> | null): boolean =>
  rows === null || rows.total !== null || rows.failure !== null;
const subscribeToNothing = () => () => undefined;
const nothing = () => null;
