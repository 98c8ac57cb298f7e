// Pages of results that aren't plans, as the command makes them; those of plans and access diffs are in `examples/reviews`.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runHere } from '../cli/in-process.ts'
import { sandbox } from '../cli/projects.ts'
import { readMarkdown } from './markdown-reader.ts'

const PROJECT = 'version: 1\naccounts: { production: { id: "111122223333" } }\n'
const PEOPLE = `
policies:
  admin-tools:
    document:
      Version: "2012-10-17"
      Statement:
        - { Sid: Tools, Effect: Allow, Action: [iam:PutUserPolicy, s3:GetObject], Resource: "*" }
users:
  ana: { managedPolicies: [admin-tools] }
  ben: {}
roles:
  reports:
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action: sts:AssumeRole }
tests:
  - name: "ben reads \`data\` @octocat <!-- iam-sync:x --> #1"
    principal: user/ben
    action: s3:GetObject
    resource: arn:aws:s3:::acme-data/x
    expect: allow
  - name: ana reads data
    principal: user/ana
    action: s3:GetObject
    resource: arn:aws:s3:::acme-data/x
    expect: allow
invariants:
  - name: nobody writes policies
    action: iam:PutUserPolicy
    resource: "*"
    onlyPrincipals: [user/ben]
`

/** By AWS's rules, and by what the project asks for. */
const PAGES: readonly (readonly [name: string, words: readonly string[], first: string, code: number])[] = [
  ['test', ['test'], '🔴 2 fail · 1 pass', 4],
  [
    'checks',
    ['access', 'check', '--not-granted', 'iam:PutUserPolicy', '--no-public-access', '--no-outside-access'],
    '🔴 2 fail · 1 hold',
    4,
  ],
  ['escalations', ['access', 'escalations', '--from', 'user/ana'], '🔴 1 escalation', 0],
  ['failure', ['access', 'escalations', '--from', 'user/nobody'], '🔴 failed', 1],
]

describe('--format markdown', () => {
  test.each(PAGES)('of %s', async (name, words, first, code) => {
    const folder = sandbox(PEOPLE, PROJECT)
    const ran = await runHere(...words, '--dir', folder, '--format', 'markdown')
    await expect(ran.out).toMatchFileSnapshot(join('golden', 'markdown', `${name}.md`))
    expect([ran.out.split('\n')[0], ran.code]).toEqual([first, code])
    const { prose } = readMarkdown(ran.out)
    for (const line of prose) expect(line).not.toMatch(/@|#\d|<!--/)
    expect(ran.out).not.toContain('<!--')
  })
})
