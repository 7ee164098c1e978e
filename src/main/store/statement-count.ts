import type { Statement } from 'better-sqlite3';
import type { Db } from './db.ts';

const counts = new WeakMap<Db, { calls: number }>();

/** Statements that this store has carried out since it was opened. */
export const statementsOf = (db: Db): number => counts.get(db)?.calls ?? 0;

/** Makes a statement of a store count its calls: a number that goes up is all that it costs. */
export function counted(db: Db, statement: Statement): Statement {
  const count = counts.get(db) ?? { calls: 0 };
  counts.set(db, count);
  for (const name of ['run', 'get', 'all', 'iterate'] as const) {
    const act = (statement[name] as (...args: unknown[]) => unknown).bind(statement);
    const value = (...args: unknown[]): unknown => {
      count.calls += 1;
      return act(...args);
    };
    // Whoever measures a whole process from outside puts a counter of its own over this one.
    Object.defineProperty(statement, name, { value, writable: true, configurable: true });
  }
  return statement;
}
