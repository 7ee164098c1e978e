import { Button, Radio } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MismatchDetail } from '../../shared/contract/views.ts';
import type { Flow, Side } from '../../shared/domain.ts';
import type { Client } from '../bridge.ts';
import { CandidateKeys } from './CandidateKeys.tsx';
import { SearchField, TYPING_PAUSE_MS } from './filters.tsx';
import { SideName } from './parts.tsx';
import { useCall } from './use-call.ts';
import { Dialog } from './Dialog.tsx';

type Candidate = MismatchDetail['candidates'][number];
const FOUND_SHOWN = 20;

interface Search {
  readonly flow: Flow;
  readonly side: Side;
  readonly find: string;
}
const askUnlinked = (client: Client, search: Search) =>
  client.records.list({ ...search, linked: false, offset: 0, limit: FOUND_SHOWN });

interface ChooseRecordProps {
  readonly title: string;
  readonly flow: Flow;
  /** Where the counterpart is looked for. */
  readonly side: Side;
  readonly candidates: readonly Candidate[];
  readonly onClose: () => void;
  readonly onChoose: (nativeId: string) => void;
}

/** Choosing a counterpart: those that matching found first, any other unlinked record by search. */
export function ChooseRecord(props: ChooseRecordProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const [find, setFind] = useState<string>();
  const [wanted] = useDebouncedValue(find, TYPING_PAUSE_MS);
  const { flow, side } = props;
  const { data } = useCall(askUnlinked, wanted === undefined ? null : { flow, side, find: wanted });
  const candidates = props.candidates.filter((candidate) => candidate.side === side);
  const found = (data?.rows ?? []).filter((row) =>
    candidates.every((candidate) => candidate.nativeId !== row.nativeId),
  );
  return (
    <Dialog opened onClose={props.onClose} title={props.title} size="lg">
      <div className="bulk">
        <p>
          {t('link.text')} <SideName side={side} />
        </p>
        <SearchField label={t('link.find')} value={find} onFind={setFind} />
        {candidates.length + found.length === 0 ? null : (
          <Radio.Group value={chosen} onChange={setChosen} label={t('link.choose')}>
            <div className="choices">
              {candidates.map((candidate) => (
                <CandidateChoice key={candidate.nativeId} candidate={candidate} />
              ))}
              {found.map((row) => (
                <Radio
                  key={row.nativeId}
                  value={row.nativeId}
                  label={`${row.label} (${row.nativeId})`}
                  description={row.number}
                />
              ))}
            </div>
          </Radio.Group>
        )}
        {data !== null && found.length === 0 ? <p className="dim">{t('link.nothing')}</p> : null}
        <div className="bulk-actions">
          <Button variant="default" onClick={props.onClose}>
            {t('action.cancel')}
          </Button>
          <Button disabled={chosen === null} onClick={() => chosen !== null && props.onChoose(chosen)}>
            {t('link.confirm')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The keys are a list, and a list has no place in the paragraph that a radio button describes itself with. */
function CandidateChoice({ candidate }: { readonly candidate: Candidate }) {
  const keys = useId();
  return (
    <div>
      <Radio value={candidate.nativeId} label={`${candidate.label} (${candidate.nativeId})`} aria-describedby={keys} />
      <div id={keys} className="choice-keys">
        <CandidateKeys keys={candidate.keys} />
      </div>
    </div>
  );
}
