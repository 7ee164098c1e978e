import { Cast, type Kind } from './cast.ts';

export interface SeedOptions {
  readonly customers: number;
  readonly employees: number;
  readonly projects: number;
  readonly overlap: number;
  readonly differ: number;
  readonly dirt: number;
  readonly alike?: boolean;
  readonly seed: number;
  /** The sandbox's time at the start; only the day counts. */
  readonly now: number;
}

/** The three casts, which refer to each other by index. */
export interface World {
  readonly customers: Cast;
  readonly employees: Cast;
  readonly projects: Cast;
  readonly now: number;
}

export function makeWorld({ customers, employees, projects, now, ...shares }: SeedOptions): World {
  const cast = (kind: Kind, count: number): Cast => new Cast({ kind, count, ...shares });
  return {
    customers: cast('customer', customers),
    employees: cast('employee', employees),
    projects: cast('project', projects),
    now,
  };
}
