import { ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { Connector, ConnectorFailure, Page, RawRecord, WriteResult } from '../../connectors/connector.ts';
import type { Store } from '../../store/store.ts';
import type { SyncContext } from '../context.ts';
import { PREVIEW } from '../testing/run-on-fakes.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';

type Through = (ctx: SyncContext) => SyncContext;

/** Nobody disturbs what `act` tries, and it takes no time. */
export async function undisturbed<T>(fakes: Fakes, act: () => Promise<T>): Promise<T> {
  const startedAt = fakes.clock.now();
  try {
    return await fakes.customerp.quietly(() => fakes.tidsbanken.quietly(act));
  } finally {
    fakes.clock.turnBack(fakes.clock.now() - startedAt);
  }
}

/** I10: the plan that a copy of the store comes to, row by row, with the pages as they come or turned upside down. */
export const planOnCopy = (fakes: Fakes, order: 'asTheyCome' | 'upsideDown', mutant: Through): Promise<string> =>
  undisturbed(fakes, () =>
    fakes.onCopy(async (store) => {
      const through = order === 'upsideDown' ? (ctx: SyncContext) => mutant(turned(ctx)) : mutant;
      await fakes.runOn(store, { ...PREVIEW, full: true, through });
      return rowsOf(store);
    }),
  );

/** Everything of a plan but when it was made. */
async function rowsOf(store: Store): Promise<string> {
  const rows: string[] = [];
  for (const table of [store.changes, store.mismatches])
    for (let id = 1; ; id++) {
      const row = await table.get(id);
      if (row === null) break;
      rows.push(JSON.stringify(row, (key, value: unknown) => (key.endsWith('At') ? null : value)));
    }
  return rows.join('\n');
}

const SMALL_PAGE = 2;

/** The same systems, whose records come in the opposite order, two a page. */
const turned = (ctx: SyncContext): SyncContext => ({
  ...ctx,
  connectors: {
    customerp: turnedSystem(ctx.connectors.customerp),
    tidsbanken: turnedSystem(ctx.connectors.tidsbanken),
  },
});

const turnedSystem = (connector: Connector): Connector =>
  patched(connector, {
    collect: (...args: Parameters<Connector['collect']>) => turnedPages(connector.collect(...args)),
  });

async function* turnedPages(
  pages: AsyncIterable<Result<Page, ConnectorFailure>>,
): AsyncGenerator<Result<Page, ConnectorFailure>, void, void> {
  const records: RawRecord[] = [];
  let last: Page | null = null;
  for await (const page of pages) {
    if (!page.ok) {
      yield page;
      return;
    }
    last = page.value;
    records.unshift(...page.value.records.toReversed());
  }
  if (last === null) return;
  for (let from = 0; from === 0 || from < records.length; from += SMALL_PAGE)
    yield ok({ ...last, records: records.slice(from, from + SMALL_PAGE) });
}

/**
 * I17: applies what is approved on a store that does not know that it was applied already, once what it has collected
 * is too old for a look by K2. Nothing is really sent. Returns the changes that would have been.
 */
export async function sentOnceMore(fakes: Fakes, store: Store, mutant: Through): Promise<readonly number[]> {
  const sent: number[] = [];
  const refuse = async (): Promise<WriteResult> => {
    sent.push(...(await store.changes.idsIn(['sending'])));
    return { kind: 'notSent', detail: 'nothing is sent twice' };
  };
  const through: Through = (ctx) =>
    mutant({
      ...ctx,
      connectors: {
        customerp: patched(ctx.connectors.customerp, { create: refuse, update: refuse }),
        tidsbanken: patched(ctx.connectors.tidsbanken, { create: refuse, update: refuse }),
      },
    });
  await undisturbed(fakes, async () => {
    // Twice as long: collecting took time, and the clock was turned back since.
    fakes.clock.advance(2 * fakes.settings.collectionMaxAgeMs);
    await fakes.applyOn(store, { through });
  });
  return sent;
}

const patched = (connector: Connector, methods: Partial<Connector>): Connector =>
  new Proxy(connector, {
    get(inner, key): unknown {
      const own: unknown = Reflect.get(methods, key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(inner, key, inner);
      // Bound, because private fields are not seen through a proxy.
      return typeof value === 'function' ? (value.bind(inner) as unknown) : value;
    },
  });
