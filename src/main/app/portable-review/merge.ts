import type { MergeReport } from '../../../shared/contract/portable.ts';
import { fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Kind, Problem, Result } from '../../../shared/domain.ts';
import type { BroughtBackAs, NewBroughtBack, ShownDecision } from '../../store/brought-back.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import { versionsFor } from '../../sync/context.ts';
import { lapse } from '../../sync/review/lapse.ts';
import { Decider } from '../review/decide.ts';
import { countDiffers } from '../review/decision-outcome.ts';
import { LinkDesk } from '../records/link-desk.ts';
import { MassWatch } from '../review/mass-watch.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { DecidedRow, DecisionsManifest } from './format.ts';
import type { ChangeDecided, MismatchDecided } from './format.ts';
import { WHY_NOT, isSameFinding, isSameWrite, judgeChange, judgeMismatch } from './judge.ts';
import type { Judged, SetAside, WhyNot } from './judge.ts';
import { readLines } from './line-file.ts';
import { homeOf } from './origin.ts';
import { reviewerText } from './open-review.ts';
import { otherTenants, otherWorkspace } from './problems.ts';

const PAGE = 200;
const SHAPE = { holds: 'decisions', manifest: DecisionsManifest, row: DecidedRow } as const;

/**
 * Carries out what was decided in a portable review, row by row: only what still is what was shown (V1, V2), and nothing
 * that was decided here. The whole file is read and proven before the first row is carried out.
 * @param confirmCount the number of approvals that S1 holds, as a person typed it
 * Problems: those of `readLines`, `otherWorkspace`, `otherTenants`, `countDiffers`.
 */
export async function mergeReview(
  w: Workspace,
  path: string,
  passphrase: string,
  confirmCount: number | undefined,
): Promise<Result<MergeReport, Problem>> {
  const held = await readLines(path, passphrase, SHAPE, (manifest, rows) =>
    countHeld(w, manifest, rows, confirmCount !== undefined),
  );
  if (!held.ok) return held;
  if (confirmCount !== undefined && held.value !== confirmCount)
    return fail(countDiffers(held.value, confirmCount, 'changes'));
  return readLines(path, passphrase, SHAPE, async (manifest, rows) => {
    const merge = new Merge(w, manifest, confirmCount !== undefined);
    for await (const page of pagesOf(rows)) await merge.take(page);
    return ok(await merge.finish());
  });
}

/** Reads everything and changes nothing; answers how many approvals wait for their number, where it was typed. */
async function countHeld(
  w: Workspace,
  { origin }: DecisionsManifest,
  rows: AsyncIterable<DecidedRow>,
  isTyped: boolean,
): Promise<Result<number, Problem>> {
  const home = await homeOf(w);
  if (origin.workspace.id !== home.id) return fail(otherWorkspace(origin.workspace.name));
  if (origin.tenants !== home.tenants) return fail(otherTenants());
  let held = 0;
  for await (const row of rows) {
    const judged = isTyped && row.is === 'change' ? await judgedChange(w, origin.review, row, false) : null;
    if (judged !== null && 'setAside' in judged && judged.setAside.why === 'needsCount') held += 1;
  }
  return ok(held);
}

async function* pagesOf<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const row of rows) {
    page.push(row);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

class Merge {
  readonly #w: Workspace;
  readonly #from: DecisionsManifest;
  readonly #counted: boolean;
  readonly #person: string;
  readonly #counts: Record<BroughtBackAs, number> = { applied: 0, already: 0, stale: 0, unknown: 0, notAllowed: 0 };
  readonly #kinds = new Set<Kind>();
  readonly #mass: MassWatch;
  #needCount = 0;

  constructor(w: Workspace, from: DecisionsManifest, counted: boolean) {
    this.#w = w;
    this.#from = from;
    this.#counted = counted;
    this.#person = reviewerText(from.reviewer);
    this.#mass = new MassWatch({ ...w, person: this.#person });
  }

  async take(page: readonly DecidedRow[]): Promise<void> {
    await this.#takeChanges(page.filter((row) => row.is === 'change'));
    for (const row of page) if (row.is === 'mismatch') await this.#takeMismatch(row);
    await this.#mass.hold();
  }

  async finish(): Promise<MergeReport> {
    const { origin, installation, madeAt } = this.#from;
    const { review } = origin;
    for (const kind of this.#kinds) await this.#w.store.meta.markReviewed(kind, this.#person);
    const detail = { person: this.#w.person, decidedBy: this.#person, installation, review, ...this.#counts };
    await this.#w.store.tell([{ event: 'reviewMerged', item: `review:${review}`, detail }]);
    return {
      review,
      person: this.#person,
      installation,
      madeAt,
      counts: { ...this.#counts },
      needCount: this.#needCount,
    };
  }

  async #takeChanges(rows: readonly ChangeDecided[]): Promise<void> {
    const decisions: ShownDecision[] = [];
    for (const row of rows) {
      const judged = await judgedChange(this.#w, this.#from.origin.review, row, this.#counted);
      if ('setAside' in judged) await this.#setAside(row, judged, 'change');
      else decisions.push(this.#decisionOn(judged.apply, row));
    }
    const carriedOut = await this.#w.store.broughtBack.decide(decisions);
    for (const [index, { note }] of decisions.entries()) {
      if (carriedOut[index] === true) this.#count(note);
      // It became another one between the look and the deed.
      else await this.#note({ ...note, outcome: 'stale', why: 'differs' });
    }
  }

  #decisionOn(change: StoredChange, row: ChangeDecided): ShownDecision {
    const note = this.#noteOf(row, `change:${String(change.id)}`, { outcome: 'applied', why: null });
    return {
      id: change.id,
      fingerprint: change.fingerprint,
      take: row.take,
      groups: row.groups,
      // Without the typed number nothing is carried out that S1 holds, so there is nothing to lift.
      liftRail: this.#counted,
      at: this.#timeOf(row),
      note,
      journal: this.#journalRow(note, change, row.groups.map(({ group }) => group).join(' ')),
    };
  }

  async #takeMismatch(row: MismatchDecided): Promise<void> {
    const { store } = this.#w;
    const judged = await judgedMismatch(this.#w, this.#from.origin.review, row);
    if ('setAside' in judged) return this.#setAside(row, judged, 'mismatch');
    const found = judged.apply;
    const decided = await this.#deciderAt(this.#timeOf(row)).decideMismatch(found.id, {
      take: row.take,
      linkTo: row.linkTo,
    });
    const here = `mismatch:${String(found.id)}`;
    if (!decided.ok) return this.#note(this.#noteOf(row, here, refusal(decided.failure)));
    if (decided.value.changeId !== null) await this.#mass.saw(decided.value.changeId);
    const note = this.#noteOf(row, here, { outcome: 'applied', why: null });
    await store.broughtBack.note([note], [this.#journalRow(note, found, row.group)]);
    this.#count(note);
  }

  /** Decides as the reviewer, at the time of the decision: what comes of it lapses from then on (V2). */
  #deciderAt(at: number): Decider {
    const w = { ...this.#w, person: this.#person, clock: { ...this.#w.clock, now: () => at } };
    return new Decider(w, new LinkDesk(w));
  }

  /** A clock elsewhere may be ahead; nothing was decided later than now. */
  #timeOf({ decidedAt }: DecidedRow): number {
    return Math.min(decidedAt, this.#w.clock.now());
  }

  #setAside(
    row: DecidedRow,
    { setAside, here }: { readonly setAside: SetAside; readonly here: StoredChange | StoredMismatch | null },
    of: 'change' | 'mismatch',
  ): Promise<void> {
    return this.#note(this.#noteOf(row, here === null ? null : `${of}:${String(here.id)}`, setAside));
  }

  async #note(note: NewBroughtBack): Promise<void> {
    await this.#w.store.broughtBack.note([note], []);
    this.#count(note);
  }

  #count({ outcome, why, kind }: NewBroughtBack): void {
    this.#counts[outcome] += 1;
    if (why === 'needsCount') this.#needCount += 1;
    if (outcome === 'applied') this.#kinds.add(kind);
  }

  #noteOf(row: DecidedRow, here: string | null, became: Pick<NewBroughtBack, 'outcome' | 'why'>): NewBroughtBack {
    const { origin, installation } = this.#from;
    return {
      review: origin.review,
      item: `${row.is}:${String(row.id)}`,
      take: row.take,
      here,
      kind: kindOf(row.flow),
      what: row.is === 'change' ? row.op : row.kind,
      label: row.label,
      person: this.#person,
      installation,
      decidedAt: this.#timeOf(row),
      ...became,
    };
  }

  #journalRow(
    { here, take, installation, decidedAt, review }: NewBroughtBack,
    { fingerprint, kind, customerpId, tidsbankenId }: StoredChange | StoredMismatch,
    group: string | null,
  ): JournalEntry {
    const whose = { person: this.#person, installation, decidedAt, broughtBackBy: this.#w.person, review };
    return {
      event: 'broughtBack',
      item: here,
      detail: { ...whose, take, group, kind, customerpId, tidsbankenId, fingerprint },
    };
  }
}

async function judgedChange(
  w: Workspace,
  review: string,
  row: ChangeDecided,
  counted: boolean,
): Promise<Judged<StoredChange>> {
  const { store } = w;
  const numbered = await store.changes.get(row.id);
  const lastSeen = await store.meta.lastSeenTime();
  return judgeChange(row, {
    used: await store.broughtBack.isUsed(review, `change:${String(row.id)}`, row.take),
    numbered: numbered !== null && isSameWrite(row, numbered) ? numbered : null,
    open: await openChange(w, row),
    lapse: (change) =>
      lapse(
        { at: row.decidedAt, versions: change.versions },
        {
          versions: w.flows.has(change.kind) ? versionsFor(w, change.kind) : NO_VERSIONS,
          now: w.clock.now(),
          lastSeen,
          lapsesAfterMs: w.settings.approvalLapsesMs,
        },
      ),
    counted,
  });
}

/** Of a flow that is switched off: nothing goes by them. */
const NO_VERSIONS = { mapping: '', policy: '', tenant: '' };

/** At most one is open for a record of the target, and one for a record whose counterpart is to be made (2.5). */
async function openChange({ store }: Workspace, row: ChangeDecided): Promise<StoredChange | null> {
  const side = row.customerpId === null ? 'tidsbanken' : 'customerp';
  const nativeId = row.customerpId ?? row.tidsbankenId;
  if (nativeId === null) return null;
  const open = await store.changes.openOfRecord(kindOf(row.flow), side, nativeId);
  return open.find((change) => isSameWrite(row, change)) ?? null;
}

async function judgedMismatch(
  { store, clock, settings }: Workspace,
  review: string,
  row: MismatchDecided,
): Promise<Judged<StoredMismatch>> {
  const numbered = await store.mismatches.get(row.id);
  const kind = kindOf(row.flow);
  const nativeId = row.customerpId ?? row.tidsbankenId;
  const side = row.customerpId === null ? 'tidsbanken' : 'customerp';
  return judgeMismatch(row, {
    used: await store.broughtBack.isUsed(review, `mismatch:${String(row.id)}`, row.take),
    numbered: numbered !== null && isSameFinding(row, numbered) ? numbered : null,
    open:
      nativeId === null
        ? await store.mismatches.openOfKind(kind)
        : await store.mismatches.openOfRecord(kind, side, nativeId),
    tooOld: Math.max(clock.now(), await store.meta.lastSeenTime()) - row.decidedAt > settings.approvalLapsesMs,
  });
}

/** What the desk here says to it: the same as to a person who sits at it. */
function refusal({ kind, facts }: Problem): Pick<NewBroughtBack, 'outcome' | 'why'> {
  const why: WhyNot = WHY_NOT.find((known) => known === facts?.['why']) ?? 'refusedHere';
  if (kind === 'stale') return { outcome: 'stale', why: why === 'refusedHere' ? 'differs' : why };
  return { outcome: 'notAllowed', why };
}
