import react from '@vitejs/plugin-react';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

if (Number(process.versions.node.split('.')[0]) < 24) {
  throw new Error('The tests need Node 24. Run them with "npm test" or "npx vitest", which bring it along.');
}

export default defineConfig({
  test: {
    // Left to itself vitest keeps one core for watching, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/{shared,main,sandbox,preload}/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [react()],
        test: { name: 'dom', environment: 'jsdom', globals: true, include: ['src/renderer/**/*.test.{ts,tsx}'] },
      },
    ],
    coverage: { include: ['src/**/*.{ts,tsx}'] },
  },
});
