import { createHash, randomUUID } from 'node:crypto';
import { SIDES } from '../../../shared/domain.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a workspace's reviews are known by: an id of its own, and the two tenants that it was set up with (S3). */
export interface Home {
  readonly id: string;
  readonly tenants: string;
}

const ID = 'reviewHome';

/** Made at random when the first plan leaves the workspace; kept in the store, and so in its backups. */
export async function homeOf({ store, versions }: Pick<Workspace, 'store' | 'versions'>): Promise<Home> {
  const known = await store.meta.get(ID);
  const id = known ?? randomUUID();
  if (known === null) await store.meta.set(ID, id);
  const tenants = await Promise.all(SIDES.map((side) => store.meta.get(`tenant:${side}`)));
  return {
    id,
    tenants: createHash('sha256')
      .update(JSON.stringify([versions.tenant, ...tenants]))
      .digest('hex'),
  };
}
