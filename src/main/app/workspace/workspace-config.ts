import { z } from 'zod';
import { KINDS } from '../../../shared/domain.ts';
import type { Flow } from '../../../shared/domain.ts';
import { LEAST_PER_SECOND } from '../../connectors/http/allowance.ts';
import { flowConfig } from './flow-config.ts';
export type { FlowConfig } from './flow-config.ts';

/** The shape of workspace.yaml. Unknown words are refused with their line: a typo must not be a silent default. */

/** `env:NAME` names an environment variable; a literal is taken only when it begins with `demo-` and the address is this computer. */
const Secret = z
  .string()
  .regex(
    /^(env:[A-Z][A-Z0-9_]*|demo-.+)$/,
    'must be env:NAME (the name of an environment variable), or begin with demo-',
  );

const No = z.literal(false, {
  error: 'only false is taken here: what the descriptor does not claim cannot be switched on',
});
/** What a system was seen to do otherwise than its descriptor says, such as by `doctor --prove` (2.4). */
const CapabilityConfig = z.strictObject({
  putMerges: z.boolean().optional().describe('Whether a write that names some fields leaves the others.'),
  createOnExisting: z.enum(['rejects', 'upserts']).optional(),
  partialUpdate: No.optional(),
  pointRead: No.optional(),
  filterByKey: No.optional(),
  stableOrder: No.optional(),
  count: No.optional(),
  delta: No.optional(),
  conditionalWrite: No.optional(),
});

const SystemShape = z.strictObject({
  preset: z.string().min(1).optional().describe('A system that Tidsbro knows; else name a descriptor.'),
  descriptor: z
    .string()
    .min(1)
    .optional()
    .describe('A file that tells how the system works, such as descriptors/erp.yaml, from the folder of this file.'),
  url: z.url({ protocol: /^https?$/, hostname: /.+/, error: 'must be an http:// or https:// address' }),
  secrets: z.record(z.string(), Secret),
  limits: z
    .strictObject({
      connectSeconds: z.number().positive().optional(),
      requestSeconds: z.number().positive().optional(),
      settleSeconds: z.number().positive().optional(),
      /** How wrong this system's clock may be (D4). */
      clockSkewMinutes: z.number().min(0).optional(),
      /** What this system lets pass, reads and writes together (J3). Left out: learnt from its first refusal. */
      requestsPerSecond: z.number().min(LEAST_PER_SECOND).optional(),
      /** So many may leave at once after a quiet moment. */
      burst: z.number().int().min(1).max(1_000).optional(),
      /** So many requests are on their way there at the same time; twice as many records are then being written (section 7). */
      parallelWrites: z.number().int().min(1).max(32).optional(),
    })
    .optional(),
  capabilities: z.partialRecord(z.enum(KINDS), CapabilityConfig).optional(),
});
const SystemConfig = SystemShape.refine(
  ({ preset, descriptor }) => (preset === undefined) !== (descriptor === undefined),
  {
    error: 'needs either a preset or a descriptor, not both',
  },
);
export type SystemConfig = z.output<typeof SystemConfig>;

const Count = z.number().int().min(0);
const Share = z.number().min(0).max(1);
/** The greater of a count and a share (of the links; S2: of the records before). What is left out keeps its default. */
const LimitConfig = z.strictObject({ count: Count.optional(), share: Share.optional() }).optional();

/** Section 13. */
const RailConfig = z.strictObject({
  /** S1, by what is done. */
  create: LimitConfig,
  update: LimitConfig,
  clear: LimitConfig,
  archive: LimitConfig,
  bothEdited: LimitConfig,
  /** S1: one group in so many links. */
  oneGroup: LimitConfig,
  /** S1: from so many links on, a plan that touches every one of them is held. */
  everyLinkFrom: z.number().int().min(1).optional(),
  /** S2. */
  shrunkenSource: LimitConfig,
  /** S3: the share of linked records that must be there, or how many may be missing. */
  linkedRecords: z.strictObject({ share: Share.optional(), missing: Count.optional() }).optional(),
  /** S6: so many differences, and which share of all by one same offset. */
  timeShift: z.strictObject({ count: z.number().int().min(2).optional(), share: Share.optional() }).optional(),
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
  flows: z
    .strictObject({
      'customer-kunde': flowConfig('customer-kunde').optional(),
      'employee-ansatt': flowConfig('employee-ansatt').optional(),
      'project-prosjekt': flowConfig('project-prosjekt').optional(),
      'department-avdeling': flowConfig('department-avdeling').optional(),
    } satisfies Record<Flow, unknown>)
    .default({}),
  rails: RailConfig.default({}),
  backups: BackupConfig.default({}),
});
export type WorkspaceConfig = z.output<typeof WorkspaceConfig>;

/** A demo talks to the sandbox on this computer with demo keys. */
export const isDemo = (config: WorkspaceConfig): boolean =>
  Object.values(config.systems).every((system) =>
    Object.values(system.secrets).every((secret) => secret.startsWith('demo-')),
  );
