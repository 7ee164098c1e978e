import type { Row } from '../store.ts';
import { Chance } from './chance.ts';
import { iso, pastTimes } from './times.ts';
import { DEPARTMENTS, SHARED_DEPARTMENTS } from './words.ts';

export function departmentId(number: string): string {
  const at = DEPARTMENTS.findIndex((department) => department.number === number);
  return `d${String(at + 1).padStart(2, '0')}`;
}

export function customerpDepartments(seed: number, now: number): Row[] {
  return DEPARTMENTS.map(({ number, name }, at) => {
    const { updated } = pastTimes(new Chance(seed, 51, at), now);
    const id = departmentId(number);
    return { key: id, at: updated, data: { id, number, name, active: true, version: 1, updatedAt: iso(updated) } };
  });
}

/** Tidsbanken has all but one of them, and one of its own making (Q22). */
export function avdelinger(seed: number, now: number): Row[] {
  return [{ number: '1', name: 'Standard' }, ...SHARED_DEPARTMENTS].map(({ number, name }, at) => {
    const { updated } = pastTimes(new Chance(seed, 53, at), now);
    const data = {
      Id: number,
      Navn: name,
      Adresse: '',
      Postnr: '',
      Poststed: '',
      Organisasjonsnr: '',
      Avdelingsleder: '',
      Synlig: true,
      SistEndretDato: iso(updated),
    };
    return { key: number, at: updated, data };
  });
}
