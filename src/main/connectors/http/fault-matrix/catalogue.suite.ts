import { BODY_FAULTS } from './body-faults.suite.ts';
import { CONNECTION_FAULTS } from './connection-faults.suite.ts';
import type { WireFault } from './fault.suite.ts';
import { STATUS_FAULTS } from './status-faults.suite.ts';

/** Every fault that a system, or something between, can answer a request with. */
export const WIRE_FAULTS: readonly WireFault[] = [...CONNECTION_FAULTS, ...BODY_FAULTS, ...STATUS_FAULTS];
