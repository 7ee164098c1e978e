import type { StageWork, SystemWork } from '../../../shared/contract/run-work.ts';
import { table } from './table.ts';

const both = (of: (system: SystemWork) => string) => (row: StageWork) =>
  `${of(row.systems.customerp)}/${of(row.systems.tidsbanken)}`;

/** One line a stage; what was asked of each side stands as Customerp/Tidsbanken. */
export function workTable(work: readonly StageWork[]): string {
  return table<StageWork>(
    [
      { head: 'Stage', cell: ({ stage }) => stage },
      { head: 'Time s', cell: ({ ms }) => seconds(ms) },
      { head: 'Requests C/T', cell: both(({ requests }) => String(requests)) },
      { head: 'Refused C/T', cell: both(({ refused }) => String(refused)) },
      { head: 'Answering s C/T', cell: both(({ answeringMs }) => seconds(answeringMs)) },
      { head: 'Waited s C/T', cell: both(({ waitedMs }) => seconds(waitedMs)) },
      { head: 'Sent kB C/T', cell: both(({ bytesSent }) => kilobytes(bytesSent)) },
      { head: 'Received kB C/T', cell: both(({ bytesReceived }) => kilobytes(bytesReceived)) },
      { head: 'Statements', cell: ({ statements }) => statements },
    ],
    work,
  );
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
