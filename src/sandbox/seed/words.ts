const words = (text: string): readonly string[] => text.trim().split(/\s*[,\n]\s*/);

/** All invented or common; none names a real company or person. */
export const FIRST_NAMES = words(`
Ingrid, Solveig, Åse, Bjørn, Øystein, Håkon, Kari, Ola, Marit, Sigrid, Torbjørn, Astrid, Knut, Liv, Gunnar, Ragnhild, Eirik, Silje, Magnus, Tuva
Jørgen, Hilde, Sverre, Anne, Per, Berit, Leif, Randi, Trond, Unni, Vegard, Wenche, Yngve, Ellen, Frode, Gro, Henrik, Ida, Jonas, Kristin
Lars, Mette, Nils, Oda, Pål, Rønnaug, Stian, Thea, Ulrik, Vilde, Aksel, Bente, Dag, Elin, Finn, Grete, Hege, Ivar, Jorunn, Kjell
Linn, Morten, Nora, Odd, Petter, Reidun, Sindre, Tiril, Terje, Vibeke, Ærlend, Birgit, Cecilie, Dagny, Even, Fredrik, Guro, Halvor, Inger, Jostein
Áile, Biret, Niillas, Máret, Zofia, Piotr, Amina, Yusuf, Linh, Mohammed, Sunniva, Trygve, Vidar, Åshild, Øyvind, Signe, Roar, Synnøve, Tormod, Ylva`);

export const MIDDLE_NAMES = words(`
Marie, Kristine, Johan, Andreas, Sofie, Elisabeth, Olav, Martin, Helene, Emil, Louise, Kristian, Margrethe, Edvard, Birgitte, Alexander, Synne, Elias, Maria, Fredrikke
Oskar, Amalie, Tobias, Josefine, August, Mathilde, Jakob, Aurora, Isak, Selma, Filip, Emilie, Anton, Eline, Viktor, Hedda, Kasper, Live, Mikkel, Ada`);

export const LAST_NAMES = words(`
Solbakken, Fjellheim, Bjørnstad, Åsland, Østby, Hågensen, Nygård, Lillevik, Kvåle, Sørli, Myhre, Tangen, Strømsnes, Grønnevik, Haugland, Brekke, Dalsbø, Eikeland, Flåten, Gjerde
Hovland, Indrebø, Jordal, Kleppe, Lunde, Mælum, Nesheim, Ødegård, Prestmo, Rønning, Skogstad, Tveit, Ulvik, Vågen, Westby, Ytterdal, Ås, Ærøy, Bakkemo, Engeset
Fossum, Granli, Hjelmeland, Isdal, Jåvold, Krogstad, Løvås, Moen, Nordbø, Opsahl, Rugland, Sandnes, Teigen, Utne, Viken, Øvrebø, Aasen, Bergsvåg, Dybdal, Elvestad
Sara, Utsi, Kowalczyk, Nguyen, Hassan, Lindqvist, Solheim, Furuseth, Heggelund, Kjærstad, Li, Skjæveland, Thorsrud, Vangsnes, Bjørkås, Rødseth, Stølen, Høgset, Nærbø, Kårvåg`);

export const JOB_TITLES = words(`
Prosjektleder, Rørlegger, Elektriker, Tømrer, Anleggsleder, Lærling, Økonomimedarbeider, Driftsleder, Kranfører, Murer, Maler, Servicetekniker, Lagermedarbeider, Byggeleder, HMS-rådgiver, Kalkulatør`);

export const COMPANY_WORDS = words(`
Nordlys, Fjord, Havblikk, Bjørk, Åsgård, Østfjell, Sørvest, Vinterbro, Måke, Tind, Granitt, Elvebredd, Solvang, Høgdal, Skjær, Brygge, Lyng, Rein, Storm, Bølge
Furu, Eik, Kvarts, Isfront, Vidde, Nøkkel, Ankerfest, Vardøger, Blåmeis, Tranøy, Kobber, Lykt, Morild, Nattergal, Oter, Perle, Ravn, Sølv, Tiur, Uer
Værbitt, Ørn, Ålesteg, Berghei, Dønning, Fossekall, Grønnlund, Hulder, Jernvei, Kråkefot`);

export const TRADES = words(`
Rør og Varme, Elektro, Bygg, Anlegg, Tømrerservice, Maskin, Eiendom, Tak og Blikk, Maling, Betong, Ventilasjon, Transport, Kran, Stillas, Renhold, Gartneri, Mur og Flis, Brønnboring
Rådgivning, Prosjekt, Energi, Glass, Interiør, Snekkeri, Logistikk, Graving, Mekaniske, Sveis, Kjøling, Vaktmester`);

export const STREETS = words(`
Storgata, Havnegata, Kirkeveien, Bjørkeveien, Fjellveien, Skolegata, Industriveien, Strandgata, Øvre Torggate, Nedre Åsvei, Møllebakken, Stasjonsveien, Kaigata, Lagerveien, Granlia
Prestegårdsveien, Elvegata, Solsvingen, Rådhusgata, Brugata, Hågaveien, Sjøgata, Verkstedveien, Lyngfaret, Tømmerkaia, Skippergata, Østre Ringvei, Nordre Gate, Myraveien, Parkveien`);

export const WORKS = words(`
Rehabilitering, Nybygg, Tilbygg, Våtrom, Tak, Fasade, Rørfornying, Elinstallasjon, Grunnarbeid, Betongarbeid, Riving, Service, Ventilasjon, Brannsikring, Utomhus, Etterisolering, Garasje, Heis, Varmepumpe, Solceller`);

export interface Place {
  readonly code: string;
  readonly town: string;
}

export const PLACES: readonly Place[] = words(`
0150 OSLO, 0489 Oslo, 0667 Oslo, 1337 Sandvika, 1430 Ås, 1532 MOSS, 1606 Fredrikstad, 1771 Halden, 2003 Lillestrøm, 2212 Kongsvinger, 2317 Hamar, 2609 LILLEHAMMER, 2815 Gjøvik
3015 Drammen, 3110 TØNSBERG, 3217 Sandefjord, 3616 Kongsberg, 3724 Skien, 3970 Langesund, 4006 Stavanger, 4307 SANDNES, 4515 Mandal, 4611 Kristiansand, 4836 Arendal, 5003 Bergen
5411 Stord, 5501 Haugesund, 6002 ÅLESUND, 6413 Molde, 6509 Kristiansund, 6800 Førde, 6900 Florø, 7010 TRONDHEIM, 7374 Røros, 7500 Stjørdal, 7713 Steinkjer, 7900 Rørvik
8006 Bodø, 8370 Leknes, 8514 NARVIK, 8622 Mo i Rana, 9008 TROMSØ, 9405 Harstad, 9510 Alta, 9600 Hammerfest, 9800 Vadsø, 9900 Kirkenes`).map(
  (text) => ({
    code: text.slice(0, 4),
    town: text.slice(5),
  }),
);

export const DEPARTMENTS: readonly { number: string; name: string }[] = [
  { number: '10', name: 'Administrasjon' },
  { number: '20', name: 'Prosjekt Nord' },
  { number: '30', name: 'Prosjekt Sør' },
  { number: '40', name: 'Service og vedlikehold' },
  { number: '50', name: 'Verksted og lager' },
  { number: '60', name: 'Økonomi' },
];

/** Known to Customerp only. */
export const LONELY_DEPARTMENT = '60';
export const SHARED_DEPARTMENTS = DEPARTMENTS.filter(({ number }) => number !== LONELY_DEPARTMENT);

const PLAIN: Readonly<Record<string, string>> = { æ: 'ae', ø: 'o', å: 'a', á: 'a' };
const slugs = new Map<string, string>();

/** A word as it stands in an address on the net. */
export function slug(word: string): string {
  let plain = slugs.get(word);
  if (plain === undefined) {
    plain = word.toLowerCase().replaceAll(/[^a-z0-9]/g, (letter) => PLAIN[letter] ?? '');
    slugs.set(word, plain);
  }
  return plain;
}
