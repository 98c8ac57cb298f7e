// Bundles the command into `dist/bin`: one file where it had to find, read and link two hundred, and one more for each part that is
// loaded on demand. `dist/src` stays beside it for who imports the package. Does nothing when nothing changed.
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { bundleStamp, STAMP_FILE } from './bundle-stamp.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const output = join(root, dirname(STAMP_FILE))
const stampFile = join(root, STAMP_FILE)

/** A package with a native library, which it finds from where it is installed; and what is large, and few ask for. */
const EXTERNAL = ['libsql', '@aws-sdk/client-iam', '@aws-sdk/client-sts', '@node-saml/node-saml']

/**
 * Of `yaml`, Node is given CommonJS, in which each call goes through an object; the same sources as modules stand beside it. Takes
 * 5 % off `validate` without the parse cache.
 */
const MODULES_OF_COMMONJS = { yaml: join(root, 'node_modules/yaml/browser/index.js') }

/**
 * A chunk each, with all that the module imports and that no earlier one of these has: what nearly everybody needs comes first.
 * Left to itself, the bundler makes a chunk of whatever the same set of commands shares, of which a plan reads a hundred.
 */
const CHUNKS = {
  cache: /src\/cli\/opening\/own-code\.ts$/,
  start: /src\/cli\/program\.ts$/,
  said: /src\/cli\/output\/present\.ts$/,
  text: /src\/report\/formats\/text\.ts$/,
  arguments: /src\/cli\/arguments\/parse-arguments\.ts$/,
  project: /src\/cli\/commands\/validate\.ts$/,
  planning: /src\/cli\/commands\/plan\.ts$/,
  applying: /src\/cli\/commands\/apply\.ts$/,
  analysis: /src\/access\/analyzer\.ts$/,
}

const stamp = bundleStamp(root)
const isCurrent = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp

if (!isCurrent) {
  // In a folder of its own until it is complete: a chunk of one build never meets one of another.
  const unfinished = `${output}.${process.pid}`
  const bundle = await rolldown({
    cwd: root,
    input: { 'iam-sync': 'src/cli/main.ts' },
    platform: 'node',
    external: EXTERNAL,
    resolve: { alias: MODULES_OF_COMMONJS },
    transform: { target: 'es2023' },
    // What can't be resolved would fail when it is first wanted, on somebody else's machine.
    onLog(level, log, handle) {
      if (level === 'warn') throw new Error(`the bundle: ${log.message}`)
      handle(level, log)
    },
  })
  const { output: files } = await bundle.write({
    dir: unfinished,
    format: 'esm',
    sourcemap: true,
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: {
      groups: Object.entries(CHUNKS).map(([name, test], index) => ({ name, test, priority: 100 - index })),
    },
    // A trace wants names and lines; who has the sources has their text.
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  writeFileSync(join(unfinished, 'LICENSES'), licencesOf(files))
  // npm 10 links a bin without making it executable.
  chmodSync(join(unfinished, 'iam-sync.js'), 0o755)
  writeFileSync(join(unfinished, 'bundle.stamp'), stamp)
  rmSync(output, { recursive: true, force: true })
  renameSync(unfinished, output)
}

/** What has to stand beside copies of other people's code. @param files what was written */
function licencesOf(files) {
  const folders = files.flatMap(({ moduleIds = [] }) => moduleIds.flatMap((id) => packageFolderOf(id) ?? []))
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`
    return `${name} ${version}, ${license}${text}\n`
  })
  return texts.join(`\n${'-'.repeat(72)}\n\n`)
}

/** The folder of the package that a module is of; null: it is our own. */
function packageFolderOf(id) {
  const path = relative(root, id).replaceAll('\\', '/')
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []
  return folder === undefined ? null : join(root, folder)
}
