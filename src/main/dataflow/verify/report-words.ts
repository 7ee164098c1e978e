import type { Side } from '../../../shared/domain.ts';
import type { Language } from '../language.ts';
import type { FailureWhy, NotApplicable } from '../../../shared/contract/checklist-views.ts';
import type { ReportLine } from './report.ts';

/** What the report says in each language. `{a}` and the like are put in by the page. */
export interface ReportWords {
  readonly title: string;
  readonly facts: Readonly<
    Record<'workspace' | 'systems' | 'person' | 'run' | 'time' | 'key' | 'outcome' | 'mapping' | 'pairs', string>
  >;
  readonly columns: readonly string[];
  readonly ruleColumns: readonly string[];
  readonly verdicts: Readonly<Record<ReportLine['verdict'], string>>;
  readonly putBack: Readonly<Record<'restored' | 'kept' | 'open', string>>;
  readonly why: Readonly<Record<NotApplicable | FailureWhy, string>>;
  readonly rules: Readonly<Record<'created' | 'merged' | 'inSync' | 'references' | 'conflict' | 'rail', string>>;
  readonly empty: string;
  readonly problems: string;
  readonly signed: string;
}

export const SYSTEMS: Readonly<Record<Side, string>> = { customerp: 'Customerp', tidsbanken: 'Tidsbanken' };

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
  en: {
    title: 'Dataflow checklist: {workspace}',
    facts: {
      workspace: 'Workspace',
      systems: 'Systems',
      person: 'Verified by',
      run: 'Run',
      time: 'Time (UTC)',
      key: 'Signed with key',
      outcome: 'Outcome',
      mapping: 'Version of the mapping',
      pairs: 'Records',
    },
    columns: [
      'Property',
      'Type',
      'Arrives at',
      'Outcome',
      'Why',
      'Before',
      'Written',
      'Read back',
      'In the system',
      'Put back',
      'Requests',
      'Time (UTC)',
    ],
    ruleColumns: ['Promise', 'Outcome', 'Why', 'Seen', 'Time (UTC)'],
    verdicts: { passed: '✓ passed', failed: '✗ failed', notApplicable: '– not applicable' },
    putBack: { restored: 'yes', kept: 'left: edited meanwhile', open: 'NOT YET' },
    why: {
      key: 'set at creation only',
      off: 'switched off',
      direction: 'does not go that way',
      sensitive: 'sensitive: compared, never written',
      differs: 'the sides differed before the test',
      unobserved: 'a side shows nothing that can be read',
      stillTested: 'an earlier test value still stands there',
      notPutBack: 'what stands there could not be put back',
      noOtherValue: 'there is no other value',
      noOtherRecord: 'there is no other record to refer to',
      notNamed: 'no record was named for it',
      emptyKey: 'the records hold nothing in it',
      neverCreates: 'the flow creates none there',
      policy: 'settled otherwise in the workspace',
      none: 'nothing to see it on',
      notConverted: 'its conversion does not give the value back',
      notWritten: 'the first system did not take the value',
      notCarried: 'the sync did not carry it over',
      held: 'held by a rail',
      notVerified: 'the write did not end well',
      otherValue: 'another value arrived',
      otherSpelling: 'it is spelled wrongly there',
      notFound: 'not as promised',
      stopped: 'stopped before it',
    },
    rules: {
      created: 'A counterpart is created in {side}',
      merged: 'Two records merge by {key}',
      inSync: 'They keep in sync, edited in {side}',
      references: 'References are resolved',
      conflict: 'A record edited on both sides is asked about, not written',
      rail: 'Too many changes at once are held',
    },
    empty: 'empty',
    problems: 'Problems',
    signed:
      'This page is made from the signed report (JSON). Only that file can be checked: tidsbro dataflow verify --check FILE.',
  },
  nb: {
    title: 'Sjekkliste for dataflyt: {workspace}',
    facts: {
      workspace: 'Arbeidsområde',
      systems: 'Systemer',
      person: 'Kontrollert av',
      run: 'Kjøring',
      time: 'Tid (UTC)',
      key: 'Signert med nøkkel',
      outcome: 'Resultat',
      mapping: 'Versjon av tilordningen',
      pairs: 'Poster',
    },
    columns: [
      'Egenskap',
      'Type',
      'Kommer fram i',
      'Resultat',
      'Hvorfor',
      'Før',
      'Skrevet',
      'Lest tilbake',
      'I systemet',
      'Satt tilbake',
      'Forespørsler',
      'Tid (UTC)',
    ],
    ruleColumns: ['Løfte', 'Resultat', 'Hvorfor', 'Sett', 'Tid (UTC)'],
    verdicts: { passed: '✓ bestått', failed: '✗ ikke bestått', notApplicable: '– ikke aktuelt' },
    putBack: { restored: 'ja', kept: 'latt stå: endret imens', open: 'IKKE ENNÅ' },
    why: {
      key: 'settes bare ved oppretting',
      off: 'slått av',
      direction: 'går ikke den veien',
      sensitive: 'sensitiv: sammenlignet, aldri skrevet',
      differs: 'sidene var ulike før prøven',
      unobserved: 'en side viser ingenting som kan leses',
      stillTested: 'en tidligere testverdi står der fortsatt',
      notPutBack: 'det som står der, kunne ikke settes tilbake',
      noOtherValue: 'det finnes ingen annen verdi',
      noOtherRecord: 'det finnes ingen annen post å vise til',
      notNamed: 'ingen post ble oppgitt til det',
      emptyKey: 'postene har ingenting i den',
      neverCreates: 'flyten oppretter ingen der',
      policy: 'avgjort på en annen måte i arbeidsområdet',
      none: 'ingenting å se det på',
      notConverted: 'omregningen gir ikke verdien tilbake',
      notWritten: 'det første systemet tok ikke verdien',
      notCarried: 'synkroniseringen tok den ikke over',
      held: 'holdt av en sikring',
      notVerified: 'skrivingen endte ikke godt',
      otherValue: 'en annen verdi kom fram',
      otherSpelling: 'den er skrevet feil der',
      notFound: 'ikke som lovet',
      stopped: 'stoppet før den',
    },
    rules: {
      created: 'En motpart blir opprettet i {side}',
      merged: 'To poster slås sammen på {key}',
      inSync: 'De holdes like når de endres i {side}',
      references: 'Henvisninger løses opp',
      conflict: 'En post som er endret på begge sider, blir det spurt om, ikke skrevet',
      rail: 'For mange endringer på én gang blir holdt',
    },
    empty: 'tom',
    problems: 'Problemer',
    signed:
      'Denne siden er laget av den signerte rapporten (JSON). Bare den filen kan kontrolleres: tidsbro dataflow verify --check FIL.',
  },
};
