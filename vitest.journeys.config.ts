import { defineConfig } from 'vitest/config';

// Journeys drive the built program in a real terminal (tmux), one after the other.
export default defineConfig({
  test: { include: ['test/journeys/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false },
});
