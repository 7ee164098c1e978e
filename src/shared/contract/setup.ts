import { z } from 'zod';
import { FlowName, ProblemView, SideName } from './views.ts';

/** The first start: what a person may choose before any workspace is open. No secret travels here, only names of variables. */

const Variable = z
  .string()
  .max(200)
  .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable: capitals, digits and _');
const Folder = z.string().min(1).max(4_096);

/** A system as it is to be written into workspace.yaml. */
export const SystemDraft = z.object({
  preset: z.string().min(1).max(100),
  url: z.string().min(1).max(2_000),
  /** Which environment variable holds each key of the preset. */
  secrets: z.record(z.string().max(100), Variable),
});
export type SystemDraft = z.output<typeof SystemDraft>;

export const WorkspaceDraft = z.object({
  folder: Folder,
  name: z.string().trim().min(1).max(100),
  systems: z.object({ customerp: SystemDraft, tidsbanken: SystemDraft }),
  /** The flows that are switched on; departments come along, since others refer to them. */
  flows: z.array(FlowName).min(1),
});
export type WorkspaceDraft = z.output<typeof WorkspaceDraft>;

/** A kind of system that needs no descriptor of one's own. */
export const PresetView = z.object({
  name: z.string(),
  side: SideName,
  /** Its usual address; empty where every company has its own. */
  url: z.string(),
  /** Its keys, and the variable that each is looked for in unless told otherwise. */
  secrets: z.array(z.object({ key: z.string(), variable: z.string() })),
});
export type PresetView = z.output<typeof PresetView>;

/** What a store goes through that an earlier version has left: its check, its backup, the backup's check, the change itself. */
export const UPGRADE_STEPS = ['checking', 'copying', 'verifying', 'upgrading'] as const;

/** A store that is being brought up to date: nothing else can be asked until it is, and the page then begins anew. */
export const UpgradeState = z.object({
  step: z.enum(UPGRADE_STEPS),
  /** The share of the file that was read, 0 to 1, in the first step. */
  read: z.number(),
  /** Why it came to nothing; null while it goes on. */
  problem: ProblemView.nullable(),
});
export type UpgradeState = z.output<typeof UpgradeState>;

/** What can be chosen; null once a workspace is open. */
export const SetupState = z.object({
  choices: z.object({ folder: z.string(), presets: z.array(PresetView) }).nullable(),
  upgrade: UpgradeState.optional(),
  /** Why the workspace was not opened. Nothing else is answered, and what serves the window ends. */
  refused: ProblemView.optional(),
});
export type SetupState = z.output<typeof SetupState>;

/** What *Test* has found at one system. */
export const SystemTest = z.object({
  side: SideName,
  /** One line for each kind of record, and what else the system tells of itself. */
  findings: z.array(z.string()),
  /** Variables that are not set where Tidsbro runs. */
  unset: z.array(z.string()),
  problem: ProblemView.nullable(),
});
export type SystemTest = z.output<typeof SystemTest>;

/** Folders of this computer, for choosing one. */
export const FolderList = z.object({
  path: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  isWorkspace: z.boolean(),
  folders: z.array(z.object({ name: z.string(), path: z.string(), isWorkspace: z.boolean() })),
  /** True where there are more than are listed. */
  isCut: z.boolean(),
});
export type FolderList = z.output<typeof FolderList>;

export const FolderName = z.object({ folder: Folder });
