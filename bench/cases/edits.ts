import type { Side } from '../../src/shared/domain.ts';
import { BENCH_KINDS, idOf } from '../world.ts';
import type { World } from '../world.ts';
import type { WriteTask } from '../floors/write.ts';

/** The change that some records of each kind get, at a system itself. `turn` makes the value a new one. */
export async function editSome(world: World, side: Side, count: number, offset: number, turn: string): Promise<void> {
  for (const kind of BENCH_KINDS) {
    const many = Math.round(count * kind.share);
    const records = await world.some(side, kind[side], placeOf(world, kind.share, offset), many);
    await world.editAll(
      records.map((record) => ({
        side,
        kind: kind[side],
        id: idOf(record),
        patch: { [kind.edit[side]]: `Benk ${turn} ${String(idOf(record))}` },
      })),
    );
  }
}

/** Customers and projects that are in Customerp only. `turn` makes their names and numbers new ones. */
export async function addSome(world: World, turn: string): Promise<void> {
  for (const kind of ['customers', 'projects'])
    for (const nth of ['1', '2', '3'])
      await world.create(kind, { name: `Ny ${turn} ${nth}`, number: `${turn}-${nth}` });
}

/** Offsets are shares of a kind, so that small kinds are not left behind. The first rows are the systems' own. */
const placeOf = (world: World, share: number, offset: number): number => 2 + Math.floor(world.pairs * share * offset);

const PATHS: Readonly<Record<string, { path: string; text: boolean }>> = {
  Kunde: { path: '/prosjekt/Kunde', text: true },
  Ansatt: { path: '/ansatt/ansatt', text: false },
  Prosjekt: { path: '/prosjekt/Prosjekt', text: true },
};

/** The same number of updates in Tidsbanken, for the floor. */
export async function updatesIn(twin: World, count: number, turn: string): Promise<WriteTask['writes']> {
  const perKind = await Promise.all(
    BENCH_KINDS.map(async ({ share, tidsbanken, edit }) => {
      const at = PATHS[tidsbanken] ?? { path: '', text: true };
      const records = await twin.some('tidsbanken', tidsbanken, 2, Math.round(count * share));
      return records.map((record) => {
        const id = String(idOf(record));
        return {
          path: at.path,
          lookIn: at.path,
          lookUps: [`Id eq ${at.text ? `'${id}'` : id}`],
          method: 'PUT' as const,
          array: true,
          body: { [edit.tidsbanken]: `Benk ${turn} ${id}` },
        };
      });
    }),
  );
  return perKind.flat();
}

/** The first projects, by the number both sides know: the name becomes another one on each side. */
const CONFLICT_FROM = 2;

async function projectPairs(world: World, count: number): Promise<{ customerp: unknown; tidsbanken: unknown }[]> {
  const prosjekter = await world.some('tidsbanken', 'Prosjekt', CONFLICT_FROM, count);
  const response = await Promise.all(
    prosjekter.map(async (prosjekt) => ({
      customerp: await world.idByNumber('projects', String(idOf(prosjekt))),
      tidsbanken: idOf(prosjekt),
    })),
  );
  return response.filter(({ customerp }) => customerp !== undefined);
}

/** Both sides give the same property of the same pairs another value. */
export async function conflict(world: World, count: number, turn: string): Promise<void> {
  await nameBoth(world, count, (side, id) => `Benk ${side} ${turn} ${String(id)}`);
}

/** Ends what `conflict` began: people agree on one name. */
export async function agree(world: World): Promise<void> {
  await nameBoth(world, MOST_CONFLICTS, (_side, id) => `Benk ${String(id)}`);
}

const MOST_CONFLICTS = 1_000;

async function nameBoth(world: World, count: number, name: (side: Side, id: unknown) => string): Promise<void> {
  const pairs = await projectPairs(world, count);
  await world.editAll(
    pairs.flatMap(({ customerp, tidsbanken }) => [
      { side: 'customerp' as const, kind: 'projects', id: customerp, patch: { name: name('customerp', tidsbanken) } },
      {
        side: 'tidsbanken' as const,
        kind: 'Prosjekt',
        id: tidsbanken,
        patch: { Navn: name('tidsbanken', tidsbanken) },
      },
    ]),
  );
}
