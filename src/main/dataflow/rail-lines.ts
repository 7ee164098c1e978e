import type { RailLimits } from '../sync/review/rails.ts';
import type { Language } from './language.ts';

/** One safety rail (sync-semantics, section 13) as a document tells it. */
export interface RailLine {
  /** The rule's id, such as `S1`. */
  readonly rail: string;
  readonly texts: Readonly<Record<Language, string>>;
}

const percent = (share: number): string => String(Math.round(share * 100));

/** The rails with their numbers as they are set. `autoWrites`: most writes of a run in mode `auto` (S9). */
export function railLines(limits: RailLimits, autoWrites: number): RailLine[] {
  const { mass, group, shrunken, timeShift, everyLinkFrom, linkedSeen } = limits;
  const most = ({ count, share }: { count: number; share: number }): string => `${String(count)}, ${percent(share)} %`;
  return [
    rail(
      'S1',
      `More at once than: creations ${most(mass.create)}; updates ${most(mass.update)}; cleared values ${most(mass.clear)}; archived records ${most(mass.archive)}; edits on both sides ${most(mass.bothEdited)}; every one of ${String(everyLinkFrom)} linked records or more; one property in more than ${most(group)}`,
      `Flere på en gang enn: opprettinger ${most(mass.create)}; endringer ${most(mass.update)}; tømte verdier ${most(mass.clear)}; arkiverte poster ${most(mass.archive)}; endringer på begge sider ${most(mass.bothEdited)}; hver eneste av ${String(everyLinkFrom)} koblede poster eller flere; en egenskap i mer enn ${most(group)}`,
    ),
    rail(
      'S2',
      `A system that suddenly holds no records, or ${most(shrunken)} fewer than before`,
      `Et system som plutselig ikke har poster, eller ${most(shrunken)} færre enn før`,
    ),
    rail(
      'S3',
      `Another company's system: fewer than ${percent(linkedSeen.share)} % of the linked records are still there, and more than ${String(linkedSeen.missing)} are missing`,
      `Et annet firmas system: færre enn ${percent(linkedSeen.share)} % av de koblede postene er der ennå, og mer enn ${String(linkedSeen.missing)} mangler`,
    ),
    rail(
      'S6',
      `Dates and times that differ by one same shift: ${most(timeShift)}`,
      `Datoer og klokkeslett som avviker like mye: ${most(timeShift)}`,
    ),
    rail(
      'S7',
      'Writes in the first run, and after a changed mapping or a restore',
      'Skriving i første kjøring, og etter endret oppsett eller gjenoppretting',
    ),
    rail(
      'S9',
      `More than ${String(autoWrites)} writes without a person in one run`,
      `Mer enn ${String(autoWrites)} skrivinger uten en person i en kjøring`,
    ),
  ];
}

const rail = (id: string, en: string, nb: string): RailLine => ({ rail: id, texts: { en, nb } });
