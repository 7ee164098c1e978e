import type { Key } from '../store.ts';

/** `wall` is a date-time kept as digits without a zone; `stamp` is a true instant that the service keeps itself. */
export type FieldType = 'text' | 'int' | 'decimal' | 'bool' | 'wall' | 'stamp';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Kept by the service; not taken from a body. */
  readonly served: boolean;
  readonly nullable: boolean;
  /** What an insert that leaves it out gets. */
  readonly initial: unknown;
}

export type EntityName = 'Ansatt' | 'Ansattgruppe' | 'Avdeling' | 'Kunde' | 'Prosjekt' | 'Prosjektlinje';

/** How stamps are shown: `utc` with Z; `quirk` UTC digits with Oslo's offset (Q11); `oslo` rightly, with offset. */
export type ClockFace = 'utc' | 'quirk' | 'oslo';

export interface Entity {
  readonly name: EntityName;
  readonly area: 'ansatt' | 'prosjekt';
  readonly key: 'Id' | 'PostId';
  readonly keyType: 'int' | 'text';
  readonly clock: ClockFace;
  /** Offset on wall clock dates (Q13), or Z. */
  readonly wallOffset: boolean;
  /** Where an insert goes, and whether it wants an array there (Q3). Null: it cannot be written. */
  readonly insert: { readonly path: string; readonly array: boolean } | null;
  readonly update: 'put' | 'patch' | null;
  /** Navigation property to the field that holds the department's key; null for a navigation that leads nowhere. */
  readonly navigations: Readonly<Record<string, string | null>>;
  /** Fields that name a record of another kind. */
  readonly references: Readonly<Record<string, EntityName>>;
  readonly fields: readonly Field[];
}

function field(name: string, type: FieldType, more: Partial<Field> = {}): Field {
  const empty = type === 'text' ? '' : type === 'bool' ? false : null;
  return { name, type, served: type === 'stamp', nullable: true, initial: empty, ...more };
}

const text = (...names: string[]): Field[] => names.map((name) => field(name, 'text'));
const KEY = { nullable: false } as const;
const SERVED = { served: true } as const;
const stamps = (): Field[] => [
  field('SistEndretDato', 'stamp'),
  field('SistEndretAvId', 'int', SERVED),
  field('OpprettetDato', 'stamp'),
  field('OpprettetAvId', 'int', SERVED),
];

const Ansatt: Entity = {
  name: 'Ansatt',
  area: 'ansatt',
  key: 'Id',
  keyType: 'int',
  clock: 'utc',
  wallOffset: false,
  insert: { path: 'ansatte', array: true },
  update: 'put',
  navigations: { Avdeling: 'AvdelingId' },
  references: { AvdelingId: 'Avdeling', ProsjektId: 'Prosjekt' },
  fields: [
    field('Id', 'int', KEY),
    ...text('Fornavn', 'Etternavn', 'Adresse', 'Postnummer', 'Poststed', 'TlfPrivat', 'Mobil', 'Epost'),
    field('Fodt', 'wall'),
    ...text('Tittel', 'Lonnskonto'),
    field('AnsattDato', 'wall'),
    ...text('Personnummer'),
    field('Sluttet', 'bool', { nullable: false }),
    field('SluttetDato', 'wall'),
    ...text('AvdelingId'),
    field('Aktiv', 'bool', { nullable: false, initial: true }),
    ...text('Identifikator'),
    field('AntallFerieDager', 'decimal', { nullable: false, initial: 25 }),
    ...text('Notat'),
    field('ProsjektId', 'text', { initial: '0' }),
    field('Stillingsprosent', 'int', { initial: 100 }),
    ...text('Element1Id', 'Element2Id', 'Kjonn'),
    field('Kommune', 'int', { initial: 9999 }),
    field('MalId', 'int', { initial: 2_147_400_000 }),
    field('Innleie', 'bool', { nullable: false }),
    field('Fastlonn', 'decimal'),
    ...text('IceNavn', 'IceNr'),
    field('PersonaliaBekreftet', 'wall', SERVED),
    field('AntallHalveFerieDager', 'decimal', { nullable: false, initial: 0 }),
    ...stamps(),
  ],
};

const Ansattgruppe: Entity = {
  name: 'Ansattgruppe',
  area: 'ansatt',
  key: 'Id',
  keyType: 'int',
  clock: 'utc',
  wallOffset: false,
  insert: null,
  update: null,
  navigations: {},
  references: {},
  fields: [field('Id', 'int', KEY), ...text('Navn')],
};

const Avdeling: Entity = {
  name: 'Avdeling',
  area: 'ansatt',
  key: 'Id',
  keyType: 'text',
  clock: 'utc',
  wallOffset: false,
  insert: { path: 'avdeling', array: false },
  update: 'patch',
  navigations: {},
  references: {},
  fields: [
    field('Id', 'text', KEY),
    ...text('Navn', 'Adresse', 'Postnr', 'Poststed', 'Organisasjonsnr', 'Avdelingsleder'),
    field('Synlig', 'bool', { nullable: false, initial: true }),
    field('SistEndretDato', 'stamp'),
  ],
};

const Kunde: Entity = {
  name: 'Kunde',
  area: 'prosjekt',
  key: 'Id',
  keyType: 'text',
  clock: 'quirk',
  wallOffset: true,
  insert: { path: 'kunde', array: false },
  update: 'put',
  navigations: {},
  references: {},
  fields: [
    field('Id', 'text', KEY),
    ...text('Navn', 'Organisasjonsnummer', 'Gateadresse', 'Postadresse', 'Postnr', 'Poststed', 'Leveringsadresse'),
    ...text('Leveringsadresse2', 'LevPostNr', 'LevPoststed', 'Telefon', 'Mobil', 'Epost', 'Url'),
    ...stamps(),
    ...text('Kontaktperson', 'Betalingsbetingelser'),
  ],
};

const Prosjekt: Entity = {
  name: 'Prosjekt',
  area: 'prosjekt',
  key: 'Id',
  keyType: 'text',
  clock: 'quirk',
  wallOffset: true,
  insert: { path: 'prosjekt', array: false },
  update: 'put',
  navigations: { Avdeling: 'AvdelingId', Anlegg: null },
  references: { AvdelingId: 'Avdeling', AnsvarligId: 'Ansatt', KundeId: 'Kunde', FakturaKundeId: 'Kunde' },
  fields: [
    field('Id', 'text', KEY),
    field('PostId', 'int', { served: true, nullable: false }),
    ...text('Navn', 'Notat'),
    field('Status', 'int'),
    field('PostType', 'int'),
    ...text('KundensBestillingsnummer'),
    field('FerdigGrad', 'decimal'),
    field('InterntProsjekt', 'bool'),
    ...text('AvdelingId'),
    field('AnsvarligId', 'int'),
    ...text('KundeId', 'EksternId', 'Element1Id', 'Element2Id', 'FakturaKundeId', 'AnleggId'),
    field('SelgerId', 'int'),
    field('BestillingsDato', 'wall'),
    field('Startet', 'bool'),
    field('StartDato', 'wall'),
    field('Ferdig', 'bool'),
    field('FerdigDato', 'wall'),
    field('Avsluttet', 'bool'),
    field('AvsluttetDato', 'wall'),
    field('OpprettetDato', 'stamp'),
    field('OpprettetAvId', 'int', SERVED),
    field('SistEndretAvId', 'int', SERVED),
    field('SistEndretDato', 'stamp'),
    field('ProsjektGruppeId', 'int'),
    ...text('Kontaktperson', 'Betalingsbetingelser'),
    field('Prosjekttype', 'int'),
  ],
};

const Prosjektlinje: Entity = {
  name: 'Prosjektlinje',
  area: 'prosjekt',
  key: 'PostId',
  keyType: 'int',
  clock: 'oslo',
  wallOffset: true,
  insert: { path: 'prosjektlinje', array: false },
  update: 'put',
  navigations: {},
  references: { ProsjektId: 'Prosjekt', AvdelingId: 'Avdeling' },
  fields: [
    ...text('ProsjektLinjeId'),
    // Named in an update, but the service numbers the rows itself.
    field('PostId', 'int', KEY),
    ...text('ProsjektId', 'Navn', 'Notat'),
    field('Salgspris', 'decimal', { initial: 0 }),
    ...text('AvdelingId'),
    field('StartDato', 'wall'),
    field('FerdigDato', 'wall'),
    field('Avsluttet', 'bool'),
    field('SistEndretDato', 'stamp'),
  ],
};

export const ENTITIES: Readonly<Record<EntityName, Entity>> = {
  Ansatt,
  Ansattgruppe,
  Avdeling,
  Kunde,
  Prosjekt,
  Prosjektlinje,
};

/** Names in paths, `$select` and bodies may be written in any case. */
export function findEntity(area: string, name: string): Entity | undefined {
  return Object.values(ENTITIES).find(
    (e) => e.area === area.toLowerCase() && e.name.toLowerCase() === name.toLowerCase(),
  );
}

const byLowerName = new Map(
  Object.values(ENTITIES).map((e) => [e.name, new Map(e.fields.map((f) => [f.name.toLowerCase(), f]))] as const),
);

export function findField(entity: Entity, name: string): Field | undefined {
  return byLowerName.get(entity.name)?.get(name.toLowerCase());
}

/** Text as found in a path or a form, as this entity's key; null when it cannot be one. */
export function toKey(entity: Entity, value: string): Key | null {
  if (entity.keyType === 'text') return value;
  return /^-?\d{1,10}$/.test(value) ? Number(value) : null;
}
