import type { PropertyView } from '../../../shared/contract/views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { Store } from '../../store/store.ts';
import type { PairInView } from '../views.ts';

/** The two records of a change, a mismatch or a link as last read; their link only if it joins just these two. */
export async function loadPair(
  { records, links }: Pick<Store, 'records' | 'links'>,
  kind: Kind,
  { customerp: customerpId, tidsbanken: tidsbankenId }: Pair<string | null>,
): Promise<PairInView> {
  const customerp = customerpId === null ? null : await records.get(kind, 'customerp', customerpId);
  const tidsbanken = tidsbankenId === null ? null : await records.get(kind, 'tidsbanken', tidsbankenId);
  const link = customerpId === null ? null : await links.of(kind, 'customerp', customerpId);
  return { customerp, tidsbanken, link: link?.tidsbankenId === tidsbankenId ? link : null };
}

/** A native id says little to a person: what it points to is named beside it. */
export async function withNames<View extends PropertyView>(
  { records }: Pick<Store, 'records'>,
  flow: CompiledFlow,
  views: readonly View[],
): Promise<View[]> {
  return Promise.all(
    views.map(async (view) => {
      const kind = flow.property(view.property)?.reference;
      if (kind === undefined) return view;
      const [customerp, tidsbanken] = await Promise.all(
        SIDES.map(async (side) => {
          const id = view[side];
          const record = typeof id === 'string' ? await records.get(kind, side, id) : null;
          return record?.label;
        }),
      );
      const names = {
        ...(customerp === undefined ? {} : { customerp }),
        ...(tidsbanken === undefined ? {} : { tidsbanken }),
      };
      return { ...view, names };
    }),
  );
}
