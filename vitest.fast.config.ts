import { defineConfig } from 'vitest/config'
import all from './vitest.config.ts'

/**
 * What says most for the seconds that it takes: the core rooms, without processes, whole accounts and thousands of random
 * cases. `npm test` runs everything.
 */
export default defineConfig({
  test: {
    ...all.test,
    projects: undefined,
    include: [
      'test/*.test.ts',
      'test/{access/symbolic,catalog,checks,diagnostics,docs,iam,manifest,plan,policy,report,store,yaml}/**/*.test.ts',
      'test/evaluator/{corpus,estate*,keys*,program}.test.ts',
    ],
    exclude: [
      'test/{examples,package,readme}.test.ts',
      'test/docs/{cli,guides,library}.test.ts',
      'test/evaluator/*brute-force.test.ts',
      'test/report/real-access.test.ts',
      'test/{manifest/parse-cache,catalog/sources,yaml/node-bounds}.test.ts',
      'test/{plan/resulting-state,checks/names-of-aws,access/symbolic/search}.test.ts',
    ],
  },
})
