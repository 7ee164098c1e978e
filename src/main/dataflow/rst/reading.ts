import type { Line } from './lines.ts';
import type { Block, RstProblem } from './nodes.ts';

/** What the parsers of the parts share: where to tell of faults, and how to read what stands inside a part. */
export interface Reading {
  /** The text is broken at that line. */
  readonly error: (line: number, what: string) => void;
  /** The line was read, in the way that is told. */
  readonly note: (line: number, what: string) => void;
  /** The blocks of some lines one level further in; they stand at the margin. */
  readonly inside: (lines: readonly Line[]) => Block[];
}

/** What a parser of one part found, and at which index the text goes on. */
export interface Parsed {
  readonly blocks: readonly Block[];
  readonly next: number;
}

export type PartParser = (lines: readonly Line[], at: number, reading: Reading) => Parsed;

export const tellers = (problems: RstProblem[]): Pick<Reading, 'error' | 'note'> => ({
  error: (line, what) => void problems.push({ severity: 'error', line, what }),
  note: (line, what) => void problems.push({ severity: 'note', line, what }),
});
