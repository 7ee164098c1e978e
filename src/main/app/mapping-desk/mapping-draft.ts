import { isCollection, isMap, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type {
  CreationView,
  MatchKeyView,
  RowEdit,
  RowEdits,
  RuleEdits,
} from '../../../shared/contract/mapping-views.ts';
import { fail, kindOf, ok, SIDES } from '../../../shared/domain.ts';
import type { Flow, Problem, Result } from '../../../shared/domain.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { mappingOf } from '../workspace/mapping-of.ts';
import type { WorkspaceConfig } from '../workspace/workspace-config.ts';
import { withMappings } from '../workspace/workspace-edit.ts';
import { parseWorkspace } from '../workspace/workspace-file.ts';

/** workspace.yaml with edited rows: what would be written, and what it says. */
export interface Draft {
  readonly text: string;
  readonly config: WorkspaceConfig;
}

/** Edits of a flow's rows and of what holds for all of it. */
export interface Edits {
  readonly flow: Flow;
  readonly edits: RowEdits;
  readonly rules?: RuleEdits | undefined;
}

/**
 * Lays edits into the text of workspace.yaml, to see what it would say; a word set to null goes back to its default.
 * Nothing is written. Problems: `workspaceInvalid`, with the line it would stand in.
 */
export function draftOf(dir: string, text: string, { flow, edits, rules = {} }: Edits): Result<Draft, Problem> {
  if (isEmpty(edits) && isEmpty(rules)) return parsed(dir, text);
  const document = parseDocument(text);
  for (const [name, edit] of Object.entries(edits)) editRow(document, ['flows', flow, 'properties', name], edit);
  editRules(document, ['flows', flow], rules);
  return parsed(dir, document.toString({ lineWidth: 0 }));
}

/**
 * The text of workspace.yaml by which a flow has the mapping of a draft, written as an import of a dataflow document
 * writes it: as little as says it, with the comments that were there. Fails with the reason.
 */
export function textToSave(text: string, { flow, edits }: Edits, draft: Draft): Result<string, string> {
  const gone = Object.entries(edits).map(([name, edit]) => [name, withoutValues(edit)] as const);
  const document = parseDocument(text);
  for (const [name, edit] of gone) editRow(document, ['flows', flow, 'properties', name], edit);
  const isShorter = gone.some(([, edit]) => !isEmpty(edit));
  return withMappings(
    isShorter ? document.toString({ lineWidth: 0 }) : text,
    [mappingIn(draft.config, flow)],
    defaultMapping(),
  );
}

const isEmpty = (edits: object): boolean => Object.keys(edits).length === 0;
const withoutValues = (edit: RowEdit): RowEdit =>
  Object.fromEntries(Object.entries(edit).filter(([word, value]) => isGone(word, value)));

/** No row has these words by default, so one without content is none. */
const NONE_BY_DEFAULT: ReadonlySet<string> = new Set(['convert', 'onCreate', 'when']);
const isGone = (word: string, value: unknown): boolean =>
  value === null || (NONE_BY_DEFAULT.has(word) && typeof value === 'object' && isEmpty(value));

function parsed(dir: string, text: string): Result<Draft, Problem> {
  const config = parseWorkspace(dir, text);
  if (!config.ok)
    return fail({ ...config.failure, notDone: 'Nothing was saved.', todo: 'Correct the row, then try again.' });
  return ok({ text, config: config.value });
}

/** The mapping of a flow as a configuration says, whether it can be used or not. */
export function mappingIn(config: WorkspaceConfig, flow: Flow): FlowMapping {
  return mappingOf(usualMapping(flow), config);
}

/** The default mapping of a flow. */
export function usualMapping(flow: Flow): FlowMapping {
  const usual = defaultMapping().find(({ kind }) => kind === kindOf(flow));
  if (usual === undefined) throw new Error(`${flow} has no default mapping`);
  return usual;
}

function editRow(document: Document, path: readonly string[], edit: RowEdit): void {
  for (const [word, value] of Object.entries(edit)) {
    if (value === undefined) continue;
    if (isGone(word, value)) document.deleteIn([...path, word]);
    else setAt(document, [...path, word], value);
  }
  removeEmpty(document, path);
}

const CREATE_WORD = { customerp: 'inCustomerp', tidsbanken: 'inTidsbanken' } as const;

function editRules(document: Document, path: readonly string[], { keys, create, filter }: RuleEdits): void {
  if (keys !== undefined) setAt(document, [...path, 'keys'], keys.map(keyWords));
  for (const side of SIDES) {
    const rule = create?.[side];
    if (rule !== undefined) editCreation(document, [...path, 'create'], CREATE_WORD[side], rule);
  }
  if (filter === undefined) return;
  const sides = SIDES.filter((side) => filter[side].length > 0);
  if (sides.length === 0) document.deleteIn([...path, 'filter']);
  else setAt(document, [...path, 'filter'], Object.fromEntries(sides.map((side) => [side, filter[side]])));
}

function editCreation(document: Document, path: readonly string[], word: string, rule: CreationView): void {
  setAt(document, [...path, word], creationWords(rule));
  if (rule.numbers !== null) setAt(document, [...path, 'numbers', word], rule.numbers);
  else if (document.hasIn([...path, 'numbers', word])) document.deleteIn([...path, 'numbers', word]);
}

const keyWords = ({ name, properties, strength, placeholders }: MatchKeyView) => ({
  name,
  properties,
  strength: strength === 'strong' ? 'strong' : 'suggestion',
  ...(placeholders.length === 0 ? {} : { placeholders }),
});
const creationWords = ({ rule, referredToBy }: CreationView) =>
  rule === 'ifReferredTo' ? { ifReferredTo: referredToBy } : rule;

/** A key that stands there with nothing behind it, as `properties:`, becomes a map. */
function setAt(document: Document, path: readonly string[], value: unknown): void {
  for (let depth = 1; depth < path.length; depth++) {
    const at = path.slice(0, depth);
    if (!isCollection(document.getIn(at, true))) document.setIn(at, document.createNode({}));
  }
  document.setIn(path, document.createNode(value));
}

/** A row that says nothing any more goes, and with it what held only that row; the flow itself stays. */
function removeEmpty(document: Document, path: readonly string[]): void {
  for (const at of [path, path.slice(0, -1)]) {
    const node = document.getIn(at, true);
    if (isMap(node) && node.items.length === 0) document.deleteIn(at);
  }
}
