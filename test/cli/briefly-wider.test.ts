// Two inline policies that exchange what they allow and deny, in an account without room for a document in between.
import { describe, expect, it } from 'vitest'
import { writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'

const statement = (effect: string, action: string): string =>
  `{ Effect: ${effect}, Action: "s3:${action}", Resource: "*" }`
const ofReading = (effect: string) => ['GetObject', 'GetBucketAcl'].map((action) => statement(effect, action))
const ofWriting = (effect: string) => ['PutObject', 'PutBucketAcl'].map((action) => statement(effect, action))
const document = (...statements: readonly string[]): string =>
  `{ Version: "2012-10-17", Statement: [${statements.join(', ')}] }`

const READING = document(...ofReading('Allow').slice(0, 1), ...ofWriting('Deny'))
const WRITING = document(...ofWriting('Allow').slice(0, 1), ...ofReading('Deny'))
const holding = (one: string, two: string): string =>
  `users: { ada: { inlinePolicies: { one: ${one}, two: ${two} } } }\n`

const sizeOf = (yaml: string): number =>
  yaml
    .replaceAll(/(Version|Statement|Effect|Action|Resource)/g, '"$1"')
    .replaceAll(/(Allow|Deny)/g, '"$1"')
    .replaceAll(' ', '').length

/** Both fit, and nothing more. */
const PROJECT = `version: 1
accounts:
  sandbox:
    id: "111122223333"
    target:
      { kind: local, database: .iam-sync/sandbox.db, quotas: { inlinePolicySizePerUser: ${sizeOf(READING) + sizeOf(WRITING)} } }
`

async function exchanging(): Promise<string> {
  const folder = sandbox(holding(READING, WRITING), PROJECT)
  expect((await runHere('apply', '--dir', folder, '--yes')).code).toBe(0)
  writeFiles(folder, { 'people.yaml': holding(WRITING, READING) })
  return folder
}

const lastLineOf = (out: string): string => out.trimEnd().split('\n').at(-1) ?? ''

describe('a plan in which somebody may do more for a few calls', () => {
  it('is refused, and says whom a step lets do what', async () => {
    const folder = await exchanging()
    const { code, out, err } = await runHere('plan', '--dir', folder)
    expect(code, err).toBe(3)
    expect(out).toContain('briefly wider')
    expect(out).toContain('user/ada')
    expect(out).toContain('--allow-briefly-wider')
    expect(lastLineOf(out)).toBe('1 to update')
  })

  it('is not applied', async () => {
    const folder = await exchanging()
    const { code, out } = await runHere('apply', '--dir', folder, '--yes')
    expect(code).toBe(3)
    expect(lastLineOf(out)).toBe('nothing was applied')
    expect((await runHere('plan', '--dir', folder, '--exit-code', '--allow-briefly-wider')).code).toBe(2)
  })

  it('is applied by who agrees to it', async () => {
    const folder = await exchanging()
    const { code, out, err } = await runHere('apply', '--dir', folder, '--yes', '--allow-briefly-wider')
    expect(code, err).toBe(0)
    expect(lastLineOf(out)).toBe('sandbox: 2 steps done; verified: a second plan is empty')
    expect((await runHere('plan', '--dir', folder, '--exit-code')).code).toBe(0)
  })
})
