import { KINDS } from '../../shared/domain.ts';
import type { Kind } from '../../shared/domain.ts';

/** What the test of a system says of one kind of record. */
export interface Finding {
  readonly kind: Kind;
  readonly found: 'readable' | 'noRecord' | 'lacks';
  /** Fields that a sample record does not show. */
  readonly fields: string;
}

const LINE = /^(\w+): readable(?<none>, no record yet)?(?:; a sample record lacks (?<fields>.+))?$/;

/** The finding in a line such as `customer: readable`; null where the system said something of its own, which is shown as it is. */
export function findingOf(line: string): Finding | null {
  const match = LINE.exec(line);
  const kind = KINDS.find((one) => one === match?.[1]);
  if (match === null || kind === undefined) return null;
  const { none, fields } = match.groups ?? {};
  return {
    kind,
    found: none === undefined ? (fields === undefined ? 'readable' : 'lacks') : 'noRecord',
    fields: fields ?? '',
  };
}
