import Database from 'better-sqlite3';

export interface StatementCounts {
  /** Calls of statements, by stage. */
  readonly byStage: Readonly<Record<string, number>>;
  /** Rows that statements have answered with. */
  readonly rows: number;
  /** Transactions that wrote, a lone write included; each waits for the disk. */
  readonly commits: number;
  /** Statements that go through a table or index that grows with the pairs or the years, whole or for a kind. */
  readonly scans: readonly string[];
  /** The texts that took longest. */
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
  let rows = 0;
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
      rows += Array.isArray(result) ? result.length : 1;
      return result;
    });
  };
  const prototype = Database.prototype as unknown as { prepare: Call; transaction: Call };
  const { prepare, transaction } = prototype;
  const counted = new WeakSet<object>();
  const scans = new Set<string>();
  prototype.prepare = function prepared(this: unknown, ...args: unknown[]): unknown {
    const statement = prepare.apply(this, args) as object;
    if (counted.has(statement)) return statement;
    counted.add(statement);
    const sql = String(args[0]).replaceAll(/\s+/g, ' ').trim();
    if (isScan(sql, (text) => prepare.call(this, text) as Database.Statement)) scans.add(sql);
    for (const name of ['run', 'get', 'all', 'iterate']) wrap(this as Database.Database, statement, sql, name);
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
    rows,
    commits,
    scans: [...scans].filter((sql) => byText.has(sql)),
    top: [...byText]
      .map(([sql, { calls, ms }]) => ({ calls, ms: Math.round(ms), sql: sql.slice(0, 160) }))
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, 25),
  });
}

const GROWING =
  /\b(links|records|bases|journal|changes|intents|mismatches|decisions|runs|collections|unfiled_records|linked_keys)\b(?:\s+(?:AS\s+)?([a-z])\b)?/g;
/** Few values: to look for these alone is to go through a good part of the table. */
const FEW_VALUES: ReadonlySet<string> = new Set(['kind', 'side', 'state', 'op', 'target']);
const PARTIAL = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'";

/** Whether SQLite would go through all, or all of a kind, of a table that grows, by its own plan for the statement. */
function isScan(sql: string, prepare: (sql: string) => Database.Statement): boolean {
  if (!/^(SELECT|UPDATE|DELETE|WITH|INSERT)/.test(sql)) return false;
  const names = new Set([...sql.matchAll(GROWING)].flatMap(([, table, alias]) => [table, alias]));
  try {
    // Nothing is bound: what matters is the shape of the statement.
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll(/\?|:[a-zA-Z]+/g, 'NULL')}`).all() as {
      detail: string;
    }[];
    // The first rows of an index are not all of it.
    const isShort = /\bLIMIT\b/.test(sql) && !plan.some(({ detail }) => detail.includes('TEMP B-TREE'));
    const partial = new Set(prepare(PARTIAL).pluck().all());
    return plan.some(({ detail }) => {
      const [, how, table, index, terms] =
        /^(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|(?:INTEGER )?PRIMARY KEY))?(?: \((.*)\))?/.exec(
          detail,
        ) ?? [];
      // An index of what is open, gone or free holds no more than that.
      if (isShort || table === undefined || !names.has(table) || partial.has(index)) return false;
      const columns = [...(terms ?? '').matchAll(/(\w+)[=<>]/g)].map(([, column]) => column ?? '');
      return how === 'SCAN' || columns.every((column) => FEW_VALUES.has(column));
    });
  } catch {
    return false;
  }
}
