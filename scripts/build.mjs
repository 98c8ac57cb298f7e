// Builds what the package ships. Generated modules come first (the evaluator's wasm, the catalogue of AWS facts, types of the IAM API),
// since the TypeScript imports them as `#generated/…`; what is derived from the compiled code comes after it, and the command's bundle last.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const run = (script, ...args) => {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

run('scripts/build-wasm.mjs')
run('scripts/build-catalog.mjs')
run('scripts/build-iam-api.mjs')
run('scripts/build-protocol.mjs')
run('scripts/build-id.mjs')
run('scripts/build-package.mjs')
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json')
run('scripts/build-schema.mjs')
run('scripts/build-bundle.mjs')
