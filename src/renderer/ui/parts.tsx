import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { kindOf } from '../../shared/domain.ts';
import type { Flow, Side } from '../../shared/domain.ts';
import type { ProblemView, Failure } from '../bridge.ts';
import { CustomerIcon, DepartmentIcon, EmployeeIcon, ProjectIcon, WarningIcon } from './icons.ts';
import { useProblemText } from './use-problem-text.ts';
import './parts.css';

const FLOW_ICONS = {
  department: DepartmentIcon,
  customer: CustomerIcon,
  employee: EmployeeIcon,
  project: ProjectIcon,
} as const;

export function FlowIcon({ flow, size = 18 }: { readonly flow: Flow; readonly size?: number }) {
  const Icon = FLOW_ICONS[kindOf(flow)];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}

/** The two systems are told apart by letter and by colour, never by colour alone. */
export function SideName({ side, short = false }: { readonly side: Side; readonly short?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="side" data-side={side}>
      <span className="side-mark" aria-hidden>
        {side === 'customerp' ? 'C' : 'T'}
      </span>
      {short ? null : t(`side.${side}`)}
    </span>
  );
}

export type Tone = 'good' | 'waiting' | 'bad' | 'calm' | 'busy';

/** A state in a word; its colour only repeats it. */
export const StateBadge = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className="badge" data-tone={tone}>
    {children}
  </span>
);

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}
export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="empty" tabIndex={-1}>
      <span className="empty-icon" aria-hidden>
        {icon}
      </span>
      <p className="empty-title">{title}</p>
      <p className="empty-text">{text}</p>
      {children}
    </div>
  );
}

export function LoadingState() {
  const { t } = useTranslation();
  return (
    <output className="empty">
      <Loader size="sm" aria-hidden />
      <p className="empty-text">{t('state.loading')}</p>
    </output>
  );
}

/** What happened, what was not done, what to do now; the host's own words below, for support. */
export function ProblemText({ problem }: { readonly problem: ProblemView }) {
  const told = useProblemText()(problem);
  const rest = [told.notDone, told.todo].filter((text) => text !== '');
  return (
    <>
      <p className="problem-what" lang={told.asItCame ? 'en' : undefined}>
        {told.what}
      </p>
      {rest.map((text) => (
        <p key={text} lang={told.asItCame ? 'en' : undefined}>
          {text}
        </p>
      ))}
      {told.hasMore ? <TechnicalDetails texts={[problem.what]} /> : null}
    </>
  );
}

/** The host's own English, folded away. */
export function TechnicalDetails({ texts }: { readonly texts: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <details className="technical">
      <summary>{t('problem.technical')}</summary>
      {texts.map((text) => (
        <p key={text} lang="en">
          {text}
        </p>
      ))}
    </details>
  );
}

export function FailureText({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation();
  if (failure.problem !== null) return <ProblemText problem={failure.problem} />;
  return <p className="problem-what">{t(`failure.${failure.kind}.what`)}</p>;
}

/** A problem in its place on a screen; those of a person's own action are notes above the screen. */
export function ProblemNote({ failure, onRetry }: { readonly failure: Failure; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="problem" role="alert">
      <WarningIcon size={18} aria-hidden />
      <div className="problem-text">
        <p className="problem-title">{t(`failure.${failure.kind}.title`)}</p>
        <FailureText failure={failure} />
        {onRetry === undefined ? null : (
          <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
            {t('action.retry')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ScreenHeadProps {
  readonly title: string;
  readonly lead: string;
  readonly children?: ReactNode;
}
export function ScreenHead({ title, lead, children }: ScreenHeadProps) {
  return (
    <header className="screen-head">
      <div>
        <h1>{title}</h1>
        <p className="screen-lead">{lead}</p>
      </div>
      <div className="screen-actions">{children}</div>
    </header>
  );
}
