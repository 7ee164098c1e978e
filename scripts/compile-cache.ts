import { join } from 'node:path';

/** Programs that tests start again and again are compiled once, not at each start. */
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/compiled');
