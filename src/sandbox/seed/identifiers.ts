import { spread } from './chance.ts';

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** The mod 11 check digit, or null for the numbers that have none. */
function mod11(digits: string, weights: readonly number[]): number | null {
  const rest = weighted(digits, weights) % 11;
  if (rest === 0) return 0;
  return rest === 1 ? null : 11 - rest;
}

const ORG_WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];
/** A prime, so that every step scatters; three eight-digit stems to each slot. */
const ORG_SLOTS = 2_999_999;

export function isOrgNo(text: string): boolean {
  return /^\d{9}$/.test(text) && mod11(text, ORG_WEIGHTS) === Number(text[8]);
}

/** A valid organisation number of its own for each index. They begin with 3, as synthetic ones do. */
export function orgNo(index: number, salt: number): string {
  const slot = spread(index, ORG_SLOTS, salt);
  for (let stem = 31_000_000 + slot * 3; ; stem++) {
    const check = mod11(String(stem), ORG_WEIGHTS);
    if (check !== null) return `${stem}${check}`;
  }
}

const K1 = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const K2 = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** Eleven digits that look right, with 80 added to the month as synthetic people have. */
export function nationalId(birthDate: string, index: number): string {
  const [year = '', month = '', day = ''] = birthDate.split('-');
  const start = `${day}${Number(month) + 80}${year.slice(2)}`;
  for (let individual = index % 480; ; individual = (individual + 1) % 500) {
    const nine = start + String(individual).padStart(3, '0');
    const k1 = mod11(nine, K1);
    const k2 = k1 === null ? null : mod11(`${nine}${k1}`, K2);
    if (k2 !== null) return `${nine}${k1}${k2}`;
  }
}

const ACCOUNT_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

export function bankAccount(index: number, salt: number): string {
  for (let stem = 9_710_000_000 + spread(index, 9_999_991, salt) * 3; ; stem++) {
    const check = mod11(String(stem), ACCOUNT_WEIGHTS);
    if (check !== null) return `${stem}${check}`;
  }
}

export function mobileNumber(index: number, salt: number): string {
  const slot = spread(index, 19_999_999, salt);
  return String(slot < 10_000_000 ? 40_000_000 + slot : 80_000_000 + slot);
}

export function landline(index: number, salt: number): string {
  return String(51_000_000 + spread(index, 27_999_999, salt));
}
