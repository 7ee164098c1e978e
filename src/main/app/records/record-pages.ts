import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import { isDemo } from '../workspace/workspace-config.ts';
import type { WorkspaceConfig } from '../workspace/workspace-config.ts';

const DEMO_PAGES: Pair<Readonly<Record<Kind, string>>> = {
  customerp: { department: 'departments', customer: 'customers', employee: 'employees', project: 'projects' },
  tidsbanken: { department: 'Avdeling', customer: 'Kunde', employee: 'Ansatt', project: 'Prosjekt' },
};

/**
 * Where a person can open the records of a pair in their own systems. Only the demo's pages are known: of a live system
 * the address of the API says nothing about that of its screens.
 */
export function recordPages(
  config: WorkspaceConfig,
  kind: Kind,
  ids: Pair<string | null>,
): Partial<Record<Side, string>> {
  if (!isDemo(config)) return {};
  return Object.fromEntries(
    SIDES.flatMap((side) => {
      const id = ids[side];
      if (id === null) return [];
      const path = `/_sandbox/edit/${DEMO_PAGES[side][kind]}/${encodeURIComponent(id)}`;
      return [[side, new URL(path, config.systems[side].url).href]];
    }),
  );
}
