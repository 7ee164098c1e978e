import { firstStore } from './0001-first-store.ts';
import { pageByPage } from './0002-page-by-page.ts';
import { ourWrites } from './0003-our-writes.ts';
import { search } from './0004-search.ts';
import { oneRecord } from './0005-one-record.ts';
import { undo } from './0006-undo.ts';
import { broughtBack } from './0007-brought-back.ts';
import { checklist } from './0008-checklist.ts';
import { runWork } from './0009-run-work.ts';
import { content } from './0010-content.ts';
import { searchOrder } from './0011-search-order.ts';
import { leanBases } from './0012-lean-bases.ts';
import { endedLinks } from './0013-ended-links.ts';
import { linkedKeys } from './0014-linked-keys.ts';
import { past } from './0015-past.ts';
import type { Migration } from './migration.ts';

/** Numbered, forward only. A step that has shipped is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  firstStore,
  pageByPage,
  ourWrites,
  search,
  oneRecord,
  undo,
  broughtBack,
  checklist,
  runWork,
  content,
  searchOrder,
  leanBases,
  endedLinks,
  linkedKeys,
  past,
];
