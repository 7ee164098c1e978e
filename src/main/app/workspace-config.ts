import { z } from 'zod';
import { FLOWS } from '../../shared/domain.ts';

/** The shape of workspace.yaml. Unknown words are refused with their line: a typo must not be a silent default. */

/** `env:NAME` names an environment variable; a literal is taken only when it begins with `demo-` and the address is this computer. */
const Secret = z
  .string()
  .regex(
    /^(env:[A-Z][A-Z0-9_]*|demo-.+)$/,
    'must be env:NAME (the name of an environment variable), or begin with demo-',
  );

const SystemConfig = z.strictObject({
  preset: z.string().min(1),
  url: z.url({ protocol: /^https?$/, hostname: /.+/, error: 'must be an http:// or https:// address' }),
  secrets: z.record(z.string(), Secret),
  limits: z
    .strictObject({
      connectSeconds: z.number().positive().optional(),
      requestSeconds: z.number().positive().optional(),
      settleSeconds: z.number().positive().optional(),
    })
    .optional(),
});
export type SystemConfig = z.output<typeof SystemConfig>;

const Creation = z.enum(['never', 'every']);
const FlowConfig = z.strictObject({
  enabled: z.boolean().optional(),
  create: z
    .strictObject({
      inCustomerp: Creation.optional(),
      inTidsbanken: Creation.optional(),
      automatic: z.boolean().optional(),
    })
    .optional(),
});
export type FlowConfig = z.output<typeof FlowConfig>;

const RailConfig = z.strictObject({
  confirmGoneMinutes: z.number().min(0).optional(),
  autoWritesPerRun: z.number().int().positive().optional(),
});

const BackupConfig = z.strictObject({
  /** How many daily backups are kept; the oldest goes. */
  keep: z.number().int().min(1).max(1_000).optional(),
});

export const WorkspaceConfig = z.strictObject({
  name: z.string().min(1),
  systems: z.strictObject({ customerp: SystemConfig, tidsbanken: SystemConfig }),
  flows: z.partialRecord(z.enum(FLOWS), FlowConfig).default({}),
  rails: RailConfig.default({}),
  backups: BackupConfig.default({}),
});
export type WorkspaceConfig = z.output<typeof WorkspaceConfig>;

/** A demo talks to the sandbox on this computer with demo keys. */
export const isDemo = (config: WorkspaceConfig): boolean =>
  Object.values(config.systems).every((system) =>
    Object.values(system.secrets).every((secret) => secret.startsWith('demo-')),
  );
