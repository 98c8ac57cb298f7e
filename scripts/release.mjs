// Makes what a release consists of, and publishes nothing: checks, runs all tests, packs, and lists what the package brings along
// (an SBOM in CycloneDX).
//
//   node scripts/release.mjs [FOLDER]     (default: release)
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmJson, packStaged, stage } from './stage.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(process.argv[2] ?? join(root, 'release'))

if (existsSync(folder) && readdirSync(folder).length > 0) {
  console.error(`${folder} is not empty: name another folder, or remove it`)
  process.exit(1)
}

for (const script of ['check', 'test']) {
  const { status } = spawnSync('npm', ['run', script], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

mkdirSync(folder, { recursive: true })
const staged = mkdtempSync(join(tmpdir(), 'iam-sync-stage-'))
try {
  stage(staged)
  const { filename } = packStaged(staged, folder)
  // From the lock, so that the packages of all platforms are in it.
  const sbom = npmJson(root, 'sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--package-lock-only')
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  // npm calls the package by the folder that it stands in.
  sbom.metadata.component.name = name
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`)
  const sums = [filename, 'sbom.cdx.json'].map(
    (file) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex')}  ${file}\n`,
  )
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''))
  console.log(`${folder}:\n${sums.join('')}nothing was published`)
} finally {
  rmSync(staged, { recursive: true, force: true })
}
