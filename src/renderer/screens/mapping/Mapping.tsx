import { Button, SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LintFindingView, LintView, MappingDraft, MappingView } from '../../../shared/contract/mapping-views.ts';
import { FLOWS } from '../../../shared/domain.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { Client, Failure } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { WarningIcon } from '../../ui/icons.ts';
import { LoadingState, ProblemNote, ScreenHead } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useWords } from '../../ui/use-words.ts';
import { draftRows } from './draft.ts';
import type { DraftRow } from './draft.ts';
import { FlowRules } from './FlowRules.tsx';
import { leaveByEscape, MappingTable } from './MappingTable.tsx';
import { NewRow } from './NewRow.tsx';
import { RowLint } from './RowLint.tsx';
import { RowSearchBar } from './RowSearchBar.tsx';
import { RowPanel } from './RowPanel.tsx';
import { SaveDialog } from './SaveDialog.tsx';
import { rowsThatFit } from './row-search.ts';
import type { RowFacts } from './row-search.ts';
import { countOf, draftIn } from './slice.ts';
import type { Draft } from './slice.ts';
import './mapping.css';

const NO_FINDINGS: readonly LintFindingView[] = [];
const askMapping = (client: Client, flow: Flow) => client.mapping.get({ flow });
const askLint = (client: Client, draft: MappingDraft & { records: boolean }) => client.mapping.lint(draft);

/** Which field belongs to which, and by what rules; each row edited, linted and tried on a record before it is saved. */
export function MappingScreen() {
  const { t } = useTranslation();
  const flow = useApp((s) => s.mapping.flow);
  const { data, failure } = useCall(askMapping, flow);
  return (
    <>
      <ScreenHead title={t('screen.mapping')} lead={t('mapping.lead')}>
        <SegmentedControl
          size="xs"
          aria-label={t('filter.flow')}
          value={flow}
          onChange={(value) => app().showMapping(FLOWS.find((one) => one === value) ?? flow)}
          data={FLOWS.map((value) => ({ value, label: t(`flow.${value}`) }))}
        />
      </ScreenHead>
      {failure === null ? null : <ProblemNote failure={failure} onRetry={() => app().changed()} />}
      {data === null ? failure === null ? <LoadingState /> : null : <Mapping view={data} />}
    </>
  );
}

function Mapping({ view }: { readonly view: MappingView }) {
  const { t } = useTranslation();
  const draft = useApp((s) => draftIn(s.mapping));
  const records = useApp((s) => s.mapping.lookedAt === draft);
  const active = useApp((s) => s.mapping.active);
  const saving = useApp((s) => s.mapping.saving);
  const { data: lint, failure } = useCall(askLint, { flow: view.flow, ...draft, records });
  const rows = useMemo(() => draftRows(view.rows, draft.edits), [view.rows, draft.edits]);
  const { facts, fitting } = useFittingRows(view, rows, lint?.findings ?? NO_FINDINGS);
  const shown = fitting.find(({ name }) => name === active) ?? fitting[0];
  return (
    <>
      <MappingBar rows={view} draft={draft} lint={lint} failure={failure} looking={records && lint === null} />
      <HeldRows rows={view.held} />
      <FlowRules view={view} rules={draft.rules} />
      <RowLint findings={(lint?.findings ?? []).filter(({ property }) => property === undefined)} />
      <div className="split mapping-split">
        <div className="split-master">
          <RowSearchBar found={fitting.length} of={rows.length} />
          {shown === undefined ? <p className="dim">{t('mapping.noRows')}</p> : null}
          <div className="mapping-rows" hidden={shown === undefined}>
            <MappingTable rows={fitting} findings={facts.findings} held={facts.held} active={shown?.name ?? null} />
          </div>
        </div>
        {shown === undefined ? null : (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leads back from anywhere inside
          <section id="mapping-row" className="split-detail" aria-label={t('detail.label')} onKeyDown={leaveByEscape}>
            <RowPanel key={`${view.flow} ${shown.name}`} view={view} rows={rows} row={shown} lint={lint} />
          </section>
        )}
      </div>
      {saving === null ? null : <SaveDialog view={view} draft={draft} />}
    </>
  );
}

/** The rows that fit the search; remembered, so that walking through a long table draws two of its rows anew. */
function useFittingRows(
  view: MappingView,
  rows: readonly DraftRow[],
  findings: readonly LintFindingView[],
): { readonly facts: RowFacts; readonly fitting: readonly DraftRow[] } {
  const search = useApp((s) => s.mapping.search);
  const { property: said } = useWords();
  return useMemo(() => {
    const facts: RowFacts = {
      saved: new Map(view.rows.map((row) => [row.name, row])),
      findings: Map.groupBy(findings, ({ property }) => property),
      held: new Set(view.held),
      said,
    };
    return { facts, fitting: rowsThatFit(rows, search, facts) };
  }, [view, rows, findings, search, said]);
}

/** Personal data that a line of the file would let flow: it does not, until a person says so here. */
function HeldRows({ rows }: { readonly rows: readonly string[] }) {
  const { t } = useTranslation();
  const words = useWords();
  if (rows.length === 0) return null;
  return (
    <section className="problem mapping-held" aria-label={t('mapping.heldTitle')}>
      <WarningIcon size={18} aria-hidden />
      <div className="problem-text">
        <p className="problem-title">{t('mapping.heldTitle')}</p>
        <p>{t('mapping.heldText', { rows: rows.map(words.property).join(', ') })}</p>
      </div>
      <Button size="xs" variant="default" onClick={() => app().askToSave(true)}>
        {t('mapping.heldConfirm')}
      </Button>
    </section>
  );
}

interface BarProps {
  readonly rows: MappingView;
  readonly draft: Draft;
  readonly lint: LintView | null;
  readonly failure: Failure | null;
  readonly looking: boolean;
}

function MappingBar({ rows, draft, lint, failure, looking }: BarProps) {
  const { t } = useTranslation();
  const { undoEdits, askToSave, lookThroughRecords } = app();
  const count = countOf(draft);
  return (
    <>
      <div className="toolbar mapping-bar">
        <NewRow rows={rows.rows} />
        <Button size="xs" variant="default" loading={looking} onClick={lookThroughRecords}>
          {t('mapping.look')}
        </Button>
        <output className="dim">{lint === null ? '' : <LintFigures lint={lint} />}</output>
        <span className="toolbar-count">{count === 0 ? null : t('mapping.edited', { count })}</span>
        <Button size="xs" variant="default" disabled={count === 0} onClick={() => undoEdits()}>
          {t('mapping.undoAll')}
        </Button>
        <Button size="xs" disabled={count === 0} onClick={() => askToSave(true)}>
          {t('mapping.save')}
        </Button>
      </div>
      {failure === null ? null : <ProblemNote failure={failure} />}
    </>
  );
}

function LintFigures({ lint }: { readonly lint: LintView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const read = lint.records.customerp + lint.records.tidsbanken;
  const found = t('mapping.findings', { count: lint.findings.length });
  const unread = lint.unread.map((side) => t('mapping.unread', { system: t(`side.${side}`) }));
  return [
    read === 0 ? found : `${found} ${t('mapping.looked', { count: read, shown: format.count(read) })}`,
    ...unread,
  ].join(' ');
}
