import { z } from 'zod';
import { WorkspaceConfig } from './workspace-config.ts';

/** Where an editor finds the schema: beside workspace.yaml, whose first line names it. */
export const SCHEMA_FILE = 'workspace.schema.json';

/** The JSON schema of workspace.yaml as text. assets/ holds a copy, which a test keeps current (`npm run schema`). */
export const schemaText = (): string =>
  `${JSON.stringify({ title: 'Tidsbro workspace', ...z.toJSONSchema(WorkspaceConfig, { io: 'input' }) }, null, 2)}\n`;
