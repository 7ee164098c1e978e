import './node-version.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_FILE, schemaText } from '../src/main/app/workspace/workspace-schema.ts';

writeFileSync(join(import.meta.dirname, '..', 'assets', SCHEMA_FILE), schemaText());
