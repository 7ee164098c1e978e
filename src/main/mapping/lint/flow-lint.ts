import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Pair, Side, Value } from '../../../shared/domain.ts';
import type { FlowMapping } from '../mapping.ts';
import { EXAMPLES, LINT_EFFECTS } from './finding.ts';
import type { FlowLintReport, LintEffect, LintExample, LintFinding } from './finding.ts';
import { mappingFindings } from './mapping-findings.ts';
import type { LintFacts } from './mapping-findings.ts';
import { lintedRow, sightOf } from './linted-row.ts';
import type { LintedRow, LintRecord } from './linted-row.ts';
import { withSchema } from './system-schema.ts';
import { wordsOf } from './words.ts';
import type { RecordLintKind } from './words.ts';

interface Tally {
  readonly row: LintedRow;
  readonly side: Side;
  readonly kind: RecordLintKind;
  readonly effect: LintEffect;
  count: number;
  readonly examples: LintExample[];
}

/**
 * The lint of one flow: first the mapping itself, then record after record, in whatever order and number they come. What
 * it keeps does not grow with the records. Pure.
 */
export class FlowLint {
  readonly #mapping: FlowMapping;
  readonly #facts: LintFacts;
  readonly #rows: readonly LintedRow[];
  readonly #tallies = new Map<string, Tally>();
  readonly #records = { customerp: 0, tidsbanken: 0 };
  readonly #seen = new Set<string>();
  readonly #checked = new Map<string, number>();

  /** @param readBy the mapping by which each side's records were read; null where that is not known any more */
  constructor(mapping: FlowMapping, readBy: Pair<FlowMapping | null>, facts: LintFacts) {
    this.#mapping = mapping;
    this.#facts = facts;
    // The lengths and types that the systems themselves tell decide what would come back.
    const fields = {
      customerp: withSchema(facts.fields.customerp, facts.schemas?.customerp ?? null),
      tidsbanken: withSchema(facts.fields.tidsbanken, facts.schemas?.tidsbanken ?? null),
    };
    this.#rows = mapping.properties.flatMap((property) => lintedRow(property, mapping, readBy, fields) ?? []);
  }

  /** Takes one collected record of a side into account. */
  add(side: Side, record: LintRecord): void {
    this.#records[side] += 1;
    for (const row of this.#rows) this.#addValue(row, side, record);
  }

  report(): FlowLintReport {
    const found = [
      ...mappingFindings(this.#mapping, this.#facts),
      ...[...this.#tallies.values()].map((tally) => this.#findingOf(tally)),
      ...this.#neverSeen(),
    ];
    return {
      recordKind: this.#mapping.kind,
      records: { ...this.#records },
      schemas: {
        customerp: this.#facts.schemas?.customerp?.document ?? null,
        tidsbanken: this.#facts.schemas?.tidsbanken?.document ?? null,
      },
      checked: Object.fromEntries(this.#rows.map(({ property: { name } }) => [name, this.#checked.get(name) ?? 0])),
      findings: found.toSorted((a, b) => LINT_EFFECTS.indexOf(a.effect) - LINT_EFFECTS.indexOf(b.effect)),
    };
  }

  #addValue(row: LintedRow, side: Side, record: LintRecord): void {
    const { name, type, sensitive } = row.property;
    const seen = sightOf(row, side, record);
    if (seen.state === 'unknown' || seen.state === 'unobserved') return;
    this.#seen.add(`${side} ${name}`);
    if (seen.state === 'invalid') {
      this.#tell(row, side, record, { kind: type === 'enum' ? 'unmappedValue' : 'unreadable', effect: 'waits' });
      return;
    }
    if (seen.value === null) {
      if (row.needed[side]) this.#tell(row, side, record, { kind: 'requiredEmpty', effect: 'waits', value: null });
      return;
    }
    // What is stored of a sensitive value is not the value, and a reference is another id on the other side (O2).
    if (sensitive || type === 'reference' || !row.sends[otherSide(side)]) return;
    this.#checked.set(name, (this.#checked.get(name) ?? 0) + 1);
    const trip = row.trip.from(side, seen.value, seen.spelling);
    if (trip !== null) this.#tell(row, side, record, { ...trip, value: seen.value });
  }

  #tell(
    row: LintedRow,
    side: Side,
    { nativeId, label }: LintRecord,
    {
      kind,
      effect,
      ...values
    }: { kind: RecordLintKind; effect: LintEffect; value?: Value; there?: Value; back?: Value },
  ): void {
    const key = `${row.property.name} ${side} ${kind} ${effect}`;
    const tally = this.#tallies.get(key) ?? { row, side, kind, effect, count: 0, examples: [] };
    this.#tallies.set(key, tally);
    tally.count += 1;
    if (tally.examples.length < EXAMPLES) tally.examples.push({ side, nativeId, label, ...values });
  }

  /** A field that nobody ever answered with is misspelt, hidden from the key, or not there. */
  #neverSeen(): LintFinding[] {
    return this.#rows.flatMap((row) =>
      SIDES.filter(
        (side) =>
          // A row of some records only says nothing where there are none of them.
          row.property.when?.[side] === undefined &&
          this.#records[side] > 0 &&
          row.readBy[side] !== null &&
          !this.#seen.has(`${side} ${row.property.name}`),
      ).map((side) =>
        this.#findingOf({ row, side, kind: 'neverSeen', effect: 'waits', count: this.#records[side], examples: [] }),
      ),
    );
  }

  #findingOf({ row, side, kind, effect, count, examples }: Tally): LintFinding {
    const { property } = row;
    const facts = { property: property.name, side, field: property[side], target: property[otherSide(side)] };
    const [what, todo] = wordsOf(kind, facts);
    return {
      kind,
      effect,
      source: 'records',
      recordKind: this.#mapping.kind,
      property: property.name,
      side,
      what,
      todo,
      facts,
      count,
      examples,
    };
  }
}
