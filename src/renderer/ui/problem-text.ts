import { flowOf, KINDS } from '../../shared/domain.ts';
import type { ProblemView } from '../bridge.ts';

/** The sentences of a problem in the window's language, and whether they had to be taken from the host as they came. */
export interface ProblemSentences {
  readonly what: string;
  readonly notDone: string;
  readonly todo: string;
  /** True where no translation fits: the host's own English is shown. */
  readonly asItCame: boolean;
  /** True where the host's own text may tell support more than the sentence does. */
  readonly hasMore: boolean;
}

/** How a translation is looked up; `raw` is the text with its holes, or undefined where there is none. */
export interface Texts {
  readonly raw: (key: string) => string | undefined;
  readonly t: (key: string, values?: Record<string, string>) => string;
  readonly count: (value: number) => string;
  readonly property: (name: string) => string;
}

type Keys = Pick<ProblemSentences, 'what' | 'notDone' | 'todo'> & { readonly hasMore: boolean };

const NOT_DONE_OF: Readonly<Record<string, string>> = {
  outcomeUnknown: 'notSentAgain',
  notReadBack: 'notCounted',
  transformed: 'notCounted',
  otherFieldsChanged: 'notCounted',
};

const factOf = ({ facts }: ProblemView, name: string): string => String(facts?.[name] ?? '');

/** Which sentences fit: those of a refused decision, of one record's write, of a reading, of a system, or of the run. */
function keysOf(problem: ProblemView, has: (key: string) => boolean): Keys {
  const { kind } = problem;
  const why = factOf(problem, 'why');
  // Its reasons have names of their own, some of which refusals have, too.
  if (kind === 'incompleteCollection') return collectKeys(why);
  if (kind !== 'busy' && has(`problem.refusal.${why}.what`)) return refusalKeys(why);
  if (problem.facts?.['label'] !== undefined) return changeKeys(kind, why);
  return problem.side === undefined || problem.recordKind !== undefined ? runKeys(kind, why, has) : systemKeys(kind);
}

const refusalKeys = (why: string): Keys => ({
  what: `problem.refusal.${why}.what`,
  notDone: 'problem.refusal.notDone',
  todo: `problem.refusal.${why}.todo`,
  hasMore: false,
});

function changeKeys(kind: string, why: string): Keys {
  const told = why === 'unread' ? why : kind;
  const left = NOT_DONE_OF[kind] ?? 'notWritten';
  return {
    what: `problem.change.${told}.what`,
    notDone: `problem.change.${left}`,
    todo: `problem.change.${told}.todo`,
    hasMore: true,
  };
}

const collectKeys = (why: string): Keys => ({
  what: `problem.collect.${why}.what`,
  notDone: 'problem.collect.notDone',
  todo: `problem.collect.${why}.todo`,
  hasMore: true,
});

const systemKeys = (kind: string): Keys => ({
  what: `problem.system.${kind}.what`,
  notDone: `problem.system.${kind}.notDone`,
  todo: `problem.system.${kind}.todo`,
  hasMore: true,
});

/** Where a kind has several reasons, a sentence of the reason goes before that of the kind. */
function runKeys(kind: string, why: string, has: (key: string) => boolean): Keys {
  const key = (word: string): string => {
    const own = `problem.run.${kind}.${why}.${word}`;
    return has(own) ? own : `problem.run.${kind}.${word}`;
  };
  return {
    what: key('what'),
    notDone: key('notDone'),
    todo: key('todo'),
    hasMore: !['busy', 'countDiffers', 'notFound', 'checklistUnfinished'].includes(kind),
  };
}

function recordOf(problem: ProblemView, texts: Texts): string | undefined {
  const { side, recordKind, nativeId } = problem;
  if (side === undefined || recordKind === undefined) return undefined;
  const label = factOf(problem, 'label');
  const values = {
    kind: texts.t(`kindIn.${side}.${recordKind}`),
    system: texts.t(`side.${side}`),
    id: nativeId ?? '',
    label,
  };
  if (nativeId === undefined) return texts.t('record.new', values);
  return texts.t(label === '' ? 'record.unnamed' : 'record.named', values);
}

function valuesOf(problem: ProblemView, texts: Texts): Record<string, string | undefined> {
  const figures = Object.entries(problem.facts ?? {}).map(([name, fact]): [string, string] => [
    name,
    typeof fact === 'number' ? texts.count(fact) : fact,
  ]);
  const side = problem.side ?? factOf(problem, 'system');
  const kind = KINDS.find((one) => one === problem.recordKind);
  const unread = factOf(problem, 'unread');
  return {
    ...Object.fromEntries(figures),
    record: recordOf(problem, texts),
    system: side === '' ? undefined : texts.t(`side.${side}`),
    flow: kind === undefined ? undefined : texts.t(`flow.${flowOf(kind)}`),
    unread: unread === '' ? undefined : texts.t(`side.${unread}`),
    properties: factOf(problem, 'properties').split(' ').map(texts.property).join(', '),
  };
}

const holesOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '');

/**
 * A problem in the window's language, made of its kind and its facts. Problems of older runs, and kinds that have no
 * translation, are told as the host told them. `more` overrides values, such as several flows told in one sentence.
 */
export function problemSentences(
  problem: ProblemView,
  texts: Texts,
  more: Readonly<Record<string, string>> = {},
): ProblemSentences {
  const keys = keysOf(problem, (key) => texts.raw(key) !== undefined);
  const values = { ...valuesOf(problem, texts), ...more };
  const fill = (key: string): string | undefined => {
    const holes = holesOf(texts.raw(key) ?? '{{missing}}').map((hole) => [hole, values[hole]] as const);
    const filled = holes.filter((hole): hole is readonly [string, string] => hole[1] !== undefined);
    return filled.length === holes.length ? texts.t(key, Object.fromEntries(filled)) : undefined;
  };
  const [what, notDone, todo] = [fill(keys.what), fill(keys.notDone), fill(keys.todo)];
  if (what === undefined || notDone === undefined || todo === undefined)
    return { what: problem.what, notDone: problem.notDone, todo: problem.todo, asItCame: true, hasMore: false };
  return { what, notDone, todo, asItCame: false, hasMore: keys.hasMore };
}
