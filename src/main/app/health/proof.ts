import type { Kind, Side } from '../../../shared/domain.ts';
import type { Capabilities } from '../../connectors/connector.ts';

/** What a capability was seen to be. `notTried`: it could not be seen without harm, or was not asked for. */
export const VERDICTS = ['asSaid', 'otherwise', 'unclear', 'notTried'] as const;

/** One capability of a system, as its descriptor has it and as it was seen on a named record (2.4). */
export interface Proof {
  readonly side: Side;
  readonly kind: Kind;
  readonly capability: keyof Capabilities | 'clock';
  /** What the descriptor says, with the settings laid over it. */
  readonly says: string;
  readonly verdict: (typeof VERDICTS)[number];
  /** What was seen, in a sentence; no values of records. */
  readonly seen: string;
  /** The line of workspace.yaml that would say what was seen. Nothing sets it but a person; null: there is none to set. */
  readonly setting: string | null;
}

/** `systems.tidsbanken.capabilities.customer.putMerges: true` */
export const settingOf = (side: Side, kind: Kind, capability: keyof Capabilities, value: string): string =>
  `systems.${side}.capabilities.${kind}.${capability}: ${value}`;
