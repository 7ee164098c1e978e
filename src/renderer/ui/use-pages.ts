import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { failureOf } from '../bridge.ts';
import type { Client } from '../bridge.ts';
import { useApp } from '../store.ts';
import { PagedRows } from './paged-rows.ts';
import type { Page } from './paged-rows.ts';

/** `query` is the filter of the list: a new one starts a new list. `ask` must be a module-level function. */
export function usePages<Query, Row>(
  ask: (client: Client, query: Query, window: { offset: number; limit: number }) => Promise<Page<Row>>,
  query: Query,
): PagedRows<Row> | null {
  const client = useApp((s) => s.client);
  const revision = useApp((s) => s.revision);
  const key = JSON.stringify(query);
  const rows = useMemo(() => {
    if (client === null) return null;
    const asked = JSON.parse(key) as Query;
    return new PagedRows<Row>((offset, limit) => ask(client, asked, { offset, limit }), failureOf);
  }, [ask, client, key]);
  useSyncExternalStore(rows?.subscribe ?? subscribeToNothing, rows?.version ?? zero);
  useEffect(() => rows?.refresh(), [rows, revision]);
  return rows;
}

const subscribeToNothing = () => () => undefined;
const zero = () => 0;
