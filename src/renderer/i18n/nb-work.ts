import type { enWork } from './en-work.ts';

export const nbWork: Record<keyof typeof enWork, string> = {
  title: 'Hva den kostet',
  lead: 'Per trinn: tid, forespørsler, det som ble mottatt, og hvor lenge forespørsler ventet på et systems grenser.',
  stage: 'Trinn',
  time: 'Tid',
  requests: 'Forespørsler',
  data: 'Mottatt',
  waited: 'Ventet',
  statements: 'Lagerkall',
  refused_one: '{{system}} avviste {{shown}} forespørsel fordi det var for mange.',
  refused_other: '{{system}} avviste {{shown}} forespørsler fordi det var for mange.',
};
