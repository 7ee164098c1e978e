import type { Kind, Side } from '../../shared/domain.ts';
import type { KeyedRecord } from '../store/record-keys.ts';
import type { Store } from '../store/store.ts';
import { giveWay } from './plan/part.ts';

const PAGE = 5_000;

/** The records of a kind that are present, with their keys, in the order of their native ids. */
export async function* keyedPages(
  store: Pick<Store, 'keys'>,
  kind: Kind,
  side: Side,
  who: 'linked' | 'unlinked',
): AsyncGenerator<readonly KeyedRecord[], void, void> {
  for (let after = ''; ;) {
    await giveWay();
    const page = await store.keys.page(kind, side, who, after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.nativeId ?? '';
  }
}
