import { defineConfig } from 'vitest/config';

// Runs printed scripts with the real az and kubectl against practice clusters on loopback. az spends much of its time waiting, so four run at a time.
export default defineConfig({
  test: {
    globalSetup: './test/temporary-folder.ts',
    include: ['test/az/**/*.test.ts'],
    env: { TZ: 'UTC' },
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxConcurrency: Number(process.env['AZ_WORLDS'] ?? 4),
    reporters: ['default', './test/az/summary.ts'],
  },
});
