// Compiles `assembly/` to `dist/generated/evaluator.wasm`, and writes a module that carries its bytes, so that the
// evaluator loads them by `import()` like any other code, wherever the package is. Does nothing when nothing changed.
// Binaryen, which AssemblyScript brings, inlines what the compiler leaves apart: neither its own defaults nor V8 do.
// `node scripts/build-wasm.mjs debug` leaves names and bounds checks in, for a debugger or a trap that nobody understands;
// the next build takes its place.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const generated = join(root, 'dist', 'generated')
const wasmFile = join(generated, 'evaluator.wasm')
const moduleFile = join(generated, 'evaluator-wasm.js')
const typesFile = join(generated, 'evaluator-wasm.d.ts')
const stampFile = join(generated, 'evaluator-wasm.stamp')

const assemblyscript = join(root, 'node_modules', 'assemblyscript')
const compiler = join(assemblyscript, 'bin', 'asc.js')
const versionIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
// The very one that the compiler uses, wherever npm put it.
const binaryen = dirname(createRequire(compiler).resolve('binaryen'))
const optimizer = join(binaryen, 'bin', 'wasm-opt')
/** Rows "inside the module" and "registered" of docs/performance.md: 0.73 to 0.89 of the time without; a limit of 100 gains half. */
const INLINING = [
  '--enable-simd',
  '--enable-bulk-memory',
  '-O4',
  '--flexible-inline-max-function-size=400',
  '--always-inline-max-function-size=400',
  '--inlining-optimizing',
  '-O4',
]

const target = process.argv[2] === 'debug' ? 'debug' : 'release'
const versions = `assemblyscript ${versionIn(assemblyscript)} binaryen ${versionIn(binaryen)}`
const hash = createHash('sha256').update(`${versions} ${target} ${INLINING.join(' ')}\n`)
const sources = readdirSync(join(root, 'assembly'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
for (const name of [
  ...sources.map((source) => join('assembly', source)),
  'asconfig.json',
  'scripts/build-wasm.mjs',
]) {
  hash.update(`${name}\n`).update(readFileSync(join(root, name)))
}
const stamp = hash.digest('hex')

const isCurrent =
  [wasmFile, moduleFile, typesFile, stampFile].every((file) => existsSync(file)) &&
  readFileSync(stampFile, 'utf8') === stamp

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

if (!isCurrent) {
  mkdirSync(generated, { recursive: true })
  const unfinished = `${wasmFile}.${process.pid}`
  run(compiler, 'assembly/index.ts', '--config', 'asconfig.json', '--target', target, '--outFile', unfinished)
  if (target === 'release') run(optimizer, unfinished, '-o', unfinished, ...INLINING)
  const bytes = readFileSync(unfinished)
  renameSync(unfinished, wasmFile)
  writeFileSync(
    typesFile,
    [
      '/** The bytes of the evaluator module, compiled from `assembly/`. Decoded when first asked for. */',
      'export declare function evaluatorWasm(): Uint8Array<ArrayBuffer>',
      '',
    ].join('\n'),
  )
  writeFileSync(
    moduleFile,
    [
      `const encoded = '${bytes.toString('base64')}'`,
      'let bytes = null',
      'export function evaluatorWasm() {',
      '  bytes ??= Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))',
      '  return bytes',
      '}',
      '',
    ].join('\n'),
  )
  // Last, so that a build that was cut short is done again.
  writeFileSync(stampFile, stamp)
}
