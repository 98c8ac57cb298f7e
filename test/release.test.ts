import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { releaseIn } from './made-release.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const workplace = mkdtempSync(join(tmpdir(), 'iam-sync-release-'))
afterAll(() => rmSync(workplace, { recursive: true, force: true }))

const release = (name: string, codes: Readonly<Record<'check' | 'test', number>>) =>
  releaseIn(workplace, name, codes)

// The commands are found as a shell of these systems finds them.
describe.skipIf(process.platform === 'win32')('a release (what it makes: `package.test.ts`)', () => {
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
  it('runs scripts that there are, the build before the tests', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['check', 'test', 'release']))
    expect([scripts.release, scripts.pretest]).toEqual(['node scripts/release.mjs', 'npm run build'])
  })
})
