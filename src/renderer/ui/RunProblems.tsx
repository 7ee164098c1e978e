import { useTranslation } from 'react-i18next';
import { flowOf, KINDS } from '../../shared/domain.ts';
import type { ProblemView } from '../bridge.ts';
import { ProblemText, TechnicalDetails } from './parts.tsx';
import { useProblemText } from './use-problem-text.ts';
import { useRailText } from './use-rail-text.ts';

/** The rail that held something, with the sort of change that it counted: `S1:create`. */
function railOf({ facts }: ProblemView): string | undefined {
  const rail = facts?.['rail'];
  const op = facts?.['op'];
  return rail === undefined ? undefined : op === undefined ? String(rail) : `${rail}:${op}`;
}

/** What befell many records alike is told once, with how many. */
const sortOf = ({ kind, side, facts }: ProblemView): string => `${kind} ${side ?? ''} ${facts?.['why'] ?? ''}`;

/** What a run has to tell: failures once a sort, and what a rail holds for a person, once a rail. */
export function RunProblems({ problems }: { readonly problems: readonly ProblemView[] }) {
  const failures = problems.filter((problem) => problem.kind !== 'rail');
  const rails = problems.filter((problem) => problem.kind === 'rail');
  return (
    <>
      {[...Map.groupBy(failures, sortOf)].map(([sort, alike]) => (
        <div className="run-problem" key={sort}>
          {alike.length === 1 ? (
            alike.map((problem) => <ProblemText key={problem.what} problem={problem} />)
          ) : (
            <AlikeProblems problems={alike} />
          )}
        </div>
      ))}
      {[...Map.groupBy(rails, (problem) => railOf(problem) ?? problem.what)].map(([rail, together]) => (
        <RailNotice key={rail} rail={rail} problems={together} />
      ))}
    </>
  );
}

const NAMED = 5;

function AlikeProblems({ problems }: { readonly problems: readonly ProblemView[] }) {
  const { t } = useTranslation();
  const tell = useProblemText();
  const flow = useFlowNames()(problems);
  const all = problems.map((problem) => tell(problem, flow === '' ? {} : { flow }));
  const whats = [...new Set(all.map(({ what }) => what))];
  const [first] = all;
  return (
    <>
      {whats.slice(0, NAMED).map((what) => (
        <p className="problem-what" key={what}>
          {what}
        </p>
      ))}
      {whats.length > NAMED ? <p>{t('note.more', { count: whats.length - NAMED })}</p> : null}
      <p>{first?.notDone}</p>
      <p>{first?.todo}</p>
      {first?.hasMore === true ? <TechnicalDetails texts={[...new Set(problems.map(({ what }) => what))]} /> : null}
    </>
  );
}

/** The flows that problems are about, in the order of the house. */
function useFlowNames(): (problems: readonly ProblemView[]) => string {
  const { t } = useTranslation();
  return (problems) =>
    KINDS.filter((kind) => problems.some((problem) => problem.recordKind === kind))
      .map((kind) => t(`flow.${flowOf(kind)}`))
      .join(', ');
}

interface RailNoticeProps {
  readonly rail: string;
  readonly problems: readonly ProblemView[];
}

/** A rail is no failure: it waits for a person. One not known here tells its first problem as it came. */
function RailNotice({ rail, problems }: RailNoticeProps) {
  const { t, i18n } = useTranslation();
  const railText = useRailText();
  const flows = useFlowNames()(problems);
  const [first] = problems;
  const [id = ''] = rail.split(':');
  const todo = `railTodo.${id}`;
  return (
    <div className="run-problem" data-tone="notice">
      <p className="problem-what">{flows === '' ? t('notice.heldAll') : t('notice.held', { flows })}</p>
      {i18n.exists(todo) ? (
        <p>
          {railText(rail, first?.facts)} {t(todo)}
        </p>
      ) : first === undefined ? null : (
        <ProblemText problem={first} />
      )}
    </div>
  );
}
