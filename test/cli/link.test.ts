import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const PROJECT = 'version: 1\naccounts: { production: { id: "111122223333" } }\n'
/** Of changes in one file those that are alike are one. */
const many = Object.fromEntries(
  Array.from({ length: 300 }, (_, index) => [
    `${'f'.repeat(100)}-${index}.yaml`,
    `users: { user-${index}: { tags: { a: "${index}" } } }\n`,
  ]),
)

describe('--link', () => {
  test('is where the rest of a page is, that has no room for all', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, ...many })
    const url = 'https://ci.example/runs/7?file=plan(1).html'
    const { out, code } = await runHere('plan', folder, '--format', 'markdown', '--link', url)
    expect(code).toBe(0)
    expect(Buffer.byteLength(out)).toBeLessThan(60_100)
    expect(out).toMatch(
      /… and \d+ more: \[all of it\]\(<https:\/\/ci\.example\/runs\/7\?file=plan\(1\)\.html>\)/,
    )
  })

  test.each([
    'javascript:alert(1)',
    'ci.example/7',
    'https://a:b@ci.example/',
    'https://ci.example/>) @all',
    'https://ci.example/\u202e',
    '',
  ])('%j is no link', async (url) => {
    const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT })
    const { err, code } = await runHere('plan', folder, '--format', 'markdown', '--link', url)
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/`--link/) })
  })
})
