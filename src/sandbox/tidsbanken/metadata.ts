import { ENTITIES, type Entity, type Field } from './entities.ts';

const EDM: Readonly<Record<Field['type'], string>> = {
  text: 'Edm.String',
  int: 'Edm.Int32',
  decimal: 'Edm.Decimal',
  bool: 'Edm.Boolean',
  wall: 'Edm.DateTimeOffset',
  stamp: 'Edm.DateTimeOffset',
};

/** The CSDL document of one area. */
export function metadataXml(area: Entity['area']): string {
  const entities = Object.values(ENTITIES).filter((entity) => entity.area === area);
  const sets = entities.map((e) => `<EntitySet Name="${e.name}" EntityType="Tidsbanken.${e.name}"/>`);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Tidsbanken" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    ...entities.map(entityXml),
    `<EntityContainer Name="Container">${sets.join('')}</EntityContainer>`,
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n');
}

function entityXml(entity: Entity): string {
  const properties = entity.fields.map(({ name, type, nullable }) => {
    return `<Property Name="${name}" Type="${EDM[type]}"${nullable ? '' : ' Nullable="false"'}/>`;
  });
  const links = Object.entries(entity.navigations)
    .filter(([, through]) => through !== null && entity.area === ENTITIES.Avdeling.area)
    .map(([name]) => `<NavigationProperty Name="${name}" Type="Tidsbanken.Avdeling"/>`);
  const key = `<Key><PropertyRef Name="${entity.key}"/></Key>`;
  return `<EntityType Name="${entity.name}">${key}${properties.join('')}${links.join('')}</EntityType>`;
}
