import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { failureAdvice, failureText } from '../../sync/words.ts';
import type { DoctorReport } from '../requests.ts';
import { readSchemas } from '../mapping-desk/system-schemas.ts';
import { storeHealth } from './health.ts';
import { unfinishedChecklists } from '../checklist/unfinished.ts';
import { heldProblem } from '../workspace/confirmed-rows.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Whether both systems answer as they should, the store is whole and no test value still stands. Changes nothing. */
export async function doctor(w: Workspace): Promise<DoctorReport> {
  const systems = await Promise.all(SIDES.map((side) => examined(w, side)));
  // What both say of their fields is for the lint; that a system says nothing is no fault of it.
  await readSchemas(w.store, w.connectors, new AbortController().signal);
  const store = await storeHealth(w);
  const unfinished = await unfinishedChecklists(w.store);
  const ok = store.ok && unfinished.length === 0 && systems.every((system) => system.ok);
  return { ok, systems, store, unfinished, held: heldProblem(w.held ?? []) };
}

async function examined({ connectors }: Workspace, side: Side): Promise<DoctorReport['systems'][number]> {
  const facts = await connectors[side].probe(new AbortController().signal);
  if (facts.ok) return { side, ok: true, findings: [...facts.value.notes], problem: null };
  const problem = {
    kind: facts.failure.kind,
    what: failureText(side, facts.failure),
    notDone: 'Nothing was read or written.',
    todo: failureAdvice(facts.failure),
    side,
  };
  return { side, ok: false, findings: [], problem };
}
