// What the command's bundle is made of, as one hash: the build makes the bundle anew when it is another, and tests refuse to run a
// bundle that isn't of the sources beside it.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Everything that can change a byte of the bundle. The lock stands for the packages in it and for the bundler. */
const SINGLE_FILES = [
  'assembly/wire.ts',
  'package.json',
  'package-lock.json',
  'scripts/build-bundle.mjs',
  'scripts/bundle-stamp.mjs',
]
const FOLDERS = { src: '.ts', 'dist/generated': '.js' }

/** @param root the folder of package.json */
export const bundleStamp = (root) => hashOf(root, Object.keys(FOLDERS))

/** Of the sources alone, which is there before anything is generated. */
export const sourceStamp = (root) => hashOf(root, ['src'])

function hashOf(root, folders) {
  const hash = createHash('sha256')
  const add = (path) => hash.update(`${path}\n`).update(readFileSync(join(root, path)))
  for (const path of SINGLE_FILES) add(path)
  for (const folder of folders) {
    const ending = FOLDERS[folder]
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const name of names.filter((each) => each.endsWith(ending)).sort())
      add(`${folder}/${name.replaceAll('\\', '/')}`)
  }
  return hash.digest('hex')
}

/** Where the bundle says of what it was made. */
export const STAMP_FILE = 'dist/bin/bundle.stamp'
