import { describe, expect, it } from 'vitest';
import { odataSchema } from './odata-schema.ts';
import { openApiSchema } from './openapi-schema.ts';

const edmx = (types: string): string =>
  `<?xml version="1.0"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="Tidsbanken">${types}</Schema></edmx:DataServices></edmx:Edmx>`;
const KUNDE = `<EntityType Name="Post" OpenType="true"><Property Name="PostId" Type="Edm.Int32" Nullable="false"/></EntityType>
<ComplexType Name="Sted"><Property Name='By' Type='Edm.String' MaxLength='30'/></ComplexType>
<!-- <EntityType Name="Kunde"><Property Name="Gammel" Type="Edm.String"/></EntityType> -->
<EntityType Name="Kunde" BaseType="Tidsbanken.Post"><Key><PropertyRef Name="Id"/></Key>
  <Property Name="Id" Type="Edm.String" MaxLength="max"/>
  <Property Name="Aktiv" Type="Edm.Boolean"></Property>
  <Property Name="Rabatt" Type="Edm.Decimal" Scale="2"/>
  <Property Name="Sted" Type="Tidsbanken.Sted"/>
  <Property Name="Merker" Type="Collection(Edm.String)"/>
  <NavigationProperty Name="Avdeling" Type="Tidsbanken.Avdeling"/>
</EntityType>`;

describe('$metadata', () => {
  it('tells the fields of a type, what it inherits, and what lies in another type', () => {
    expect(odataSchema(edmx(KUNDE), 'Kunde')).toEqual({
      ok: true,
      value: {
        document: '$metadata',
        closed: true,
        ignoresCase: true,
        fields: {
          PostId: { json: 'integer' },
          Id: { json: 'string' },
          Aktiv: { json: 'boolean' },
          Rabatt: { json: 'number' },
          'Sted.By': { json: 'string', maxLength: 30 },
          Merker: {},
        },
      },
    });
  });

  it('an open type may have other fields', () => {
    expect(odataSchema(edmx(KUNDE), 'Post')).toMatchObject({ value: { closed: false } });
  });

  it('a type that inherits from itself ends', () => {
    const round = '<EntityType Name="A" BaseType="T.A"><Property Name="x" Type="T.A"/></EntityType>';
    expect(odataSchema(edmx(round), 'A')).toMatchObject({ ok: true });
  });

  it.each([
    ['a sign-in page', '<html><body>Sign in</body></html>', 'no OData metadata'],
    ['nothing', '', 'no OData metadata'],
    ['another type', edmx(KUNDE), 'no entity type “Ansatt”'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${edmx(KUNDE)}`, 'document type'],
  ])('%s is refused', (_name, text, why) => {
    expect(odataSchema(text, 'Ansatt')).toMatchObject({ ok: false, failure: expect.stringContaining(why) as unknown });
  });
});

const document = {
  openapi: '3.1.0',
  components: {
    schemas: {
      Place: {
        type: 'object',
        properties: { city: { type: ['string', 'null'] }, self: { $ref: '#/components/schemas/Place' } },
      },
      Named: { properties: { name: { type: 'string', readOnly: true } } },
      Customer: {
        type: 'object',
        allOf: [{ $ref: '#/components/schemas/Named' }],
        properties: {
          id: { type: 'string', readOnly: true },
          credit: { type: ['number', 'null'] },
          either: { type: ['string', 'integer'] },
          address: { $ref: '#/components/schemas/Place' },
          tags: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
      CustomerCreate: { type: 'object', properties: { name: { type: 'string', maxLength: 100 } } },
    },
  },
};

describe('an OpenAPI document', () => {
  it('tells the fields of a record, with the lengths of the body that creates it', () => {
    const read = openApiSchema(document, ['Customer', 'CustomerCreate']);
    expect(read).toMatchObject({
      ok: true,
      value: {
        document: 'OpenAPI',
        closed: true,
        fields: {
          name: { json: 'string', readOnly: true, maxLength: 100 },
          id: { json: 'string', readOnly: true },
          credit: { json: 'number' },
          either: {},
          'address.city': { json: 'string' },
          tags: {},
        },
      },
    });
  });

  it.each([
    ['a list', [], 'no OpenAPI document'],
    ['another document', { swagger: '2.0' }, 'no OpenAPI document'],
    ['one without the record', { openapi: '3.1.0', components: {} }, 'no schema “Customer”'],
  ])('%s is refused', (_name, json, why) => {
    expect(openApiSchema(json, ['Customer'])).toMatchObject({
      ok: false,
      failure: expect.stringContaining(why) as unknown,
    });
  });
});
