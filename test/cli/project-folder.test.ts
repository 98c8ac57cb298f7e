import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../src/cli/opening/project-folder.ts'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'
import { iamSync } from './run.ts'

describe('a project file that is there and isn’t read', () => {
  const codesOf = async (...args: readonly string[]) => {
    const { out } = await runHere(...args, '--json')
    return (JSON.parse(out) as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code)
  }

  test('is not said to be missing', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': Buffer.from([0xff, 0xfe]) })
    expect(await codesOf('validate', folder)).toEqual(['source.not-utf8'])
    await commitAll(folder, 'first')
    expect(await codesOf('plan', folder, '--ref', 'HEAD')).toEqual(['source.not-utf8'])
    rmSync(join(folder, 'iam-sync.yaml'))
    symlinkSync('nowhere', join(folder, 'iam-sync.yaml'))
    expect(await codesOf('validate', folder)).toEqual(['source.unreadable'])
  })

  test('is said to be missing where it is, whatever else is wrong', async () => {
    const folder = temporaryFolder({ 'a.yaml': Buffer.from([0xff, 0xfe]) })
    expect(await codesOf('validate', folder)).toEqual(['source.not-utf8', 'manifest.no-project-file'])
    mkdirSync(join(folder, 'iam-sync.yaml'))
    expect(await codesOf('validate', folder)).toEqual(['source.not-utf8', 'manifest.no-project-file'])
  })
})

describe('JSON that can’t be read', () => {
  const OTHERS = {
    'iam-sync.yaml': 'version: 1\naccounts:\n  production: { id: "111122223333" }\n',
    'plan.json': Buffer.from('\ufeff{"format_version":"1.2"}', 'utf16le'),
    'terraform/account.json': Buffer.alloc(17 * 1024 * 1024, ' '),
  }
  const codesOf = async (...args: readonly string[]) => {
    const { code, out } = await runHere(...args, '--json')
    const { diagnostics } = JSON.parse(out) as { diagnostics: { code: string }[] }
    return [code, ...diagnostics.map((each) => each.code)]
  }

  test('is no concern of a folder that doesn’t name it', async () => {
    const folder = temporaryFolder({ ...OTHERS, 'people.yaml': 'users: { ada: {} }\n' })
    expect(await codesOf('validate', folder)).toEqual([0])
    expect(await codesOf('plan', folder)).toEqual([0])
    await commitAll(folder, 'first')
    expect(await codesOf('plan', folder, '--ref', 'HEAD')).toEqual([0])
    writeFiles(folder, { 'people.yaml': 'users: { ada: { groupes: [] } }\n' })
    expect(await codesOf('validate', folder)).toEqual([1, 'manifest.unknown-key'])
  })

  test('is an error where a manifest names it', async () => {
    const document = 'policies: { a: { document: { file: ./terraform/account.json } } }\n'
    const folder = temporaryFolder({ ...OTHERS, 'people.yaml': document })
    expect(await codesOf('validate', folder)).toEqual([1, 'source.too-large', 'manifest.no-such-file'])
  })
})

describe('the folder of a project', () => {
  test('is looked for upwards where none is named', () => {
    const folder = sandbox()
    mkdirSync(join(folder, 'people/teams'), { recursive: true })
    expect(projectFolder(null, folder)).toEqual({ folder: '.', found: 'here' })
    expect(projectFolder(null, join(folder, 'people'))).toEqual({ folder: '..', found: 'above' })
    expect(projectFolder(null, join(folder, 'people/teams'))).toEqual({ folder: '../..', found: 'above' })
  })

  test('is looked for within the repository only', () => {
    const folder = sandbox()
    mkdirSync(join(folder, 'vendor/other/.git'), { recursive: true })
    mkdirSync(join(folder, 'vendor/other/x'))
    expect(projectFolder(null, join(folder, 'vendor/other/x'))).toEqual({ folder: '.', found: 'here' })
    expect(projectFolder(null, join(folder, 'vendor'))).toEqual({ folder: '..', found: 'above' })
  })

  test('that is named is taken by its word, and the one above is only pointed at', async () => {
    const folder = sandbox()
    mkdirSync(join(folder, 'people'))
    const ran = await runHere('apply', join(folder, 'people'), '--yes')
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('error[manifest.no-project-file]')
    expect(ran.err).toContain('a folder above has one')
    expect(projectFolder('nowhere', folder)).toEqual({ folder: 'nowhere', found: 'here' })
  })

  test('every command of a project runs in a folder below, and says where the project is', async () => {
    const folder = sandbox()
    writeFiles(folder, { 'teams/x.yaml': 'users: { zoe: { groups: [nobody] } }\n' })
    const ran = await iamSync(['validate'], { cwd: join(folder, 'teams') })
    expect(ran.err).toContain('the project is in ..: files are named from there\n')
    expect(ran.err).toContain('--> teams/x.yaml:1:')
  })

  test('is made where one stands, by init', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': 'version: 1\n' })
    expect((await runHere('init', join(folder, 'new'))).code).toBe(0)
  })
})
