import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Put another in the place of a module: they need modules of their own. */
const WITH_MODULES_OF_THEIR_OWN = ['test/cli/{accounts-in-turn,deploying-principal,troubled-reads}.test.ts']

export default defineConfig({
  // The tests of an example name the package as those of somebody's application do.
  resolve: {
    alias: { 'iam-sync/testing': fileURLToPath(new URL('src/testing/index.ts', import.meta.url)) },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts', 'examples/testing/test/*.test.js'],
          exclude: WITH_MODULES_OF_THEIR_OWN,
        },
      },
      {
        extends: true,
        test: { name: 'own modules', include: WITH_MODULES_OF_THEIR_OWN, isolate: true },
      },
    ],
    pool: 'threads',
    maxWorkers: 2,
    // Modules are loaded once by each worker, not once for each file: none keeps anything that a test could tell.
    isolate: false,
    globalSetup: ['test/temporary-place.ts'],
    // For what hangs alone: a busy machine makes no test red.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Nothing is written into the home of whoever runs this.
    env: { XDG_STATE_HOME: join(tmpdir(), 'iam-sync-test-state') },
  },
})
