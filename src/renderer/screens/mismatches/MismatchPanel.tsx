import { Button } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { MismatchDetail } from '../../../shared/contract/views.ts';
import { otherSide, SIDES } from '../../../shared/domain.ts';
import type { Take } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { FlowIcon, LoadingState, ProblemNote, SideName, words } from '../../ui/parts.tsx';
import { byGroup, PropertyTable } from '../../ui/PropertyTable.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useRailText } from '../../ui/use-rail-text.ts';
import { ComparedValue } from '../../ui/ValueDiff.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { Ids } from '../../ui/Ids.tsx';
import { LinkDialog } from './LinkDialog.tsx';

const askMismatch = (client: Client, id: number) => client.mismatches.get({ id });

/** One mismatch: what it is, why, what can be done, and only the ways out that it really has. */
export function MismatchPanel({ id }: { readonly id: number | null }) {
  const { data, failure } = useCall(askMismatch, id);
  if (failure !== null) return <ProblemNote failure={failure} />;
  return data === null ? <LoadingState /> : <Mismatch mismatch={data} />;
}

function Mismatch({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const linking = useApp((s) => s.mismatches.linking === mismatch.id);
  return (
    <div className="detail">
      <header>
        <p className="detail-over">
          <FlowIcon flow={mismatch.flow} size={16} /> {t(`flow.${mismatch.flow}`)}
          <Ids customerpId={mismatch.customerpId} tidsbankenId={mismatch.tidsbankenId} />
        </p>
        <h2>{mismatch.label}</h2>
      </header>
      <Explanation mismatch={mismatch} />
      <InQuestion mismatch={mismatch} />
      <WaysOut mismatch={mismatch} />
      {mismatch.properties.length === 0 ? null : (
        <PropertyTable
          caption={t('property.caption', { label: mismatch.label })}
          groups={byGroup(mismatch.properties)}
        />
      )}
      <Facts mismatch={mismatch} />
      {linking ? <LinkDialog mismatch={mismatch} /> : null}
    </div>
  );
}

function Explanation({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const named = mismatch.detail['property'] ?? mismatch.group;
  const subject = named === null ? t('mismatch.subject') : words(named);
  return (
    <div className="explained">
      <h3>{t(`mismatch.${mismatch.kind}.title`)}</h3>
      <p>{t(`mismatch.${mismatch.kind}.what`, { subject })}</p>
      <p className="dim">{t(`mismatch.${mismatch.kind}.why`, { subject })}</p>
      <p>{t(`mismatch.${mismatch.kind}.todo`, { subject })}</p>
    </div>
  );
}

/** The values that the decision is about, before the ways out: what differs in the group, or all of it. */
function InQuestion({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const own = mismatch.properties.filter(({ group }) => group === mismatch.group);
  const differing = own.filter(({ differs }) => differs);
  const shown = differing.length === 0 ? own : differing;
  if (shown.length === 0) return null;
  return (
    <table className="properties in-question">
      <caption className="visually-hidden">{t('mismatches.inQuestion')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('property.name')}</th>
          {SIDES.map((side) => (
            <th scope="col" key={side}>
              <SideName side={side} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((property) => (
          <tr key={property.property}>
            <th scope="row">{words(property.property)}</th>
            {SIDES.map((side) => (
              <td key={side}>
                <ComparedValue value={property[side]} against={property[otherSide(side)]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function WaysOut({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  if (mismatch.takes.length === 0) return <p className="dim">{t('mismatches.noWayOut')}</p>;
  return (
    <div>
      <h3>{t('mismatches.waysOut')}</h3>
      <ul className="ways">
        {mismatch.takes.map((take) => (
          <WayOut key={take} mismatch={mismatch} take={take} />
        ))}
      </ul>
    </div>
  );
}

function WayOut({ mismatch, take }: { readonly mismatch: MismatchDetail; readonly take: Take }) {
  const { t } = useTranslation();
  const does = useId();
  const suggested = mismatch.suggests === take;
  const { decideMismatches, openLinking } = app();
  // A rail holds no difference to accept: a person vouches for what it doubts.
  const wording = mismatch.kind === 'rail' && take === 'accept' ? 'confirm' : take;
  return (
    <li data-suggested={suggested}>
      <Button
        size="xs"
        variant={suggested ? 'filled' : 'default'}
        aria-describedby={does}
        onClick={() => (take === 'link' ? openLinking(mismatch.id) : void decideMismatches([mismatch.id], take))}
      >
        {t(`take.${wording}`)}
      </Button>
      <span id={does} className="way-does">
        {suggested ? <strong>{t('mismatches.suggested')} </strong> : null}
        {t(`takeDoes.${wording}`)}
      </span>
    </li>
  );
}

/** Values of the two sides, such as `customerp.phone`, stand in the tables. */
const isValue = (fact: string): boolean => SIDES.some((side) => fact.startsWith(`${side}.`));

function Facts({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const railText = useRailText();
  const { t } = useTranslation();
  const format = useFormat();
  const facts = Object.entries(mismatch.detail).filter(([name]) => !isValue(name));
  return (
    <dl className="facts">
      <dt>{t('mismatches.firstSeen')}</dt>
      <dd>{t('mismatches.seen', { when: format.moment(mismatch.firstSeenAt), count: mismatch.seenCount })}</dd>
      {facts.map(([name, value]) => (
        <FactRow key={name} name={name} value={name === 'rail' ? railText(value) : value} />
      ))}
    </dl>
  );
}

const FactRow = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{words(name)}</dt>
    <dd>{value}</dd>
  </>
);
