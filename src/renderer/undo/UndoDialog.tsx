import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UndoRow, UndoSummary } from '../../shared/contract/views.ts';
import type { Client } from '../bridge.ts';
import { app } from '../store.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { LoadingState, ProblemNote, SideName } from '../ui/parts.tsx';
import { presentValue } from '../ui/present.ts';
import { RowsOrState } from '../ui/RowsOrState.tsx';
import { useCall } from '../ui/use-call.ts';
import { useFormat } from '../ui/use-format.ts';
import { usePages } from '../ui/use-pages.ts';
import { useSpeech } from '../ui/use-speech.ts';
import { useWords } from '../ui/use-words.ts';
import { ValueText } from '../ui/ValueDiff.tsx';
import { VirtualGrid } from '../ui/VirtualGrid.tsx';
import type { Column } from '../ui/VirtualGrid.tsx';
import './undo.css';

export type Scope = { readonly run: number } | { readonly change: number };
type Outcome = UndoRow['outcome'];

const OUTCOMES: readonly Outcome[] = ['reversed', 'kept', 'cannot'];
const ROW_HEIGHT = 64;

interface List {
  readonly scope: Scope;
  readonly outcome: Outcome;
}
const askPreview = (client: Client, scope: Scope) => client.undo.preview({ scope });
const askRows = (client: Client, { scope, outcome }: List, window: { offset: number; limit: number }) =>
  client.undo.rows({ scope, outcome, ...window });

interface UndoDialogProps {
  /** Null: closed. */
  readonly scope: Scope | null;
  readonly title: string;
  readonly onClose: () => void;
}

/** What undo would come to (7.5): three lists with their numbers, and a button that proposes the first of them. */
export function UndoDialog({ scope, title, onClose }: UndoDialogProps) {
  const { t } = useTranslation();
  const { data, failure } = useCall(askPreview, scope);
  return (
    <Dialog opened={scope !== null} onClose={onClose} title={title} size="lg">
      {failure === null ? null : <ProblemNote failure={failure} />}
      {scope === null || data === null ? (
        failure === null && <LoadingState />
      ) : (
        <div className="undo">
          <p>{t('undo.lead')}</p>
          <Lists scope={scope} summary={data} />
          <Actions scope={scope} count={data.reversed} onClose={onClose} />
        </div>
      )}
    </Dialog>
  );
}

function Lists({ scope, summary }: { readonly scope: Scope; readonly summary: UndoSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [outcome, setOutcome] = useState<Outcome>(OUTCOMES.find((one) => summary[one] > 0) ?? 'reversed');
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label={t('undo.lists')}
        value={outcome}
        onChange={(value) => setOutcome(OUTCOMES.find((one) => one === value) ?? 'reversed')}
        data={OUTCOMES.map((one) => ({
          value: one,
          label: t('undo.counted', {
            what: t(`undo.outcome.${one}`),
            count: summary[one],
            shown: format.count(summary[one]),
          }),
        }))}
      />
      <Rows key={outcome} scope={scope} outcome={outcome} />
    </>
  );
}

function Rows({ scope, outcome }: List) {
  const { t } = useTranslation();
  const [active, setActive] = useState(0);
  const rows = usePages(askRows, { scope, outcome });
  const columns: readonly Column<UndoRow>[] = [
    {
      id: 'record',
      header: t('undo.record'),
      width: 'minmax(0, 2fr)',
      renderCell: (row) => (
        <>
          <span className="cell-main">{row.label}</span>
          <span className="cell-sub">
            <SideName side={row.target} short /> {row[`${row.target}Id`]}
          </span>
        </>
      ),
    },
    {
      id: 'what',
      header: t(outcome === 'reversed' ? 'undo.what' : 'undo.because'),
      width: 'minmax(0, 3fr)',
      renderCell: (row) => <What row={row} />,
    },
  ];
  return (
    <RowsOrState rows={rows} empty={<p className="dim undo-none">{t(`undo.none.${outcome}`)}</p>}>
      {(loaded) => (
        <div className="undo-rows">
          <VirtualGrid
            label={t(`undo.outcome.${outcome}`)}
            rows={loaded}
            columns={columns}
            active={active}
            onActive={setActive}
            rowHeight={ROW_HEIGHT}
          />
        </div>
      )}
    </RowsOrState>
  );
}

const WHOLE_RECORD = 'create';

/** The group with what stands there now and what stood there before; or why it stays. */
function What({ row }: { readonly row: UndoRow }) {
  const { t } = useTranslation();
  const words = useWords();
  const why = row.why ?? '';
  const isWhole = row.group === WHOLE_RECORD;
  const name = isWhole ? t('undo.wholeRecord') : words.group(row.group);
  return (
    <>
      <span className="cell-main">{name}</span>
      <span className="cell-sub">
        {row.outcome !== 'reversed' ? t(`undo.why.${why}`) : isWhole ? t('undo.closes') : <Values row={row} />}
      </span>
    </>
  );
}

function Values({ row }: { readonly row: UndoRow }) {
  const words = useWords();
  const speech = useSpeech();
  return row.values.map(({ property, type, now, before }) => (
    <span key={property} className="undo-value">
      {row.values.length > 1 ? `${words.property(property)}: ` : null}
      <ValueText value={presentValue(type, now, speech)} /> → <ValueText value={presentValue(type, before, speech)} />
    </span>
  ));
}

interface ActionsProps {
  readonly scope: Scope;
  readonly count: number;
  readonly onClose: () => void;
}

function Actions({ scope, count, onClose }: ActionsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const propose = async (): Promise<void> => {
    setBusy(true);
    const isDone = await proposeUndo(scope);
    setBusy(false);
    if (isDone) onClose();
  };
  return (
    <div className="bulk-actions">
      <Button variant="default" onClick={onClose}>
        {t('action.cancel')}
      </Button>
      <Button loading={busy} disabled={count === 0} onClick={() => void propose()}>
        {t('undo.propose', { count, shown: format.count(count) })}
      </Button>
    </div>
  );
}

/** Proposes, and shows what now waits in Review. False: nothing was proposed. */
async function proposeUndo(scope: Scope): Promise<boolean> {
  const proposed = await app().attempt((client) => client.undo.propose({ scope }));
  if (proposed === null) return false;
  const { changes, missed } = proposed;
  app().note({
    tone: 'done',
    ...(missed > 0 ? { text: 'undo.missed', count: missed } : { text: 'undo.proposed', count: changes }),
  });
  app().changed();
  if (changes > 0) {
    app().filterReview({ show: 'waiting' });
    app().goTo('review');
  }
  return true;
}
