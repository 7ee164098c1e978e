import Database from 'better-sqlite3';

export interface StatementCounts {
  /** Calls of statements, by stage. */
  readonly byStage: Readonly<Record<string, number>>;
  /** Transactions that wrote, a lone write included; each waits for the disk. */
  readonly commits: number;
  /** The texts called most often. */
  readonly top: readonly { readonly calls: number; readonly ms: number; readonly sql: string }[];
}

interface Tally {
  calls: number;
  ms: number;
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Counts every statement of this process from now on. It costs time, so a run that is counted is never one that is
 * timed.
 */
export function countStatements(stage: () => string): () => StatementCounts {
  const byText = new Map<string, Tally>();
  const byStage: Record<string, number> = {};
  let commits = 0;
  let depth = 0;
  const wrap = (db: Database.Database, statement: object, sql: string, name: string): void => {
    const act = Reflect.get(statement, name) as Call;
    Reflect.set(statement, name, function counted(this: unknown, ...args: unknown[]): unknown {
      const tally = byText.get(sql) ?? { calls: 0, ms: 0 };
      byText.set(sql, tally);
      tally.calls += 1;
      const now = stage();
      byStage[now] = (byStage[now] ?? 0) + 1;
      if (name === 'run' && !db.inTransaction) commits += 1;
      const startedAt = performance.now();
      const result = act.apply(this, args);
      tally.ms += performance.now() - startedAt;
      return result;
    });
  };
  const prototype = Database.prototype as unknown as { prepare: Call; transaction: Call };
  const { prepare, transaction } = prototype;
  const counted = new WeakSet<object>();
  prototype.prepare = function prepared(this: unknown, ...args: unknown[]): unknown {
    const statement = prepare.apply(this, args) as object;
    if (counted.has(statement)) return statement;
    counted.add(statement);
    for (const name of ['run', 'get', 'all', 'iterate'])
      wrap(this as Database.Database, statement, String(args[0]).replaceAll(/\s+/g, ' ').trim(), name);
    return statement;
  };
  prototype.transaction = function transacted(this: unknown, act: unknown): unknown {
    return transaction.call(this, function inside(this: unknown, ...args: unknown[]): unknown {
      depth += 1;
      if (depth === 1) commits += 1;
      try {
        return (act as Call).apply(this, args);
      } finally {
        depth -= 1;
      }
    });
  };
  return () => ({
    byStage,
    commits,
    top: [...byText]
      .map(([sql, { calls, ms }]) => ({ calls, ms: Math.round(ms), sql: sql.slice(0, 160) }))
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, 25),
  });
}
