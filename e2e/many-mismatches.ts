import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Side } from '../src/shared/domain.ts';

/**
 * A company where nearly everything differs that can: edits at both doors before the first sync and after it. All of it
 * comes about by reading the two systems; nothing is put into the store by hand.
 */

export const WORLD = ['--customers=900', '--employees=800', '--projects=60', '--overlap=1', '--differ=0', '--dirt=0'];

/** Phones that no canonical form takes: their mismatch goes away only where it was made, in Tidsbanken. */
const BAD_PHONES = 60;

const Raw = z.record(z.string(), z.unknown());
type Raw = z.output<typeof Raw>;

interface Linked {
  readonly customerp: string;
  readonly tidsbanken: string;
}

/** Organisation numbers with a right check digit that the seed does not use. */
function* orgNumbers(): Generator<string, never> {
  for (let base = 91_000_000; ; base++) {
    const digits = String(base);
    const sum = [3, 2, 7, 6, 5, 4, 3, 2].reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) yield `${digits}${String(check)}`;
  }
}

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** One direction for a property, and no wait before a record counts as gone. */
export async function configure({ dir }: Demo): Promise<void> {
  const file = join(dir, 'workspace.yaml');
  const text = await readFile(file, 'utf8');
  const oneWay = '  employee-ansatt:\n    properties: { jobTitle: { direction: toTidsbanken } }\n';
  await writeFile(file, `${text.replace('  employee-ansatt:\n', oneWay)}\nrails: { confirmGoneMinutes: 0 }\n`);
}

export class ManyMismatches {
  readonly #demo: Demo;
  readonly #numbers = orgNumbers();
  #customers: Linked[] = [];
  #employees: Linked[] = [];
  #badPhones: readonly Linked[] = [];

  private constructor(demo: Demo) {
    this.#demo = demo;
  }

  /** Makes them, and has them found by the command line. */
  static async make(demo: Demo): Promise<ManyMismatches> {
    const made = new ManyMismatches(demo);
    made.#customers = await made.#pairs('customers', 'Kunde');
    made.#employees = await made.#pairs('employees', 'Ansatt');
    await made.#beforeTheFirstSync();
    await demo.tidsbro('sync', '--approve', 'all');
    await made.#afterIt();
    // A record is gone when it was missed twice (5.2).
    await demo.tidsbro('sync', '--approve', 'none', '--full');
    await demo.tidsbro('sync', '--approve', 'none', '--full');
    return made;
  }

  /** What has no way out here: a person mends it in Tidsbanken. */
  async mendPhones(): Promise<void> {
    for (const { tidsbanken } of this.#badPhones)
      await this.#edit('tidsbanken', `Kunde/${tidsbanken}`, { Telefon: '' });
  }

  async #beforeTheFirstSync(): Promise<void> {
    // firstDifference
    for (const { tidsbanken } of this.#employees.splice(0, 150))
      await this.#edit('tidsbanken', `Ansatt/${tidsbanken}`, { Fornavn: 'Annet' });
    // invalidValue
    this.#badPhones = this.#customers.splice(0, BAD_PHONES);
    for (const { tidsbanken } of this.#badPhones)
      await this.#edit('tidsbanken', `Kunde/${tidsbanken}`, { Telefon: 'ring meg' });
    // onlyInTidsbanken
    for (const i of times(330)) await this.#kunde(70_000 + i, 'Bare her', this.#orgNo());
    for (const i of times(160)) await this.#lookingAlike(i);
    for (const i of times(60)) await this.#torn(i);
    for (const i of times(70)) await this.#twins(i);
  }

  async #afterIt(): Promise<void> {
    // bothEdited
    for (const { customerp, tidsbanken } of this.#employees.splice(0, 300)) {
      await this.#edit('customerp', `employees/${customerp}`, { email: `erp${tidsbanken}@eksempel.example` });
      await this.#edit('tidsbanken', `Ansatt/${tidsbanken}`, { Epost: `tid${tidsbanken}@eksempel.example` });
    }
    // clearedVersusEdited
    for (const { customerp, tidsbanken } of this.#employees.splice(0, 200)) {
      await this.#edit('customerp', `employees/${customerp}`, { mobile: null });
      await this.#edit('tidsbanken', `Ansatt/${tidsbanken}`, { Mobil: '90000041' });
    }
    // againstDirection
    for (const { tidsbanken } of this.#employees.splice(0, 150))
      await this.#edit('tidsbanken', `Ansatt/${tidsbanken}`, { Tittel: 'Omdøpt' });
    // identityChanged
    for (const { customerp } of this.#customers.splice(0, 110))
      await this.#edit('customerp', `customers/${customerp}`, { organizationNumber: this.#orgNo() });
    await this.#someGone();
  }

  /** goneInCustomerp, goneInTidsbanken, goneVersusEdited: fewer than what makes a system look half read (S2, S3). */
  async #someGone(): Promise<void> {
    // Nobody's project, whose reference would wait for what a person does there (O2).
    const busy = new Set((await this.#all('customerp', 'projects')).map((project) => project['customerId']));
    this.#customers = this.#customers.filter(({ customerp }) => !busy.has(customerp));
    for (const { customerp } of this.#customers.splice(0, 30))
      await this.#ask('DELETE', 'customerp', `customers/${customerp}`);
    for (const { tidsbanken } of this.#customers.splice(0, 30))
      await this.#ask('DELETE', 'tidsbanken', `Kunde/${tidsbanken}`);
    for (const { customerp, tidsbanken } of this.#customers.splice(0, 20)) {
      await this.#ask('DELETE', 'tidsbanken', `Kunde/${tidsbanken}`);
      await this.#edit('customerp', `customers/${customerp}`, { name: `Nytt navn ${tidsbanken}` });
    }
  }

  /** weakMatch: the same name and address, and no number in common. */
  async #lookingAlike(i: number): Promise<void> {
    const [name, email] = [`Svak likhet ${String(i)}`, `svak${String(i)}@eksempel.example`];
    await this.#ask('POST', 'tidsbanken', 'Kunde', { Id: String(71_000 + i), Navn: name, Epost: email });
    await this.#ask('POST', 'customerp', 'customers', { number: String(81_000 + i), name, email, active: true });
  }

  /** severalCandidates: its number leads to one, its organisation number to another. */
  async #torn(i: number): Promise<void> {
    const organizationNumber = this.#orgNo();
    await this.#kunde(72_000 + i, 'Nummeret', this.#orgNo());
    await this.#kunde(73_000 + i, 'Organisasjonsnummeret', organizationNumber);
    const record = { number: String(72_000 + i), name: `Hvem ${String(i)}`, organizationNumber, active: true };
    await this.#ask('POST', 'customerp', 'customers', record);
  }

  /** sharedKey */
  async #twins(i: number): Promise<void> {
    const orgNo = this.#orgNo();
    await this.#kunde(74_000 + i, 'Dobbelt', orgNo);
    await this.#kunde(75_000 + i, 'Dobbelt', orgNo);
  }

  #kunde = (id: number, name: string, orgNo: string): Promise<unknown> =>
    this.#ask('POST', 'tidsbanken', 'Kunde', {
      Id: String(id),
      Navn: `${name} ${String(id)}`,
      Organisasjonsnummer: orgNo,
    });

  #orgNo = (): string => this.#numbers.next().value;

  /** Those whose numbers are the same on both sides, which the first sync links. */
  async #pairs(kind: string, theirs: string): Promise<Linked[]> {
    const ids = new Set((await this.#all('tidsbanken', theirs)).map((record) => String(record['Id'])));
    return (await this.#all('customerp', kind)).flatMap((record) => {
      const [customerp, number] = [String(record['id']), String(record['number'])];
      const isSure = record['organizationNumber'] !== null && ids.has(number);
      return isSure ? [{ customerp, tidsbanken: number }] : [];
    });
  }

  #all = async (side: Side, kind: string): Promise<Raw[]> => z.array(Raw).parse(await this.#ask('GET', side, kind));
  #edit = (side: Side, path: string, patch: Raw): Promise<unknown> => this.#ask('PATCH', side, path, patch);

  async #ask(method: string, side: Side, path: string, body?: Raw): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const reply = await fetch(`${this.#demo.urls[side]}/_sandbox/records/${path}`, { method, ...sent });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${side} ${path}: ${String(reply.status)} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
