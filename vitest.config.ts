import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/temporary-folder.ts',
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/journeys/**', 'test/az/**'],
    // ink asks `tput` for the size on every render when neither is set.
    env: { COLUMNS: '100', LINES: '30', FORCE_COLOR: '0', TZ: 'UTC' },
    // One worker a core: vitest would leave one of them to itself, half of what a small machine has.
    maxWorkers: '100%',
    testTimeout: 20_000,
    reporters: ['default', './test/az/not-run.ts'],
  },
});
