import { firstStore } from './0001-first-store.ts';
import type { Migration } from './migration.ts';

/** Numbered, forward only. A step that has shipped is never edited. */
export const MIGRATIONS: readonly Migration[] = [firstStore];
