import { SIDES } from '../../../shared/domain.ts';
import type { AppOnSandbox, Row } from '../testing/app-on-sandbox.suite.ts';

/** Edits of both sides and a new record, so that a run has every kind of row to write. */
export class Errands {
  readonly #world: AppOnSandbox;
  readonly #pairs: readonly { customerpId: string; tidsbankenId: string }[];
  readonly #edits = new Map<number, string>();
  #made = 0;

  private constructor(world: AppOnSandbox, pairs: Errands['pairs']) {
    this.#world = world;
    this.#pairs = pairs;
  }

  static async on(world: AppOnSandbox): Promise<Errands> {
    await world.sync('all');
    const pairs = await world.linkedCustomers(30);
    if (pairs.length < 10) throw new Error('too few pairs');
    return new Errands(world, pairs);
  }

  get pairs(): readonly { customerpId: string; tidsbankenId: string }[] {
    return this.#pairs;
  }

  async make(round: number): Promise<void> {
    for (const at of [3 * round, 3 * round + 1, 3 * round + 2].map((n) => n % this.#pairs.length)) {
      const pair = this.#pairs[at];
      if (pair === undefined) throw new Error('no pair');
      const token = `d${String(round)}-${String(at)}.example`;
      this.#edits.set(at, token);
      await this.#world.edit('customerp', 'customers', pair.customerpId, { email: `post@${token}` });
      await this.#world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, { Url: `https://${token}` });
    }
    const number = `7${String(round).padStart(4, '0')}`;
    this.#made += 1;
    await this.#world.door('customerp', 'records/customers', {
      method: 'POST',
      body: { number, name: `Disk ${number} AS`, active: true },
    });
  }

  /** What is not as it should be once all is in step; empty when nothing is. */
  async wrong(): Promise<string[]> {
    const wrong: string[] = [];
    const kunder = await this.#world.records('tidsbanken', 'Kunde');
    const kunde = new Map(kunder.map((row) => [String(row['Id']), row]));
    for (const [at, token] of this.#edits) {
      const pair = this.#pairs[at];
      const e = await this.#world.record('customerp', 'customers', pair?.customerpId ?? '');
      const t: Row = kunde.get(pair?.tidsbankenId ?? '') ?? {};
      const seen = [e['email'], t['Epost'], e['website'], t['Url']];
      const wanted = [`post@${token}`, `post@${token}`, `https://${token}`, `https://${token}`];
      if (JSON.stringify(seen) !== JSON.stringify(wanted)) wrong.push(`pair ${String(at)}: ${JSON.stringify(seen)}`);
    }
    const made = kunder.filter((row) => String(row['Navn']).startsWith('Disk '));
    if (made.length !== this.#made) wrong.push(`${String(made.length)} new records, not ${String(this.#made)}`);
    for (const side of SIDES)
      for (const write of await this.#world.history(side)) if (write.method === 'DELETE') wrong.push('a delete');
    return wrong;
  }

  /** Writes that arrived, refused ones included, over both systems. */
  async arrived(): Promise<number> {
    const each = await Promise.all(SIDES.map((side) => this.#world.history(side)));
    return each.flat().filter((write) => write.origin === 'api').length;
  }

  /** Attempts that the journal tells of (I8). */
  async announced(): Promise<number> {
    return (await this.#world.app.journalSummary())['sending'] ?? 0;
  }
}
