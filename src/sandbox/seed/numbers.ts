import type { Cast } from './cast.ts';

/** Which strong keys a pair shares: most both, some only the organisation number, a few only the number. */
export type SharedKeys = 'both' | 'orgNo' | 'number';

export function sharedKeys(cast: Cast, member: number): SharedKeys {
  if (cast.alike || !cast.isPair(member) || cast.dirt.has(member)) return 'both';
  const turn = member % 20;
  if (turn === 3 || turn === 9 || turn === 15) return 'orgNo';
  return turn === 11 ? 'number' : 'both';
}

export function customerNumber(cast: Cast, member: number): string {
  return String(10_000 + cast.shuffled(member));
}

export function kundeId(cast: Cast, member: number): string {
  const number = customerNumber(cast, member);
  return sharedKeys(cast, member) === 'orgNo' ? `K${number}` : number;
}

export function customerId(cast: Cast, member: number): string {
  return `c${String(cast.shuffledOnCustomerp(member) + 1).padStart(6, '0')}`;
}

export function employeeNumber(cast: Cast, member: number): number {
  return 1001 + cast.shuffled(member);
}

export function employeeId(cast: Cast, member: number): string {
  return `e${String(cast.shuffledOnCustomerp(member) + 1).padStart(6, '0')}`;
}

export function projectNumber(cast: Cast, member: number): string {
  const rank = cast.shuffled(member) + 1;
  return `P${2021 + (rank % 5)}-${String(rank).padStart(4, '0')}`;
}

export function projectId(cast: Cast, member: number): string {
  return `p${String(cast.shuffledOnCustomerp(member) + 1).padStart(6, '0')}`;
}
