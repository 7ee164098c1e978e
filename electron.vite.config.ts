import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

export default defineConfig({
  main: {
    build: {
      externalizeDeps: { include: ['better-sqlite3'] },
      rolldownOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          // Started by path, so that the product never imports it.
          sandbox: resolve('src/sandbox/index.ts'),
          // The engine, started by path too: of the app in a process, of the web host in a thread.
          'engine-process': resolve('src/main/hosts/electron/engine-process.ts'),
          'engine-thread': resolve('src/main/hosts/engine/thread.ts'),
          // Checks a large store beside the engine, in a thread of either.
          'check-thread': resolve('src/main/hosts/engine/check-thread.ts'),
          // For the npm tarball: Node refuses to run .ts from inside node_modules.
          cli: resolve('src/main/hosts/cli/index.ts'),
        },
      },
    },
  },
  // A sandboxed window refuses an ES module preload, and "type": "module" would make it one.
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      minify: true,
      // What a screen looks like is small, and there at once: a screen never comes without it.
      cssCodeSplit: false,
      chunkSizeWarningLimit: 1000,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { index: resolve('src/renderer/index.html') },
        output: {
          // One file for the first screen, one for what several of the others share, one for each of these.
          codeSplitting: {
            groups: [
              { name: 'first', tags: ['$initial'], priority: 2 },
              { name: 'shared', minShareCount: 2, priority: 1 },
            ],
          },
        },
      },
    },
  },
});
