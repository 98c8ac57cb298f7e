import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    globalSetup: ['test/cache-folder.ts'],
    testTimeout: 30_000,
  },
})
