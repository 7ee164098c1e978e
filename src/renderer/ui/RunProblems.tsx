import { useTranslation } from 'react-i18next';
import { flowOf, KINDS } from '../../shared/domain.ts';
import type { ProblemView } from '../bridge.ts';
import { ProblemText } from './parts.tsx';
import { useRailText } from './use-rail-text.ts';

/** A problem names its rail, and the sort of change that rail counted, in its text only: `(create) … (rail S1)`. */
function railOf({ what }: ProblemView): string | undefined {
  const id = /\(rail (S\d)\)/.exec(what)?.[1];
  const op = /of one sort \((\w+)\)/.exec(what)?.[1];
  return id === undefined || op === undefined ? id : `${id}:${op}`;
}

/** What a run has to tell: failures as they came, and what a rail holds for a person, once a rail. */
export function RunProblems({ problems }: { readonly problems: readonly ProblemView[] }) {
  const held = Map.groupBy(
    problems.filter((problem) => problem.kind === 'rail'),
    (problem) => railOf(problem) ?? problem.what,
  );
  return (
    <>
      {problems
        .filter((problem) => problem.kind !== 'rail')
        .map((problem, index) => (
          <div className="run-problem" key={`${problem.kind}-${index}`}>
            <ProblemText problem={problem} />
          </div>
        ))}
      {[...held].map(([rail, together]) => (
        <RailNotice key={rail} rail={rail} problems={together} />
      ))}
    </>
  );
}

interface RailNoticeProps {
  readonly rail: string;
  readonly problems: readonly ProblemView[];
}

/** A rail is no failure: it waits for a person. One not known here tells its first problem as it came. */
function RailNotice({ rail, problems }: RailNoticeProps) {
  const { t, i18n } = useTranslation();
  const railText = useRailText();
  const kinds = KINDS.filter((kind) => problems.some((problem) => problem.recordKind === kind));
  const flows = kinds.map((kind) => t(`flow.${flowOf(kind)}`)).join(', ');
  const [first] = problems;
  const [id = ''] = rail.split(':');
  const todo = `railTodo.${id}`;
  return (
    <div className="run-problem" data-tone="notice">
      <p className="problem-what">{flows === '' ? t('notice.heldAll') : t('notice.held', { flows })}</p>
      {i18n.exists(todo) ? (
        <p>
          {railText(rail)} {t(todo)}
        </p>
      ) : first === undefined ? null : (
        <ProblemText problem={first} />
      )}
    </div>
  );
}
