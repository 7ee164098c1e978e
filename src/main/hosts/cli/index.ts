#!/usr/bin/env node
import process from 'node:process';

// Before anything else is loaded: the parts below do not even parse on an older Node, and would say nothing a person understands.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Tidsbro needs Node 24 or newer and this is Node ${process.versions.node}. ` +
      'Run it as "npm run tidsbro -- <command>", which brings the right one along.\n',
  );
  process.exit(1);
}
const { keepCompiled } = await import('../compile-cache.ts');
keepCompiled();
const { main } = await import('./main.ts');
const { processTerminal } = await import('./terminal.ts');
process.exitCode = await main(process.argv.slice(2), processTerminal());
