import type { Side } from '../../src/shared/domain.ts';
import { runChild } from '../child.ts';
import type { Measured } from '../child.ts';
import type { WriteTask } from '../floors/write.ts';
import { alternate, atMost, median, ratiosOf } from '../measure.ts';
import type { Figure, Turns } from '../measure.ts';
import { Stage, SYNC } from '../stage.ts';
import { BENCH_KINDS, idOf, World } from '../world.ts';
import type { RawRecord, TidsbankenKind } from '../world.ts';
import { CONCURRENCY } from './write-cases.ts';

/** Tidsbanken begins empty and gets everything that Customerp has and that is in use. */
export async function createSide({ size }: Stage, turns: Turns): Promise<Figure> {
  const writes = await writesOf(size);
  const found = await alternate(
    turns,
    () => floor(size, writes),
    async () => sameWork(writes, await product(size)),
  );
  return {
    name: 'create one whole side',
    size,
    ...found,
    goal: atMost('≤ 1.5 × floor', median(ratiosOf(found)), 1.5),
    notes: [
      `both sides: ${BENCH_KINDS.map(({ tidsbanken }) => `${tidsbanken} ${JSON.stringify(countsOf(writes, tidsbanken))}`).join(', ')}; what has ended is not created`,
      `floor: look-ups, create, read-back and 2 commits for each, ${String(CONCURRENCY)} at a time; an Ansatt gets its project with a second write, once the project is there, as in the product; it reads nothing of Customerp`,
    ],
  };
}

interface Counts {
  readonly created: number;
  readonly updated: number;
}

function countsOf(writes: Writes, kind: TidsbankenKind): Counts {
  const own = writes.filter(({ lookIn }) => lookIn === DOORS[kind].lookIn);
  const created = own.filter(({ method }) => method === 'POST').length;
  return { created, updated: own.length - created };
}

/** A ratio tells something only as long as the floor writes what the product writes. */
function sameWork(writes: Writes, measured: Measured): Measured {
  const flows = measured.detail['flows'] as Readonly<Record<string, Record<keyof Counts, Record<Side, number>>>>;
  for (const { flow, tidsbanken } of BENCH_KINDS) {
    const ours = { created: flows[flow]?.created.tidsbanken, updated: flows[flow]?.updated.tidsbanken };
    const floors = countsOf(writes, tidsbanken);
    if (ours.created !== floors.created || ours.updated !== floors.updated)
      throw new Error(
        `The product wrote other records than the floor: ${tidsbanken} ${JSON.stringify(ours)}, and not ${JSON.stringify(floors)}.`,
      );
  }
  return measured;
}

async function product(size: number): Promise<Measured> {
  const stage = await Stage.open(size, null, 'tidsbanken');
  try {
    return await stage.product(await stage.cold(), SYNC);
  } finally {
    await stage.close();
  }
}

async function floor(size: number, writes: Writes): Promise<Measured> {
  const stage = await Stage.open(size, null, 'tidsbanken');
  try {
    const task: WriteTask = { urls: stage.world.urls, store: stage.path('floor.db'), concurrency: CONCURRENCY, writes };
    return await runChild('floors/write.ts', task);
  } finally {
    await stage.close();
  }
}

type Writes = WriteTask['writes'];

interface Door {
  readonly path: string;
  readonly lookIn: string;
  readonly array: boolean;
  /** The look-ups that the product makes: by each strong key, the chosen id last. */
  readonly lookUps: (record: RawRecord) => string[];
}

const idFilter = (record: RawRecord): string => `Id eq '${String(idOf(record))}'`;

const DOORS: Readonly<Record<TidsbankenKind, Door>> = {
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

/**
 * What Tidsbanken would hold if it were full, as inserts; then what can only be written once all is there. The systems'
 * own first rows are left out, and so is what has ended: it is not created in the other system.
 */
async function writesOf(size: number): Promise<Writes> {
  const full = await World.start(size);
  try {
    const [kunder = [], ansatte = [], prosjekter = []] = await Promise.all(
      BENCH_KINDS.map(async ({ tidsbanken }) => {
        const records = await full.some('tidsbanken', tidsbanken, 0, size);
        return records.filter((record) => !isSystemRow(record) && !hasEnded(record));
      }),
    );
    const open = new Set(prosjekter.map(idOf));
    return [
      ...kunder.map((record) => insertOf('Kunde', record)),
      ...ansatte.map((record) => insertOf('Ansatt', { ...record, ProsjektId: null })),
      ...prosjekter.map((record) => insertOf('Prosjekt', record)),
      ...ansatte.filter((record) => open.has(record['ProsjektId'])).map(projectOf),
    ];
  } finally {
    await full.stop();
  }
}

const isSystemRow = (record: RawRecord): boolean => idOf(record) === 100 || idOf(record) === '0';
const hasEnded = (record: RawRecord): boolean => record['Sluttet'] === true || record['Avsluttet'] === true;

function insertOf(kind: TidsbankenKind, record: RawRecord): Writes[number] {
  const { path, lookIn, array, lookUps } = DOORS[kind];
  const body = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== ''));
  return { path, lookIn, array, method: 'POST', lookUps: lookUps(record), body };
}

/** Employees come before the projects, so the project of one is written afterwards. */
function projectOf(record: RawRecord): Writes[number] {
  const { lookIn, lookUps } = DOORS.Ansatt;
  const body = { ProsjektId: record['ProsjektId'] };
  return { path: lookIn, lookIn, array: true, method: 'PUT', lookUps: lookUps(record), body };
}
