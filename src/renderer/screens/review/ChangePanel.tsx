import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChangeDetail, GroupView } from '../../../shared/contract/views.ts';
import type { Client } from '../../bridge.ts';
import { app } from '../../store.ts';
import { FlowIcon, LoadingState, ProblemNote, ProblemText, SideName, StateBadge } from '../../ui/parts.tsx';
import { useWords } from '../../ui/use-words.ts';
import { PropertyTable } from '../../ui/PropertyTable.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useRailText } from '../../ui/use-rail-text.ts';
import { useFormat } from '../../ui/use-format.ts';
import { Ids } from '../../ui/Ids.tsx';
import { ChangeStatus, isHeld } from './ChangeStatus.tsx';

const askChange = (client: Client, id: number) => client.review.get({ id });

/** One pending change: what would be written where, group by group. */
export function ChangePanel({ id }: { readonly id: number | null }) {
  const { data, failure } = useCall(askChange, id);
  if (failure !== null) return <ProblemNote failure={failure} />;
  return data === null ? <LoadingState /> : <Change change={data} />;
}

function Change({ change }: { readonly change: ChangeDetail }) {
  const { t } = useTranslation();
  // A new record is one write and one decision; only an update can be decided group by group.
  const groups = change.groupViews.map((view) => ({
    group: view.group,
    properties: view.properties,
    aside:
      change.op === 'create' ? undefined : (
        <GroupAside change={change} view={view} alone={change.groupViews.length === 1} />
      ),
  }));
  return (
    <div className="detail">
      <header>
        <p className="detail-over">
          <FlowIcon flow={change.flow} size={16} /> {t(`flow.${change.flow}`)}
          <ChangeStatus row={change} />
        </p>
        <h2>{change.label}</h2>
        <p className="detail-over">
          {t(`op.${change.op}`)} → <SideName side={change.target} />
          <Ids customerpId={change.customerpId} tidsbankenId={change.tidsbankenId} />
        </p>
      </header>
      <ChangeNotes change={change} />
      <DecideButtons change={change} />
      <PropertyTable caption={t('property.caption', { label: change.label })} groups={groups} target={change.target} />
    </div>
  );
}

/** Only what is held for its number can be let go here (S1, S7). */
const mayBeCounted = (rail: string): boolean => /^S[17]/.test(rail);

function ChangeNotes({ change }: { readonly change: ChangeDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const railText = useRailText();
  return (
    <>
      {change.problem === null ? null : (
        <div className="problem">
          <div className="problem-text">
            <ProblemText problem={change.problem} />
          </div>
        </div>
      )}
      {change.rail === null ? null : (
        <p>
          {t('review.rail', { rail: railText(change.rail) })}
          {isHeld(change) && mayBeCounted(change.rail) ? ` ${t('review.heldTodo')}` : ''}
        </p>
      )}
      {change.waitsFor.length === 0 ? null : <p>{t('review.waitsFor', { what: change.waitsFor.join(', ') })}</p>}
      {change.approvedBy === null || change.approvedAt === null ? null : (
        <p className="dim">
          {t('review.approvedBy', { who: change.approvedBy, when: format.moment(change.approvedAt) })}
        </p>
      )}
    </>
  );
}

function DecideButtons({ change }: { readonly change: ChangeDetail }) {
  const { t } = useTranslation();
  const { decideReview } = app();
  return (
    <div className="detail-actions">
      <Button size="xs" disabled={change.approved === 'all'} onClick={() => void decideReview([change.id], 'approve')}>
        {t('take.approve')}
      </Button>
      <Button size="xs" variant="default" onClick={() => void decideReview([change.id], 'reject')}>
        {t('take.reject')}
      </Button>
      <Button size="xs" variant="default" onClick={() => void decideReview([change.id], 'later')}>
        {t('take.later')}
      </Button>
    </div>
  );
}

interface GroupAsideProps {
  readonly change: ChangeDetail;
  readonly view: GroupView;
  /** A change of one group is decided by its own buttons. */
  readonly alone: boolean;
}

function GroupAside({ change, view, alone }: GroupAsideProps) {
  const { t, i18n } = useTranslation();
  const { decideReview } = app();
  const words = useWords();
  const rule = `rule.${view.row}`;
  return (
    <>
      <span className="dim">{i18n.exists(rule) ? t(rule) : view.row}</span>
      {view.approved ? (
        <StateBadge tone="good">{t('changeState.approved')}</StateBadge>
      ) : (
        <StateBadge tone={view.needs === 'review' ? 'waiting' : 'calm'}>{t(`review.needs.${view.needs}`)}</StateBadge>
      )}
      {alone ? null : (
        <span className="group-actions">
          <Button
            size="compact-xs"
            variant="default"
            disabled={view.approved}
            onClick={() => void decideReview([change.id], 'approve', view.group)}
          >
            {t('review.approveGroup', { group: words.group(view.group) })}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => void decideReview([change.id], 'reject', view.group)}
          >
            {t('review.rejectGroup', { group: words.group(view.group) })}
          </Button>
        </span>
      )}
    </>
  );
}
