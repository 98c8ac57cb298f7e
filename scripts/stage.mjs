// Makes the folder that the package is packed from: what `files` of package.json names, and a package.json without scripts and
// development dependencies. A package with a `prepare` script has npm warn of it wherever it is installed.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs npm, whose answer is JSON. */
export function npmJson(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/**
 * Copies more than is packed: what `files` takes out again, and npm never packs, `packStaged` leaves out. Listed beforehand,
 * everything would be packed twice.
 * @param folder one that is empty, or not there
 */
export function stage(folder) {
  const {
    scripts: _,
    devDependencies: __,
    ...manifest
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  mkdirSync(folder, { recursive: true })
  for (const path of manifest.files.filter((each) => !each.startsWith('!')))
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => isMade(relative(root, source).replaceAll('\\', '/')),
    })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Whether a compiled file is of a source that is still there: the compiler takes none away. */
export function isMade(path, sources = root) {
  const source = /^dist\/((?:src|assembly)\/.*?)(?:\.d)?\.(?:js|ts)$/.exec(path)?.[1]
  return source === undefined || existsSync(join(sources, `${source}.ts`))
}

/** Packs a staged folder. @returns what `npm pack --json` says of the one package */
export function packStaged(folder, destination) {
  return npmJson(folder, 'pack', '--json', '--ignore-scripts', '--pack-destination', destination)[0]
}
