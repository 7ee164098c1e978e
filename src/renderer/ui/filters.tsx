import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FLOWS, SIDES } from '../../shared/domain.ts';
import { SearchIcon } from './icons.ts';

/** For what asks with `useCall`, which would ask as often as a held key repeats. */
export const TYPING_PAUSE_MS = 30;

/**
 * Asks at each key: a list asks one question at a time and then only the newest, so that a pause would only delay it.
 * `/` leads here from anywhere on a screen.
 */
export function SearchField(props: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onFind: (find: string | undefined) => void;
}) {
  const [text, setText] = useState(props.value ?? '');
  const asked = useRef(props.value);
  const find = (value: string): void => {
    const wanted = value.trim() === '' ? undefined : value.trim();
    if (wanted === asked.current) return;
    asked.current = wanted;
    props.onFind(wanted);
  };
  // What was set from elsewhere is shown; what is being typed is never overwritten by its own answer.
  useEffect(() => {
    if (props.value === asked.current) return;
    asked.current = props.value;
    setText(props.value ?? '');
  }, [props.value]);
  return (
    <TextInput
      size="sm"
      type="search"
      className="search"
      data-search
      aria-label={props.label}
      placeholder={props.label}
      maxLength={200}
      leftSection={<SearchIcon size={16} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        find(event.currentTarget.value);
      }}
    />
  );
}

/** One of a few values, or all of them. */
export function ChoiceFilter<T extends string>(props: {
  readonly label: string;
  readonly all: string;
  readonly value: T | undefined;
  readonly options: readonly T[];
  readonly name: (option: T) => string;
  readonly onChange: (value: T | undefined) => void;
}) {
  return (
    <NativeSelect
      size="sm"
      aria-label={props.label}
      value={props.value ?? ''}
      data={[{ value: '', label: props.all }, ...props.options.map((value) => ({ value, label: props.name(value) }))]}
      onChange={(event) => props.onChange(props.options.find((option) => option === event.currentTarget.value))}
    />
  );
}

type FlowOption = (typeof FLOWS)[number];
export function FlowFilter(props: {
  readonly value: FlowOption | undefined;
  readonly onChange: (flow: FlowOption | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <ChoiceFilter
      label={t('filter.flow')}
      all={t('filter.allFlows')}
      options={FLOWS}
      name={(flow) => t(`flow.${flow}`)}
      {...props}
    />
  );
}

type SideOption = (typeof SIDES)[number];
export function SideFilter(props: {
  readonly label: string;
  readonly value: SideOption | undefined;
  readonly onChange: (side: SideOption | undefined) => void;
}) {
  const { t } = useTranslation();
  return <ChoiceFilter all={t('filter.bothSides')} options={SIDES} name={(side) => t(`side.${side}`)} {...props} />;
}
