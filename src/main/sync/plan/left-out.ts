import type { Side } from '../../../shared/domain.ts';
import type { StoredKey } from '../../store/records.ts';

/**
 * Who holds which strong key among the records that have no part in matching (C4, C7). They join nobody; but a new
 * record with the same key would be their double, and the look before a create would find them in its way (K2).
 */
export class LeftOut {
  readonly #holders = { customerp: new Map<string, string>(), tidsbanken: new Map<string, string>() };

  add(side: Side, nativeId: string, keys: readonly StoredKey[]): void {
    for (const key of keys) if (key.strength === 'strong') this.#holders[side].set(valueId(key), nativeId);
  }

  /** The native id of one of them that holds one of these values, or null. */
  holderOf(side: Side, keys: readonly StoredKey[]): string | null {
    for (const key of keys) {
      const holder = key.strength === 'strong' ? this.#holders[side].get(valueId(key)) : undefined;
      if (holder !== undefined) return holder;
    }
    return null;
  }
}

const valueId = ({ key, value }: Pick<StoredKey, 'key' | 'value'>): string => `${key}\n${value}`;
