import './scripts/compile-cache.ts';
import react from '@vitejs/plugin-react';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

if (Number(process.versions.node.split('.')[0]) < 24) {
  throw new Error('The tests need Node 24. Run them with "npm test" or "npx vitest", which bring it along.');
}

/** Minutes long, and small to look at: begun last, they would leave a core idle. */
const LONG = /(mutants|simulation|disk-limit|cli)\.test\.ts$/;

const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = files.filter((file) => !isLong(file));
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer, and no array
    return [...files.filter(isLong), ...(await super.sort(others))];
  }
}

export default defineConfig({
  test: {
    // Left to itself vitest keeps one core for watching, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongFirst },
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
