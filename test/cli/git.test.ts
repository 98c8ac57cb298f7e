import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { commitAll, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PEOPLE, PROJECT, sandbox } from './projects.ts'
import { jsonOf } from './run.ts'

const plan = (folder: string, ...args: string[]) => runHere('plan', folder, ...args)
const apply = (folder: string, ...args: string[]) => runHere('apply', folder, ...args)
const _codesOf = (document: { diagnostics: { code: string }[] }) =>
  document.diagnostics.map(({ code }) => code)

describe('git', () => {
  test('every apply records commit, dirtiness and actor; history lists them, newest first', async () => {
    const folder = sandbox()
    const commit = await commitAll(folder, 'first')
    await apply(folder, '--yes')
    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: { path: /ops/ }') })
    await apply(folder, '--yes')
    const { entries } = jsonOf(await runHere('history', folder, '--json'))
    expect(
      entries.map((entry: { commit: string; dirty: boolean; outcome: string }) => [
        entry.commit,
        entry.dirty,
        entry.outcome,
      ]),
    ).toEqual([
      [commit, true, 'complete'],
      [commit, false, 'complete'],
    ])
    expect(entries[0].actor).toMatch(/^.+@.+$/)
    expect(entries[0].time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect((await runHere('history', folder)).out).toContain(`${commit.slice(0, 12)} (dirty)`)
  })

  test('--ref reads project file and manifests from a commit; the database stays where it is', async () => {
    const folder = sandbox()
    const commit = await commitAll(folder, 'first')
    writeFiles(folder, { 'people.yaml': 'users: [\n', 'iam-sync.yaml': 'nonsense' })
    expect((await plan(folder)).code).toBe(1)
    const applied = jsonOf(await apply(folder, '--ref', 'main', '--yes', '--json'))
    expect(applied.results[0]).toMatchObject({ commit, dirty: false, verified: true })
    expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(true)
    expect((await plan(folder, '--ref', commit.slice(0, 10), '--exit-code')).code).toBe(0)
    expect((await plan(folder, '--ref', 'mian')).err).toContain('error[git.unknown-ref]')
    expect((await plan(sandbox(), '--ref', 'main')).err).toContain('error[git.no-repository]')
  })

  test('--base lets what a commit declared be deleted', async () => {
    const project = PROJECT.replace('scope: { users: all, groups: all }\n', '').replace(
      'minimumExisting: 4',
      'minimumExisting: 100',
    )
    const folder = sandbox('users: { alice: {}, bob: {} }\n', project)
    await apply(folder, '--yes')
    await commitAll(folder, 'both')
    writeFiles(folder, { 'people.yaml': 'users: { alice: {} }\n' })
    // A journal that knows of nothing, as that of an account that something else has made.
    const database = new Connection(join(folder, '.iam-sync/sandbox.db'))
    database.exec('DELETE FROM journal')
    database.close()
    expect(jsonOf(await plan(folder, '--json')).plans[0].summary).toMatchObject({ delete: 0 })
    expect(jsonOf(await plan(folder, '--base', 'HEAD', '--json')).plans[0].summary).toMatchObject({
      delete: 1,
    })
    const applied = await apply(folder, '--base', 'HEAD', '--yes')
    expect([applied.code, applied.out.includes('- user bob')]).toEqual([0, true])
    expect((await plan(folder, '--base', 'nowhere')).err).toContain('error[git.unknown-ref]')
  })
})
