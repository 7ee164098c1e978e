import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Property, ValueType } from './mapping.ts';

/**
 * What stands for a sensitive value wherever one would be kept or shown (J1, I19): `mac:HEX:MASK`. The MAC is keyed and
 * made from the canonical value, so that two of them are equal exactly where the values are; the mask is for people.
 */
export interface Concealer {
  /** Names the key, and tells nothing about it. Values concealed under another id do not compare. */
  readonly id: string;
  readonly conceal: (property: Pick<Property, 'name' | 'type'>, canonical: string) => string;
}

/** Bytes of a key: as many as the MAC has. */
export const CONCEAL_KEY_BYTES = 32;

const MAC_DIGITS = 32; // 128 bits: nobody meets the same one twice
const ID_DIGITS = 16;
const CONCEALED = new RegExp(`^mac:[0-9a-f]{${String(MAC_DIGITS)}}:`);
const HIDDEN = '••••••';
const SHOWN_OF_NATIONAL_ID = 2;
const SHOWN_OF_TEXT = 4;
const SHORTEST_SHOWN = 8; // of a shorter text, four characters would be half of it

/** A concealer for one workspace's key of `CONCEAL_KEY_BYTES` random bytes. */
export function concealerOf(key: Uint8Array): Concealer {
  const mac = (text: string): string => bytesToHex(hmac(sha256, key, utf8ToBytes(text)));
  return {
    id: mac('id of this key').slice(0, ID_DIGITS),
    // The name is part of it: that two properties hold the same number is nobody's business either.
    conceal: ({ name, type }, canonical) =>
      `mac:${mac(`${name}\n${canonical}`).slice(0, MAC_DIGITS)}:${maskOf(type, canonical)}`,
  };
}

/**
 * As little as helps a person tell one value from another: the last two digits of a national id (they only check the
 * others), the year of a date, the last four characters of an account number. The length is never shown.
 */
function maskOf(type: ValueType, canonical: string): string {
  if (type === 'date') return `••.••.${canonical.slice(0, 4)}`;
  if (type === 'nationalId') return `${HIDDEN}${canonical.slice(-SHOWN_OF_NATIONAL_ID)}`;
  const isAccount = type === 'string' && canonical.length >= SHORTEST_SHOWN;
  return isAccount ? `${HIDDEN}${canonical.slice(-SHOWN_OF_TEXT)}` : HIDDEN;
}

export const isConcealed = (text: string): boolean => CONCEALED.test(text);

/** What a person is shown of a concealed value; any other text as it is. */
export const shownText = (text: string): string => (isConcealed(text) ? text.replace(CONCEALED, '') : text);
