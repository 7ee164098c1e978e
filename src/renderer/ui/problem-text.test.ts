import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { ProblemView } from '../bridge.ts';
import { en } from '../i18n/en.ts';
import { nb } from '../i18n/nb.ts';
import { problemSentences } from './problem-text.ts';
import type { ProblemSentences, Texts } from './problem-text.ts';

const i18n = createInstance();
await i18n.init({
  lng: 'nb',
  resources: { en: { translation: en }, nb: { translation: nb } },
  interpolation: { escapeValue: false },
});

const textsIn = (language: 'en' | 'nb'): Texts => ({
  raw: (key) => {
    const text: unknown = i18n.getResource(language, 'translation', key);
    return typeof text === 'string' ? text : undefined;
  },
  t: (key, values) => i18n.t(key, { ...values, lng: language }),
  count: String,
  property: (name) => i18n.t(`prop.${name}`, { lng: language }),
});

const asItCame = { what: 'It went wrong.', notDone: 'Nothing was written.', todo: 'Try again.' };
const problem = (more: Partial<ProblemView> & { kind: string }): ProblemView => ({ ...asItCame, ...more });
const tell = (more: Partial<ProblemView> & { kind: string }): ProblemSentences =>
  problemSentences(problem(more), textsIn('nb'));

const kunde = { side: 'tidsbanken', recordKind: 'customer', nativeId: '10007' } as const;

describe('problems in bokmål', () => {
  it.each([
    {
      what: 'a record by its name',
      told: tell({ kind: 'failed', ...kunde, facts: { label: 'Måke AS' } }).what,
      is: 'Kunde 10007 «Måke AS» i Tidsbanken ble avvist.',
    },
    {
      what: 'a record that is still to be created',
      told: tell({ kind: 'notSent', side: 'tidsbanken', recordKind: 'customer', facts: { label: 'Måke AS' } }).what,
      is: 'Ny Kunde «Måke AS» i Tidsbanken kunne ikke sendes.',
    },
    {
      what: 'what was not done',
      told: tell({ kind: 'stale', ...kunde, facts: { label: 'Måke AS' } }).notDone,
      is: 'Tidsbanken er ikke endret.',
    },
    {
      what: 'a write that was not made because the source could not be read',
      told: tell({ kind: 'timeout', ...kunde, facts: { label: 'Måke AS', why: 'unread', unread: 'customerp' } }).what,
      is: 'Kunde 10007 «Måke AS» i Tidsbanken ble ikke skrevet, fordi Customerp ikke kunne leses først.',
    },
    {
      what: 'a system that answers nobody',
      told: tell({ kind: 'unreachable', side: 'customerp', facts: { detail: 'ECONNREFUSED' } }).what,
      is: 'Customerp svarer ikke.',
    },
    {
      what: 'a reading whose reason a refused decision can have, too',
      told: tell({
        kind: 'incompleteCollection',
        side: 'customerp',
        recordKind: 'employee',
        facts: { why: 'unreadable' },
      }).what,
      is: 'Ansatte: Customerp svarte med noe som ikke kan leses.',
    },
    {
      what: 'a shrunken source with its figures (S2)',
      told: tell({
        kind: 'incompleteCollection',
        side: 'customerp',
        recordKind: 'customer',
        facts: { why: 'shrunken', count: 3, before: 120 },
      }).what,
      is: 'Kunder: Customerp viser færre poster, 3 der det var 120.',
    },
    {
      what: 'fields that no longer come (C6), by their names',
      told: tell({
        kind: 'incompleteCollection',
        side: 'tidsbanken',
        recordKind: 'employee',
        facts: { why: 'shapeChanged', properties: 'email mobile' },
      }).what,
      is: 'Ansatte: verdier som Tidsbanken pleide å sende, kommer ikke lenger (E-post, Mobil).',
    },
    {
      what: 'a run that another program holds',
      told: tell({ kind: 'busy', facts: { why: 'elsewhere', who: 'another process' } }).what,
      is: 'En kjøring pågår i et annet vindu eller program.',
    },
    {
      what: 'test values that still stand (7.6), by the names of their properties',
      told: tell({
        kind: 'checklistUnfinished',
        recordKind: 'customer',
        facts: { flow: 'customer-kunde', properties: 'email mobile', customerpId: 'C1', tidsbankenId: '7' },
      }).what,
      is: 'Testverdier fra en sjekkliste kan fortsatt stå i paret C1 ↔ 7 (Kunder), i: E-post, Mobil.',
    },
    {
      what: 'a checklist that was not run on a pair with changes that wait',
      told: tell({
        kind: 'checklistNotRun',
        recordKind: 'customer',
        facts: { why: 'changesWait', properties: 'phone', customerpId: 'C1', tidsbankenId: '7' },
      }).todo,
      is: 'Godkjenn eller avvis dem i Gjennomgang, og kontroller på nytt.',
    },
    {
      what: 'a checklist that was not run on a pair that cannot be read',
      told: tell({ kind: 'checklistNotRun', facts: { why: 'pairUnread', customerpId: 'C1', tidsbankenId: '7' } }).what,
      is: 'Paret C1 ↔ 7 kunne ikke leses på begge sider.',
    },
    {
      what: 'a key for reports that cannot be used',
      told: tell({ kind: 'reportKeyUnusable', facts: { path: 'report.key' } }).what,
      is: 'Nøkkelen som signerer rapporter, kan ikke brukes (report.key).',
    },
    {
      what: 'a decision that was refused',
      told: tell({ kind: 'refused', facts: { why: 'linkedAlready', customerpId: 'C1', tidsbankenId: '7' } }).what,
      is: 'Posten er allerede koblet (C1 ↔ 7).',
    },
    {
      what: 'a decision that came too late',
      told: tell({ kind: 'stale', facts: { why: 'underWay' } }).what,
      is: 'Den er avsluttet, eller blir skrevet nå.',
    },
  ])('$what', ({ told, is }) => expect(told).toBe(is));

  it.each([
    { what: 'a kind that no translation knows', told: tell({ kind: 'strangeNewKind' }) },
    { what: 'a problem of an older run, without facts', told: tell({ kind: 'busy' }) },
    { what: 'one that lacks a figure', told: tell({ kind: 'countDiffers', facts: { count: 3 } }) },
  ])('$what is told as it came', ({ told }) => expect(told).toMatchObject({ ...asItCame, asItCame: true }));

  it('the host’s own words are kept for support, where they may tell more', () => {
    expect(tell({ kind: 'failed', ...kunde, facts: { label: 'Måke AS' } }).hasMore).toBe(true);
    expect(tell({ kind: 'refused', facts: { why: 'noLink' } }).hasMore).toBe(false);
  });
});
