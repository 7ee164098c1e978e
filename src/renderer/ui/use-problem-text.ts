import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '../bridge.ts';
import { problemSentences } from './problem-text.ts';
import type { ProblemSentences } from './problem-text.ts';
import { useFormat } from './use-format.ts';
import { useWords } from './use-words.ts';

export type TellProblem = (problem: ProblemView, more?: Readonly<Record<string, string>>) => ProblemSentences;

/** Problems in the window's language. */
export function useProblemText(): TellProblem {
  const { t, i18n } = useTranslation();
  const { count } = useFormat();
  const { property } = useWords();
  return useMemo(() => {
    const raw = (key: string): string | undefined => {
      const text: unknown = i18n.getResource(i18n.language, 'translation', key);
      return typeof text === 'string' ? text : undefined;
    };
    const texts = { raw, t: (key: string, values?: Record<string, string>) => t(key, { ...values }), count, property };
    return (problem, more) => problemSentences(problem, texts, more);
  }, [t, i18n, count, property]);
}
