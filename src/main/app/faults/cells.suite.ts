import { ADDRESS_FAULTS } from '../../connectors/http/fault-matrix/address-faults.suite.ts';
import type { AddressFault } from '../../connectors/http/fault-matrix/address-faults.suite.ts';
import { WIRE_FAULTS } from '../../connectors/http/fault-matrix/catalogue.suite.ts';
import type { ReadOutcome, WireFault } from '../../connectors/http/fault-matrix/fault.suite.ts';

export type CellOp = 'update' | 'create' | 'read';

/** One cell of the matrix: a record of its own, whose write (or the look before it) is struck. */
export interface Cell {
  readonly name: string;
  readonly op: CellOp;
  /** Stands in the record, and so in the body of each write of it. */
  readonly token: string;
  readonly struckBy: { readonly wire: WireFault; readonly after: boolean } | { readonly address: AddressFault };
  /** How often it is still to be struck. */
  left: number;
}

/** So often that a look is given up (J3). A wait is struck once: the second ask is answered. */
const STRIKES_ON_READ: Partial<Record<ReadOutcome, number>> = { cut: 6, serverError: 6, slowDown: 6, unreadable: 2 };
/** As often as a change is tried within a run when surely nothing was applied (section 8); else once. */
const STRIKES_NOT_SENT = 3;

type Draft = Omit<Cell, 'token'>;

function ofWire(wire: WireFault): Draft[] {
  const moments = wire.isTrue ? [true] : [false, true];
  const writes = (['update', 'create'] as const).flatMap((op) =>
    moments.map((after) => ({
      name: `${op}, ${wire.name}, ${after ? 'after' : 'before'} the system acted`,
      op,
      struckBy: { wire, after },
      left: 1,
    })),
  );
  const left = STRIKES_ON_READ[wire.expected.read] ?? 1;
  return [...writes, { name: `read, ${wire.name}`, op: 'read', struckBy: { wire, after: true }, left }];
}

const ofAddress = (address: AddressFault): Draft[] =>
  (['update', 'create'] as const).map((op) => ({
    name: `${op}, ${address.name}`,
    op,
    struckBy: { address },
    left: address.expected.update === 'notSent' ? STRIKES_NOT_SENT : 1,
  }));

/** All cells of one target system. */
export const allCells = (): Cell[] =>
  [...WIRE_FAULTS.flatMap(ofWire), ...ADDRESS_FAULTS.flatMap(ofAddress)].map((draft, index) => ({
    ...draft,
    token: `c${String(index).padStart(4, '0')}@matrix.example`,
  }));
