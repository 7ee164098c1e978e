import { runChild } from '../child.ts';
import type { Measured } from '../child.ts';
import type { WriteTask } from '../floors/write.ts';
import { alternate, atMost, median, ratiosOf } from '../measure.ts';
import type { Figure, Turns } from '../measure.ts';
import { Stage, SYNC } from '../stage.ts';
import { BENCH_KINDS, idOf, World } from '../world.ts';
import type { RawRecord } from '../world.ts';
import { CONCURRENCY } from './write-cases.ts';

/** Tidsbanken begins empty and gets everything that Customerp has. */
export async function createSide({ size }: Stage, turns: Turns): Promise<Figure> {
  const writes = await createsOf(size);
  const found = await alternate(
    turns,
    () => floor(size, writes),
    () => product(size),
  );
  const created = found.product.at(-1)?.detail['flows'];
  return {
    name: 'create one whole side',
    size,
    ...found,
    goal: atMost('≤ 1.5 × floor', median(ratiosOf(found)), 1.5),
    notes: [
      `floor: look-ups, create, read-back and 2 commits for each of ${String(writes.length)} records, ${String(CONCURRENCY)} at a time`,
      `created: ${JSON.stringify(created)}`,
    ],
  };
}

async function product(size: number): Promise<Measured> {
  const stage = await Stage.open(size, null, 'tidsbanken');
  try {
    return await stage.product(await stage.cold(), SYNC);
  } finally {
    await stage.close();
  }
}

async function floor(size: number, writes: WriteTask['writes']): Promise<Measured> {
  const stage = await Stage.open(size, null, 'tidsbanken');
  try {
    const task: WriteTask = { urls: stage.world.urls, store: stage.path('floor.db'), concurrency: CONCURRENCY, writes };
    return await runChild('floors/write.ts', task);
  } finally {
    await stage.close();
  }
}

interface Door {
  readonly path: string;
  readonly lookIn: string;
  readonly array: boolean;
  /** The look-ups that the product makes: by each strong key, the chosen id last. */
  readonly lookUps: (record: RawRecord) => string[];
}

const idFilter = (record: RawRecord): string => `Id eq '${String(idOf(record))}'`;

const DOORS: Readonly<Record<string, Door>> = {
  Kunde: {
    path: '/prosjekt/Kunde',
    lookIn: '/prosjekt/Kunde',
    array: false,
    lookUps: (record) => [
      ...(record['Organisasjonsnummer'] === ''
        ? []
        : [`Organisasjonsnummer eq '${String(record['Organisasjonsnummer'])}'`]),
      idFilter(record),
    ],
  },
  Ansatt: {
    path: '/ansatt/ansatte',
    lookIn: '/ansatt/ansatt',
    array: true,
    lookUps: (record) => [`Id eq ${String(idOf(record))}`],
  },
  Prosjekt: {
    path: '/prosjekt/Prosjekt',
    lookIn: '/prosjekt/Prosjekt',
    array: false,
    lookUps: (record) => [idFilter(record)],
  },
};

/** What Tidsbanken would hold if it were full, as inserts. The systems' own first rows are left out. */
async function createsOf(size: number): Promise<WriteTask['writes']> {
  const full = await World.start(size);
  try {
    const perKind = await Promise.all(
      BENCH_KINDS.map(async ({ tidsbanken }) => {
        const records = await full.some('tidsbanken', tidsbanken, 0, size);
        return records.filter(isNoSystemRow).flatMap((record) => insertOf(tidsbanken, record));
      }),
    );
    return perKind.flat();
  } finally {
    await full.stop();
  }
}

const isNoSystemRow = (record: RawRecord): boolean => idOf(record) !== 100 && idOf(record) !== '0';

function insertOf(kind: string, record: RawRecord): WriteTask['writes'] {
  const door = DOORS[kind];
  if (door === undefined) return [];
  const body = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== ''));
  const { path, lookIn, array } = door;
  return [{ path, lookIn, array, method: 'POST', lookUps: door.lookUps(record), body }];
}
