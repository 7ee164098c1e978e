import type { Kind } from '../../shared/domain.ts';

const TIDSBANKEN: Readonly<Record<string, Kind>> = {
  avdeling: 'department',
  kunde: 'customer',
  ansatt: 'employee',
  prosjekt: 'project',
};

/** What ERPs call their records. Words that mean another thing, such as contact and supplier, are left out on purpose. */
const PARTNER: Readonly<Record<Kind, readonly string[]>> = {
  department: ['department', 'avdeling', 'costcenter', 'costcentre', 'orgunit'],
  customer: ['customer', 'kunde', 'client', 'debtor', 'customercard'],
  employee: ['employee', 'ansatt', 'medarbeider', 'worker', 'staff', 'staffmember'],
  project: ['project', 'prosjekt', 'job'],
};

const bare = (object: string): string =>
  object
    .replaceAll(/\([^()]*\)/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

export const tidsbankenKind = (object: string): Kind | undefined =>
  Object.entries(TIDSBANKEN).find(([name]) => name === bare(object))?.[1];

/** The kind that a record of the other system is by its name, singular or plural; undefined when the name is not known. */
export function partnerKind(object: string): Kind | undefined {
  const name = bare(object);
  const forms = [name, name.replace(/ies$/, 'y'), name.replace(/s$/, ''), name.replace(/er$/, '')];
  return ORDER.find((kind) => PARTNER[kind].some((word) => forms.includes(word)));
}
const ORDER: readonly Kind[] = ['department', 'customer', 'employee', 'project'];

/** A kind named among others that a record is connected to: with or without the system's name. */
export function mentionedKind(text: string): Kind | undefined {
  const words = text.split(/[\s-]+/);
  for (let from = 0; from < words.length; from++) {
    const rest = words.slice(from).join(' ');
    const kind = partnerKind(rest) ?? tidsbankenKind(rest);
    if (kind !== undefined) return kind;
  }
  return undefined;
}
