import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Pair, Side, Take } from '../../../shared/domain.ts';
import { isFree, valuesOfFreeRecords } from './key-index.ts';
import type { SharedValue } from './key-index.ts';
import type { MatchFinding, MatchInput, MatchRecord, MatchResult, NewLink } from './types.ts';

const WAYS_OUT: readonly Take[] = ['link', 'create', 'ignore', 'later'];

interface Node {
  readonly side: Side;
  readonly record: MatchRecord;
}

/** Who a record's keys lead to, and by which keys. */
interface Leads {
  readonly partners: Set<Node>;
  readonly keys: Set<string>;
}

/** The state of one matching. Each step settles records; what no step settles is unmatched. */
export class Matching {
  readonly #input: MatchInput;
  readonly #never: ReadonlySet<string>;
  readonly #values: readonly SharedValue[];
  readonly #nodes: Pair<Map<string, Node>> = { customerp: new Map(), tidsbanken: new Map() };
  readonly #settled = new Set<Node>();
  readonly #newlyLinked = new Set<Node>();
  readonly #links: NewLink[] = [];
  readonly #findings: MatchFinding[] = [];

  constructor(input: MatchInput) {
    this.#input = input;
    this.#never = new Set(input.neverLink.map(({ customerpId, tidsbankenId }) => `${customerpId}\n${tidsbankenId}`));
    this.#values = valuesOfFreeRecords(input.records);
  }

  /** M1: what came back after it was gone is a question, not a match. */
  reportReturned(): void {
    for (const side of SIDES) {
      for (const record of this.#input.records[side]) {
        if (record.linkId !== null || record.blocked !== 'returned') continue;
        const leads = { partners: new Set<Node>(), keys: new Set<string>() };
        this.#report('reappeared', this.#node(side, record), leads, WAYS_OUT);
      }
    }
  }

  /** M4: links, contradictions and ambiguities among free records that usable strong keys join. */
  joinByStrongKeys(): void {
    const graph = this.#joined('strong', (node) => isFree(node.record));
    const taken = this.#leadsInto('strong', ({ record }) => isTaken(record));
    for (const component of components(graph)) {
      const pair = pairIn(component);
      if (pair === null || component.some((node) => taken.has(node))) {
        for (const node of component) this.#report('severalCandidates', node, merged(graph, taken, node), WAYS_OUT);
      } else if (contradicts(pair.customerp.record, pair.tidsbanken.record)) {
        this.#reportPair('keyContradiction', pair, graph, null);
      } else {
        this.#link(pair);
      }
    }
    // The only partner belongs to someone else already, or soon will: one of the two links would be wrong.
    for (const [node, leads] of taken) this.#report('keyContradiction', node, leads, ['create', 'ignore', 'later']);
    // The only partner was set aside by a person: a second counterpart must not be made behind their back (M1).
    const setAside = this.#leadsInto('strong', ({ record }) => !isFree(record) && !isTaken(record));
    for (const [node, leads] of setAside) this.#report('reappeared', node, leads, WAYS_OUT);
  }

  /**
   * M2: a value that more than one record of a side holds joins nobody; all its holders are told. Linked holders are
   * told only of strong keys, and only while a holder is unlinked: after that there is nothing left to decide.
   */
  reportSharedKeys(strength: 'strong' | 'weak'): void {
    const leads = new Map<Node, Leads>();
    const linked = new Map<number, { ids: Pair<string | null>; keys: Set<string> }>();
    for (const value of this.#values) {
      if (value.strength !== strength || !isShared(value)) continue;
      const open = this.#openHolders(value);
      const shown = { customerp: firstOf(value.customerp), tidsbanken: firstOf(value.tidsbanken) };
      for (const node of open) this.#leadTo(leads, node, value.key, shown[otherSide(node.side)]);
      if (open.length > 0 && strength === 'strong') collectLinked(linked, value);
    }
    for (const [node, found] of leads) this.#report('sharedKey', node, found, WAYS_OUT);
    for (const [linkId, { ids, keys }] of linked) this.#reportLinked(linkId, ids, keys);
  }

  /** M4: weak keys only ever suggest. */
  suggestByWeakKeys(): void {
    const graph = this.#joined('weak', (node) => this.#isOpen(node));
    const isAside = (node: Node): boolean => this.#settled.has(node) || node.record.blocked === 'wanted';
    const aside = this.#leadsInto('weak', (node) => isAside(node) && !this.#newlyLinked.has(node));
    for (const component of components(graph)) {
      const pair = pairIn(component);
      if (pair !== null && !component.some((node) => aside.has(node))) {
        this.#reportPair('weakMatch', pair, graph, 'link');
        continue;
      }
      for (const node of component) this.#report('severalCandidates', node, merged(graph, aside, node), WAYS_OUT);
    }
    for (const [node, leads] of aside) {
      this.#report(leads.partners.size === 1 ? 'weakMatch' : 'severalCandidates', node, leads, WAYS_OUT);
    }
  }

  result(): MatchResult {
    return {
      links: this.#links.toSorted((a, b) => compare(a.customerpId, b.customerpId)),
      findings: this.#findings.toSorted(byIds),
      unmatched: this.#idsWhere(
        (record, node) =>
          (isFree(record) && (node === undefined || !this.#settled.has(node))) ||
          (record.linkId === null && record.blocked === 'wanted'),
      ),
      setAside: this.#idsWhere((record) => record.linkId === null && record.blocked === 'setAside'),
    };
  }

  #idsWhere(wanted: (record: MatchRecord, node: Node | undefined) => boolean): Pair<string[]> {
    const ids = (side: Side): string[] =>
      this.#input.records[side]
        .filter((record) => wanted(record, this.#nodes[side].get(record.nativeId)))
        .map(({ nativeId }) => nativeId)
        .toSorted(compare);
    return { customerp: ids('customerp'), tidsbanken: ids('tidsbanken') };
  }

  #node(side: Side, record: MatchRecord): Node {
    const known = this.#nodes[side].get(record.nativeId);
    if (known !== undefined) return known;
    const node = { side, record };
    this.#nodes[side].set(record.nativeId, node);
    return node;
  }

  #isOpen(node: Node): boolean {
    return isFree(node.record) && !this.#settled.has(node);
  }

  #openHolders(value: SharedValue): Node[] {
    return SIDES.flatMap((side) => value[side].map((record) => this.#node(side, record))).filter((n) =>
      this.#isOpen(n),
    );
  }

  #mayLink(customerp: MatchRecord, tidsbanken: MatchRecord): boolean {
    return !this.#never.has(`${customerp.nativeId}\n${tidsbanken.nativeId}`);
  }

  /** The two holders of a usable value (M2): exactly one on each side, and not kept apart by a person. */
  *#usable(strength: 'strong' | 'weak'): Generator<{ key: string; ends: Pair<Node> }> {
    for (const { key, strength: s, customerp, tidsbanken } of this.#values) {
      const [e, t] = [customerp[0], tidsbanken[0]];
      if (s !== strength || customerp.length !== 1 || tidsbanken.length !== 1) continue;
      if (e === undefined || t === undefined || !this.#mayLink(e, t)) continue;
      yield { key, ends: { customerp: this.#node('customerp', e), tidsbanken: this.#node('tidsbanken', t) } };
    }
  }

  /** Mutual leads between records that both qualify. */
  #joined(strength: 'strong' | 'weak', qualifies: (node: Node) => boolean): Map<Node, Leads> {
    const graph = new Map<Node, Leads>();
    for (const { key, ends } of this.#usable(strength)) {
      if (!qualifies(ends.customerp) || !qualifies(ends.tidsbanken)) continue;
      addLead(graph, ends.customerp, ends.tidsbanken, key);
      addLead(graph, ends.tidsbanken, ends.customerp, key);
    }
    return graph;
  }

  /** One-sided leads: from open records to records that are not. */
  #leadsInto(strength: 'strong' | 'weak', isTarget: (node: Node) => boolean): Map<Node, Leads> {
    const leads = new Map<Node, Leads>();
    for (const { key, ends } of this.#usable(strength)) {
      for (const side of SIDES) {
        const [from, to] = [ends[side], ends[otherSide(side)]];
        if (this.#isOpen(from) && isTarget(to)) addLead(leads, from, to, key);
      }
    }
    return leads;
  }

  #leadTo(leads: Map<Node, Leads>, node: Node, key: string, holders: readonly MatchRecord[]): void {
    const other = otherSide(node.side);
    const found = leadsOf(leads, node);
    found.keys.add(key);
    for (const record of holders) {
      const [e, t] = node.side === 'customerp' ? [node.record, record] : [record, node.record];
      if (this.#mayLink(e, t)) found.partners.add(this.#node(other, record));
    }
  }

  #link({ customerp, tidsbanken }: Pair<Node>): void {
    this.#links.push(linkOf(customerp.record, tidsbanken.record));
    for (const node of [customerp, tidsbanken]) {
      this.#settled.add(node);
      this.#newlyLinked.add(node);
    }
  }

  #reportPair(
    mismatch: 'keyContradiction' | 'weakMatch',
    { customerp, tidsbanken }: Pair<Node>,
    graph: Map<Node, Leads>,
    suggests: Take | null,
  ): void {
    this.#settled.add(customerp).add(tidsbanken);
    this.#findings.push({
      mismatch,
      linkId: null,
      customerpId: customerp.record.nativeId,
      tidsbankenId: tidsbanken.record.nativeId,
      keys: [...leadsOf(graph, customerp).keys].toSorted(compare),
      candidates: [],
      suggests,
      takes: WAYS_OUT,
    });
  }

  /** One finding a record: the first step that has something to say about it speaks. */
  #report(mismatch: MatchFinding['mismatch'], node: Node, leads: Leads, takes: readonly Take[]): void {
    if (this.#settled.has(node)) return;
    this.#settled.add(node);
    const { nativeId } = node.record;
    const candidates = [...leads.partners].map(({ record }) => record.nativeId).toSorted(compare);
    const isSure = mismatch === 'weakMatch' && candidates.length === 1;
    this.#findings.push({
      mismatch,
      linkId: null,
      customerpId: node.side === 'customerp' ? nativeId : null,
      tidsbankenId: node.side === 'tidsbanken' ? nativeId : null,
      keys: [...leads.keys].toSorted(compare),
      candidates,
      suggests: isSure ? 'link' : null,
      takes: candidates.length > 0 ? takes : takes.filter((take) => take !== 'link' || mismatch === 'reappeared'),
    });
  }

  #reportLinked(linkId: number, ids: Pair<string | null>, keys: ReadonlySet<string>): void {
    this.#findings.push({
      mismatch: 'sharedKey',
      linkId,
      customerpId: ids.customerp,
      tidsbankenId: ids.tidsbanken,
      keys: [...keys].toSorted(compare),
      candidates: [],
      suggests: null,
      takes: ['unlink', 'later'],
    });
  }
}

/** A value that thousands hold, such as a placeholder nobody listed, must not make every holder list all the others. */
const SHOWN_CANDIDATES = 10;

/** It has a partner, or gets one that a person has asked for. */
const isTaken = ({ linkId, blocked }: MatchRecord): boolean => linkId !== null || blocked === 'wanted';

const firstOf = (holders: readonly MatchRecord[]): MatchRecord[] =>
  holders.toSorted((a, b) => compare(a.nativeId, b.nativeId)).slice(0, SHOWN_CANDIDATES);

const isShared = (value: SharedValue): boolean => value.customerp.length > 1 || value.tidsbanken.length > 1;

function collectLinked(linked: Map<number, { ids: Pair<string | null>; keys: Set<string> }>, value: SharedValue): void {
  for (const side of SIDES) {
    if (value[side].length < 2) continue;
    for (const { linkId, nativeId } of value[side]) {
      if (linkId === null) continue;
      const known = linked.get(linkId) ?? { ids: { customerp: null, tidsbanken: null }, keys: new Set<string>() };
      known.keys.add(value.key);
      linked.set(linkId, { ...known, ids: { ...known.ids, [side]: nativeId } });
    }
  }
}

function leadsOf(graph: Map<Node, Leads>, node: Node): Leads {
  const known = graph.get(node);
  if (known !== undefined) return known;
  const leads = { partners: new Set<Node>(), keys: new Set<string>() };
  graph.set(node, leads);
  return leads;
}

function addLead(graph: Map<Node, Leads>, from: Node, to: Node, key: string): void {
  const leads = leadsOf(graph, from);
  leads.partners.add(to);
  leads.keys.add(key);
}

const merged = (a: Map<Node, Leads>, b: Map<Node, Leads>, node: Node): Leads => ({
  partners: new Set([...(a.get(node)?.partners ?? []), ...(b.get(node)?.partners ?? [])]),
  keys: new Set([...(a.get(node)?.keys ?? []), ...(b.get(node)?.keys ?? [])]),
});

/** The sets of records that hang together, each as a list. */
function components(graph: Map<Node, Leads>): Node[][] {
  const reached = new Set<Node>();
  const found: Node[][] = [];
  for (const start of graph.keys()) {
    if (reached.has(start)) continue;
    const component = [start];
    reached.add(start);
    for (const node of component) {
      for (const next of graph.get(node)?.partners ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        component.push(next);
      }
    }
    found.push(component);
  }
  return found;
}

/** A component of exactly one record on each side. */
function pairIn(component: readonly Node[]): Pair<Node> | null {
  const customerp = component.find(({ side }) => side === 'customerp');
  const tidsbanken = component.find(({ side }) => side === 'tidsbanken');
  if (component.length !== 2 || customerp === undefined || tidsbanken === undefined) return null;
  return { customerp, tidsbanken };
}

/** The link of these two, with all strong keys of both (M6). */
export function linkOf(customerp: MatchRecord, tidsbanken: MatchRecord): NewLink {
  const [e, t] = [strongKeys(customerp), strongKeys(tidsbanken)];
  const names = [...new Set([...e.keys(), ...t.keys()])].toSorted(compare);
  const keys = Object.fromEntries(
    names.map((name) => [name, { customerp: e.get(name) ?? null, tidsbanken: t.get(name) ?? null }]),
  );
  return { customerpId: customerp.nativeId, tidsbankenId: tidsbanken.nativeId, keys };
}

const strongKeys = (record: MatchRecord): Map<string, string> =>
  new Map(record.keys.filter(({ strength }) => strength === 'strong').map(({ key, value }) => [key, value]));

/** M4: a strong key that is valid on both and differs. It need not be usable for that. */
function contradicts(customerp: MatchRecord, tidsbanken: MatchRecord): boolean {
  const theirs = strongKeys(tidsbanken);
  return [...strongKeys(customerp)].some(([key, value]) => theirs.has(key) && theirs.get(key) !== value);
}

// By code unit, not by locale: the same on every computer (M7).
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byIds = (a: MatchFinding, b: MatchFinding): number =>
  compare(a.customerpId ?? '', b.customerpId ?? '') ||
  compare(a.tidsbankenId ?? '', b.tidsbankenId ?? '') ||
  compare(a.mismatch, b.mismatch);
