import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const workplace = mkdtempSync(join(tmpdir(), 'iam-sync-release-'))
afterAll(() => rmSync(workplace, { recursive: true, force: true }))

const whole = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim()

/** Runs a release with an npm whose own scripts end with a code each, and which is the real one for the rest. */
function release(name: string, codes: Readonly<Record<'check' | 'test', number>>) {
  const bin = join(workplace, name, 'bin')
  const log = join(workplace, name, 'log')
  const folder = join(workplace, name, 'release')
  mkdirSync(bin, { recursive: true })
  writeFileSync(log, '')
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh
echo "$*" >> '${log}'
case "$*" in
  "run check") exit ${codes.check} ;;
  "run test") exit ${codes.test} ;;
esac
exec '${whole}' "$@"
`,
  )
  chmodSync(join(bin, 'npm'), 0o755)
  const run = () =>
    spawnSync(process.execPath, [join(root, 'scripts/release.mjs'), folder], {
      cwd: workplace,
      encoding: 'utf8',
      timeout: 240_000,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    })
  const asked = () => readFileSync(log, 'utf8').trimEnd().split('\n')
  return { run, asked, folder }
}

// The commands are found as a shell of these systems finds them.
describe.skipIf(process.platform === 'win32')('a release', () => {
  it('is not made of what the checks refuse', () => {
    const { run, asked, folder } = release('unchecked', { check: 3, test: 0 })
    expect(run().status).toBe(3)
    expect(asked()).toEqual(['run check'])
    expect(existsSync(folder)).toBe(false)
  })
  it('is not made of what fails a test', () => {
    const { run, asked, folder } = release('untested', { check: 0, test: 1 })
    expect(run().status).toBe(1)
    expect(asked()).toEqual(['run check', 'run test'])
    expect(existsSync(folder)).toBe(false)
  })
  it('is a package, what it brings along and their checksums, and is published nowhere', {
    timeout: 300_000,
  }, () => {
    const { run, asked, folder } = release('made', { check: 0, test: 0 })
    const { status, stdout } = run()
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('nothing was published')
    expect(asked().slice(0, 2)).toEqual(['run check', 'run test'])
    expect(
      asked()
        .slice(2)
        .map((each) => each.split(' ')[0]),
    ).toEqual(['pack', 'pack', 'sbom'])
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', `iam-sync-${version}.tgz`, 'sbom.cdx.json'])
    const { components } = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'))
    expect(components.map(({ name }: { name: string }) => name)).toContain('isomorphic-git')
    const again = run()
    expect([again.status, again.stderr]).toEqual([
      1,
      `${folder} is not empty: name another folder, or remove it\n`,
    ])
  })
  it('runs scripts that there are, the build before the tests', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['check', 'test', 'release']))
    expect([scripts.release, scripts.pretest]).toEqual(['node scripts/release.mjs', 'npm run build'])
  })
})
