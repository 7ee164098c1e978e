import type { ReactNode } from 'react';
import { LoadingState, ProblemNote } from './parts.tsx';
import type { PagedRows } from './paged-rows.ts';

interface RowsOrStateProps<Row> {
  readonly rows: PagedRows<Row>;
  readonly empty: ReactNode;
  readonly children: (rows: PagedRows<Row>) => ReactNode;
}

/** A list in whichever state it is: not here yet, failed, empty, or rows. */
export function RowsOrState<Row>({ rows, empty, children }: RowsOrStateProps<Row>) {
  if (rows.total === null && rows.failure === null) return <LoadingState />;
  const problem = rows.failure === null ? null : <ProblemNote failure={rows.failure} onRetry={() => rows.refresh()} />;
  // What was never read has no rows, and no details to wait for.
  if (rows.total === null) return problem;
  return (
    <>
      {problem}
      {rows.total === 0 ? empty : children(rows)}
    </>
  );
}
