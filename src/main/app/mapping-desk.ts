import type { LintView, MappingEffect, MappingView, RowEdits, TryView } from '../../shared/contract/mapping-views.ts';
import { fail, flowOf, kindOf, ok, otherSide } from '../../shared/domain.ts';
import type { Flow, Kind, Problem, Result, Side } from '../../shared/domain.ts';
import { digestOf } from '../mapping/canonical-json.ts';
import { shownText } from '../mapping/conceal.ts';
import { tryRow } from '../mapping/lint/try-row.ts';
import type { Fields } from '../mapping/mapping-problem.ts';
import { mappingProblems } from '../mapping/mapping-problems.ts';
import type { FlowMapping } from '../mapping/mapping.ts';
import { SYSTEM_NAME } from '../sync/words.ts';
import { checkMapping } from './mapping-check.ts';
import { draftOf, mappingIn } from './mapping-draft.ts';
import type { Draft } from './mapping-draft.ts';
import { lintMapping, readersOf } from './mapping-lint.ts';
import type { LintSource } from './mapping-lint.ts';
import { mappingView } from './mapping-view.ts';
import { notFound, stale } from './refusals.ts';
import { compileFlows } from './workspace.ts';
import type { Workspace } from './workspace.ts';
import { readWorkspaceText, writeWorkspaceText } from './workspace-file.ts';

/** A row of a mapping, as it is or as it is being edited, on one record. */
export interface TryQuery {
  readonly flow: Flow;
  readonly edits: RowEdits;
  readonly row: string;
  readonly side: Side;
  readonly nativeId: string;
}

/**
 * The screen Mapping: rows of workspace.yaml, looked at and edited. A draft is edits over the file as it stands; until
 * it is saved it is nowhere but in the window. Neither system is asked anything.
 */
export class MappingDesk {
  readonly #w: Workspace;

  constructor(workspace: Workspace) {
    this.#w = workspace;
  }

  /** The rows of a flow. Problems: those of workspace.yaml, where somebody else has spoilt it meanwhile. */
  async get(flow: Flow): Promise<Result<MappingView, Problem>> {
    const draft = await this.#draft(flow, {});
    if (!draft.ok) return draft;
    const mapping = mappingIn(draft.value.config, flow);
    const own = draft.value.config.flows[flow]?.properties;
    return ok(mappingView(mapping, versionOf(mapping), this.#fields(mapping.kind), own));
  }

  /** The lint of a draft; with `records`, over all that was read. */
  async lint(flow: Flow, edits: RowEdits, records: boolean, signal?: AbortSignal): Promise<Result<LintView, Problem>> {
    const draft = await this.#draft(flow, edits);
    if (!draft.ok) return draft;
    const { store } = this.#w;
    const source: LintSource = { factsOf: (kind) => this.#facts(kind), store: records ? store : null };
    const { unread, records: read, findings } = await lintMapping(source, mappingIn(draft.value.config, flow), signal);
    const views = findings.map(({ recordKind: _kind, examples, ...finding }) => ({
      ...finding,
      examples: [...examples],
    }));
    return ok({ unread: records ? [...unread] : [], records: read, findings: views });
  }

  /** What one row of a draft makes of one record, and what the linked record holds. Problem: `notFound`. */
  async try({ flow, edits, row, side, nativeId }: TryQuery): Promise<Result<TryView, Problem>> {
    const draft = await this.#draft(flow, edits);
    if (!draft.ok) return draft;
    const kind = kindOf(flow);
    const { store } = this.#w;
    const record = await store.records.get(kind, side, nativeId);
    if (record === null)
      return fail(notFound(`${SYSTEM_NAME[side]} has no record ${nativeId} in ${flow} that was ever read.`));
    const look = tryRow(row, mappingIn(draft.value.config, flow), await readersOf(store, kind), this.#fields(kind));
    if (look === null) return fail(notFound(`The row ${row} is off, or one of its fields is not known.`));
    const tried = look(side, record);
    const link = await store.links.of(kind, side, nativeId);
    const partnerId = link === null ? null : link[otherSide(side) === 'customerp' ? 'customerpId' : 'tidsbankenId'];
    const partner = partnerId === null ? null : await store.records.get(kind, otherSide(side), partnerId);
    const there = partner === null ? null : look(otherSide(side), partner);
    return ok({
      label: record.label,
      side,
      ...tried,
      ...(typeof tried.value === 'string' ? { value: shownText(tried.value) } : {}),
      sent: tried.sent.map(([field, json]) => ({ field, json: JSON.stringify(json) })),
      partner:
        partner === null
          ? null
          : {
              nativeId: partner.nativeId,
              ...(there?.value === undefined ? {} : { value: there.value === null ? null : shownText(there.value) }),
            },
    });
  }

  /** What a draft would change. Problems: what keeps it from being saved. */
  async check(flow: Flow, edits: RowEdits): Promise<Result<MappingEffect, Problem>> {
    const [now, draft] = [await this.#draft(flow, {}), await this.#draft(flow, edits)];
    if (!now.ok) return now;
    if (!draft.ok) return draft;
    const [before, after] = [mappingIn(now.value.config, flow), mappingIn(draft.value.config, flow)];
    const fault = this.#faultOf(after);
    if (fault !== null) return fail(fault);
    const { entering, leaving, rewritten, redirected, words, pairs, comparedAnew, noLongerRead } = await checkMapping(
      this.#w.store,
      before,
      after,
    );
    return ok({
      changed: changedWords(before, after),
      entering: [...entering],
      leaving: [...leaving],
      rewritten: [...rewritten],
      redirected: [...redirected],
      keysChanged: words.includes('keys'),
      pairs,
      comparedAnew,
      noLongerRead,
    });
  }

  /**
   * Writes a draft into workspace.yaml and runs by it from now on. `version`: the mapping that was edited. Problems:
   * `busy` while a run is under way, `stale` when the file was changed meanwhile, `refused` for what cannot be used.
   */
  async save(flow: Flow, edits: RowEdits, version: string): Promise<Result<MappingView, Problem>> {
    const lease = await this.#w.store.runs.leaseHolder();
    if (lease !== null) return fail(runUnderWay);
    const [now, draft] = [await this.#draft(flow, {}), await this.#draft(flow, edits)];
    if (!now.ok) return now;
    if (!draft.ok) return draft;
    const before = mappingIn(now.value.config, flow);
    if (versionOf(before) !== version) return fail(changedMeanwhile);
    const after = mappingIn(draft.value.config, flow);
    const fault = this.#faultOf(after);
    if (fault !== null) return fail(fault);
    const flows = await compileFlows(this.#w.dir, draft.value.config, this.#w.connectors);
    if (!flows.ok) return flows;
    const written = await writeWorkspaceText(this.#w.dir, draft.value.text);
    if (!written.ok) return written;
    this.#w.config = draft.value.config;
    this.#w.flows = flows.value;
    await this.#w.store.tell([
      {
        event: 'mappingEdited',
        item: `flow:${flowOf(after.kind)}`,
        detail: { by: this.#w.person, rows: Object.keys(edits) },
      },
    ]);
    return this.get(flow);
  }

  async #draft(flow: Flow, edits: RowEdits): Promise<Result<Draft, Problem>> {
    const text = await readWorkspaceText(this.#w.dir);
    return text.ok ? draftOf(this.#w.dir, text.value, flow, edits) : text;
  }

  #fields(kind: Kind): Fields {
    const { customerp, tidsbanken } = this.#w.connectors;
    return { customerp: customerp.fields(kind), tidsbanken: tidsbanken.fields(kind) };
  }

  #facts(kind: Kind) {
    const chosenIdOn = (side: Side): string | null => this.#w.connectors[side].capabilities(kind).clientChosenId;
    const chosenId = { customerp: chosenIdOn('customerp'), tidsbanken: chosenIdOn('tidsbanken') };
    return { fields: this.#fields(kind), canConceal: true, chosenId };
  }

  #faultOf(mapping: FlowMapping): Problem | null {
    const [fault] = mappingProblems(mapping, this.#fields(mapping.kind), true);
    return fault === undefined ? null : { ...fault, kind: 'refused', notDone: 'Nothing was saved.' };
  }
}

/** Names what was edited, so that two windows do not undo each other. */
const versionOf = (mapping: FlowMapping): string => digestOf({ mapping });

const runUnderWay: Problem = {
  kind: 'busy',
  what: 'A run is under way.',
  notDone: 'The mapping was not saved: a run goes by one mapping from its beginning to its end.',
  todo: 'Wait until it has ended, then save again.',
};
const changedMeanwhile = stale('workspace.yaml was changed since these rows were read.', 'mappingChanged');

/** Row by row, the words whose value is another one, as `maxLength.tidsbanken`. */
function changedWords(before: FlowMapping, after: FlowMapping): MappingEffect['changed'] {
  const [was, is] = [wordsByRow(before), wordsByRow(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((row) => {
    const [old, now] = [was.get(row), is.get(row)];
    return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])]
      .map((word) => ({ row, word, before: old?.get(word) ?? null, after: now?.get(word) ?? null }))
      .filter((change) => change.before !== change.after);
  });
}

const wordsByRow = ({ properties }: FlowMapping) =>
  new Map(properties.map((property) => [property.name, new Map(flatWords(property, ''))]));

/** Every single value below a word, under its dotted name. */
const flatWords = (value: object, under: string): (readonly [word: string, text: string])[] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const word = `${under}${name}`;
    if (typeof inner === 'object' && inner !== null) return flatWords(inner, `${word}.`);
    return inner === undefined ? [] : [[word, typeof inner === 'string' ? inner : JSON.stringify(inner)] as const];
  });
