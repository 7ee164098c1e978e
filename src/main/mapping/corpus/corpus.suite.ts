import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import { PRESETS, presetDescriptor } from '../../connectors/create-connector.ts';
import { parseLossless } from '../../connectors/http/lossless-json.ts';
import { compileFlow, type CompiledFlow } from '../compile.ts';
import type { Concealer } from '../conceal.ts';
import type { AnswerCase, CorpusCase, RecordCase, TwinCase } from './case.ts';
import { CORPUS_FLOWS, corpusMapping, type CorpusFlow } from './valid-records.ts';

/** Reads the corpus and compiles the flows with the fields that the presets declare. */

export interface CorpusFile {
  readonly path: string;
  readonly one: CorpusCase;
}

const FOLDER = join(import.meta.dirname, 'files');

const readCase = (path: string): CorpusFile => ({
  path,
  one: parseLossless(readFileSync(join(FOLDER, path), 'utf8')) as unknown as CorpusCase,
});

/** The classes of the corpus, each with its files. Numbers in raw records are read as the product reads them. */
export const corpus: ReadonlyMap<string, readonly CorpusFile[]> = new Map(
  readdirSync(FOLDER)
    .toSorted()
    .map((name) => [
      name,
      readdirSync(join(FOLDER, name))
        .toSorted()
        .map((file) => readCase(join(name, file))),
    ]),
);

export const isAnswer = (one: CorpusCase): one is AnswerCase => 'base64' in one;
export const isTwin = (one: CorpusCase): one is TwinCase => 'twin' in one;
export const isRecord = (one: CorpusCase): one is RecordCase => !isAnswer(one) && !isTwin(one);

const PRESET_OF: Pair<keyof typeof PRESETS> = { customerp: 'customerp-rest', tidsbanken: 'tidsbanken' };

function declaredFields(side: Side, kind: Kind) {
  const declared = presetDescriptor(PRESET_OF[side]).kinds[kind];
  if (declared === undefined) throw new Error(`the preset of ${side} has no ${kind}`);
  return declared.fields;
}

/** The corpus is about canonical forms, those of made-up national ids included. */
const IN_THE_CLEAR: Concealer = { id: 'none', conceal: (_property, canonical) => canonical };

function compiled(flow: CorpusFlow, kind: Kind): CompiledFlow {
  const fields = { customerp: declaredFields('customerp', kind), tidsbanken: declaredFields('tidsbanken', kind) };
  const result = compileFlow(corpusMapping(flow, kind), fields, IN_THE_CLEAR);
  if (!result.ok) throw new Error(result.failure.map(({ what }) => what).join('\n'));
  return result.value;
}

const flows = new Map(
  CORPUS_FLOWS.flatMap((flow) => KINDS.map((kind) => [`${flow} ${kind}`, compiled(flow, kind)] as const)),
);

export function flowOf({ flow, kind }: { readonly flow: CorpusFlow; readonly kind: Kind }): CompiledFlow {
  const found = flows.get(`${flow} ${kind}`);
  if (found === undefined) throw new Error(`no flow ${flow} ${kind}`);
  return found;
}
