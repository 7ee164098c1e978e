import type { LintView, MappingEffect, MappingView, TryView } from '../../../shared/contract/mapping-views.ts';
import { fail, flowOf, kindOf, KINDS, ok, otherSide } from '../../../shared/domain.ts';
import type { Flow, Kind, Problem, Result, Side } from '../../../shared/domain.ts';
import { digestOf } from '../../mapping/canonical-json.ts';
import { shownText } from '../../mapping/conceal.ts';
import { tryRow } from '../../mapping/lint/try-row.ts';
import type { Fields } from '../../mapping/mapping-problem.ts';
import { creationProblems } from '../../mapping/creation-problems.ts';
import { mappingProblems } from '../../mapping/mapping-problems.ts';
import { isActive } from '../../mapping/mapping.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { numberProblems } from '../../mapping/number-problems.ts';
import { sensitiveRows, withholding } from '../../mapping/sensitive-rows.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import { checkMapping } from './mapping-check.ts';
import { draftOf, mappingIn, textToSave, usualMapping } from './mapping-draft.ts';
import type { Draft, Edits } from './mapping-draft.ts';
import { lintMapping, readersOf } from './mapping-lint.ts';
import type { LintSource } from './mapping-lint.ts';
import { mappingView } from './mapping-view.ts';
import { keptSchemas, readSchemas } from './system-schemas.ts';
import type { SchemaRead } from './system-schemas.ts';
import { notFound, stale } from '../refusals.ts';
import { confirmedRows, confirmedWith, keepConfirmed, withoutHeld } from '../workspace/confirmed-rows.ts';
import type { HeldRow } from '../workspace/confirmed-rows.ts';
import { chosenIds, compileFlows } from '../workspace/workspace.ts';
import type { WorkspaceConfig } from '../workspace/workspace-config.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readWorkspaceText, writeWorkspaceText } from '../workspace/workspace-file.ts';

/** A row of a mapping, as it is or as it is being edited, on one record. */
export interface TryQuery extends Edits {
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
    const draft = await this.#draft({ flow, edits: {} });
    if (!draft.ok) return draft;
    const { config } = draft.value;
    const mapping = mappingIn(config, flow);
    const own = config.flows[flow]?.properties;
    const referring = KINDS.filter((kind) =>
      mappingIn(config, flowOf(kind)).properties.some((row) => isActive(row) && row.reference === mapping.kind),
    );
    const view = mappingView(
      mapping,
      versionOf(mapping),
      this.#fields(mapping.kind),
      own,
      referring,
      chosenIds(mapping.kind, this.#w.connectors),
    );
    return ok({ ...view, held: (await this.#heldIn(config, flow)).map(({ row }) => row) });
  }

  /** The lint of a draft; with `records`, over all that was read. */
  async lint(edits: Edits, records: boolean, signal?: AbortSignal): Promise<Result<LintView, Problem>> {
    const draft = await this.#draft(edits);
    if (!draft.ok) return draft;
    const { store } = this.#w;
    const source: LintSource = {
      factsOf: (kind) => this.#facts(kind),
      store: records ? store : null,
      schemasOf: await keptSchemas(store),
    };
    const {
      unread,
      records: read,
      findings,
    } = await lintMapping(source, mappingIn(draft.value.config, edits.flow), signal);
    const views = findings.map(({ recordKind: _kind, examples, ...finding }) => ({
      ...finding,
      examples: [...examples],
    }));
    return ok({ unread: records ? [...unread] : [], records: read, findings: views });
  }

  /** Asks both systems what their fields are, for the lint from now on. Reads only. */
  readSchemas(): Promise<SchemaRead[]> {
    return readSchemas(this.#w.store, this.#w.connectors, new AbortController().signal);
  }

  /** What one row of a draft makes of one record, and what the linked record holds. Problem: `notFound`. */
  async try({ row, side, nativeId, ...edits }: TryQuery): Promise<Result<TryView, Problem>> {
    const draft = await this.#draft(edits);
    if (!draft.ok) return draft;
    const { flow } = edits;
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
  async check(edits: Edits): Promise<Result<MappingEffect, Problem>> {
    const both = await this.#beforeAndAfter(edits);
    if (!both.ok) return both;
    const { before, after, sensitive } = both.value;
    const { words, ...effect } = await checkMapping(this.#w.store, before, after);
    return ok({
      changed: changedWords(before, after),
      entering: [...effect.entering],
      leaving: [...effect.leaving],
      rewritten: [...effect.rewritten],
      redirected: [...effect.redirected],
      keysChanged: words.includes('keys'),
      createChanged: words.includes('create'),
      filterChanged: words.includes('filter'),
      scope: effect.scope,
      sensitive,
      pairs: effect.pairs,
      comparedAnew: effect.comparedAnew,
      noLongerRead: effect.noLongerRead,
    });
  }

  /**
   * Writes a draft into workspace.yaml and runs by it from now on. `version`: the mapping that was edited; `confirmed`:
   * the rows with personal data that a person has said yes to. Problems: `busy` while a run is under way, `stale` when
   * the file was changed meanwhile, `refused` for what cannot be used or was not confirmed.
   */
  async save(edits: Edits, version: string, confirmed: readonly string[]): Promise<Result<MappingView, Problem>> {
    const lease = await this.#w.store.runs.leaseHolder();
    if (lease !== null) return fail(runUnderWay);
    const both = await this.#beforeAndAfter(edits);
    if (!both.ok) return both;
    const { before, after, draft, text, sensitive } = both.value;
    if (versionOf(before) !== version) return fail(changedMeanwhile);
    const open = sensitive.filter(({ row }) => !confirmed.includes(row));
    if (open.length > 0) return fail(notConfirmed(open.map(({ row }) => row)));
    const confirmedNow = confirmedWith(await this.#confirmed(), after, usualMapping(edits.flow));
    const { mappings, held } = withoutHeld(draft.config, confirmedNow);
    const flows = await compileFlows(this.#w.dir, mappings, this.#w.connectors);
    if (!flows.ok) return flows;
    const toWrite = textToSave(text, edits, draft);
    if (!toWrite.ok) return fail(cannotBeWritten(toWrite.failure));
    const written = await writeWorkspaceText(this.#w.dir, toWrite.value);
    if (!written.ok) return written;
    await keepConfirmed(this.#w.store, confirmedNow);
    this.#w.config = draft.config;
    this.#w.flows = flows.value;
    this.#w.held = held;
    const asked = confirmed.length === 0 ? {} : { confirmed: [...confirmed] };
    const detail = {
      by: this.#w.person,
      rows: Object.keys(edits.edits),
      rules: Object.keys(edits.rules ?? {}),
      ...asked,
    };
    await this.#w.store.tell([{ event: 'mappingEdited', item: `flow:${flowOf(after.kind)}`, detail }]);
    return this.get(edits.flow);
  }

  readonly #confirmed = () => confirmedRows(this.#w.store, this.#w.config);

  /** Asked of the file as it stands: somebody may have switched a row on there since the workspace was opened. */
  async #heldIn(config: WorkspaceConfig, flow: Flow): Promise<readonly HeldRow[]> {
    return withoutHeld(config, await this.#confirmed()).held.filter((row) => row.flow === flow);
  }

  async #draft(edits: Edits): Promise<Result<Draft, Problem>> {
    const text = await readWorkspaceText(this.#w.dir);
    return text.ok ? draftOf(this.#w.dir, text.value, edits) : text;
  }

  /** The mapping as the file has it and as the draft would. Fails with what keeps the draft from being used. */
  async #beforeAndAfter(edits: Edits) {
    const text = await readWorkspaceText(this.#w.dir);
    if (!text.ok) return text;
    const now = draftOf(this.#w.dir, text.value, { flow: edits.flow, edits: {} });
    if (!now.ok) return now;
    const draft = draftOf(this.#w.dir, text.value, edits);
    if (!draft.ok) return draft;
    const after = mappingIn(draft.value.config, edits.flow);
    const fault = this.#faultOf(after, draft.value);
    if (fault !== null) return fail(fault);
    const before = mappingIn(now.value.config, edits.flow);
    const usual = usualMapping(edits.flow);
    // What the file has and nobody confirmed flows as little as what the draft switches on.
    const allowed = withholding(before, await this.#heldIn(now.value.config, edits.flow), usual);
    const sensitive = sensitiveRows(allowed, after, usual);
    return ok({ before, after, sensitive, draft: draft.value, text: text.value });
  }

  #fields(kind: Kind): Fields {
    const { customerp, tidsbanken } = this.#w.connectors;
    return { customerp: customerp.fields(kind), tidsbanken: tidsbanken.fields(kind) };
  }

  #facts(kind: Kind) {
    return { fields: this.#fields(kind), canConceal: true, chosenId: chosenIds(kind, this.#w.connectors) };
  }

  #faultOf(mapping: FlowMapping, { config }: Draft): Problem | null {
    const all = KINDS.map((kind) => mappingIn(config, flowOf(kind))).filter(({ enabled }) => enabled);
    const { fields, chosenId } = this.#facts(mapping.kind);
    const [fault] = [
      ...mappingProblems(mapping, fields, true),
      ...creationProblems(all),
      ...numberProblems(mapping, fields, chosenId),
    ];
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

const notConfirmed = (rows: readonly string[]): Problem => ({
  kind: 'refused',
  what: `Personal data would flow that did not so far (${rows.join(', ')}), and nobody confirmed it.`,
  notDone: 'Nothing was saved.',
  todo: 'Read the warning, then confirm it, or leave these rows off.',
  facts: { why: 'sensitiveNotConfirmed', properties: rows.join(' ') },
});
const cannotBeWritten = (why: string): Problem => ({
  kind: 'refused',
  what: `workspace.yaml cannot take the mapping in the form it has: ${why}.`,
  notDone: 'Nothing was saved.',
  todo: 'Edit the flow in workspace.yaml by hand, then look again.',
});

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
