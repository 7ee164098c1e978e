import type { Chance } from './chance.ts';

/** The same value as different people type it. None of these changes what it means. */

export function spellText(chance: Chance, text: string): string {
  if (!chance.is(0.06)) return text;
  switch (chance.below(4)) {
    case 0:
      return `${text} `;
    case 1:
      return ` ${text}`;
    case 2:
      return text.replace(' ', '  ');
    default:
      return text.normalize('NFD');
  }
}

const PHONE_STYLES: readonly ((d: string) => string)[] = [
  (d) => d,
  (d) => d,
  (d) => `${d.slice(0, 3)} ${d.slice(3, 5)} ${d.slice(5)}`,
  (d) => `+47 ${d.slice(0, 3)} ${d.slice(3, 5)} ${d.slice(5)}`,
  (d) => `+47${d}`,
  (d) => `0047 ${d}`,
  (d) => `${d.slice(0, 2)} ${d.slice(2, 4)} ${d.slice(4, 6)} ${d.slice(6)}`,
];

export function spellPhone(chance: Chance, digits: string): string {
  return chance.pick(PHONE_STYLES)(digits);
}

export function spellOrgNo(chance: Chance, digits: string): string {
  return chance.is(0.15) ? `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}` : digits;
}

export function spellEmail(chance: Chance, email: string): string {
  if (!chance.is(0.12)) return email;
  return chance.is(0.5) ? email.toUpperCase() : email.charAt(0).toUpperCase() + email.slice(1);
}

/** A spreadsheet somewhere on the way eats the leading zero. */
export function spellPostcode(chance: Chance, code: string): string {
  return code.startsWith('0') && chance.is(0.05) ? code.slice(1) : code;
}
