// Pages as the command makes them, of a change that has something of everything.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runHere } from '../../cli/in-process.ts'
import { sandbox } from '../../cli/projects.ts'
import { commitAll, temporaryFolder, writeFiles } from '../../source/folders.ts'
import { holdPage } from './held-page.ts'
import { elementsOf, type PageElement, textIn } from './parsed-page.ts'

const PROJECT = `version: 1
accounts:
  production: { id: "111122223333", target: { kind: local, database: .iam-sync/production.db } }
scope: { users: all, groups: all, roles: all, policies: all }
`
const trusting = (principal: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: ${principal}, Action: "sts:AssumeRole" }] }`
const allowing = (action: string, resource: string) =>
  `{ Version: "2012-10-17", Statement: [{ Sid: Work, Effect: Allow, Action: [${action}], Resource: "${resource}" }] }`

const BEFORE = `
groups:
  admins: { managedPolicies: [AdministratorAccess] }
users:
  dora: { groups: [admins] }
  alice: {}
  bob: { inlinePolicies: { read: ${allowing('"s3:GetObject"', 'arn:aws:s3:::acme-data/*')} } }
roles:
  deploy:
    trustPolicy: ${trusting('{ Service: codebuild.amazonaws.com }')}
    inlinePolicies: { work: ${allowing('"ecs:UpdateService"', '*')} }
  reports:
    trustPolicy: ${trusting('{ Service: lambda.amazonaws.com }')}
`
const AFTER = `
groups:
  admins: { managedPolicies: [AdministratorAccess] }
users:
  dora: { groups: [admins] }
  alice: { inlinePolicies: { help: ${allowing('"iam:AddUserToGroup"', '*')} } }
  mallory: { tags: { note: plain } }
roles:
  deploy:
    trustPolicy: ${trusting('{ AWS: "arn:aws:iam::111122223333:user/alice" }')}
    inlinePolicies: { work: ${allowing('"ecs:UpdateService", "ecs:DeleteService"', '*')} }
  reports:
    trustPolicy: ${trusting('{ AWS: "arn:aws:iam::444455556666:root" }')}
tests:
  - { name: alice may not help herself, principal: user/alice, action: "iam:AddUserToGroup", resource: "*", expect: deny }
`

const idsOf = (page: PageElement): readonly string[] =>
  elementsOf(page).flatMap(({ name, attributes }) => (name === 'section' ? [attributes.get('id') ?? ''] : []))

describe('--format html', () => {
  test('of a plan has all that a reviewer reads, in its order', async () => {
    const folder = sandbox(BEFORE, PROJECT)
    await commitAll(folder, 'before')
    writeFiles(folder, { 'people.yaml': AFTER })
    const ran = await runHere('plan', folder, '--against', 'git:HEAD', '--format', 'html')
    expect(ran.code).toBe(4)
    await expect(ran.out).toMatchFileSnapshot('golden/plan.html')
    const page = holdPage(ran.out.trimEnd())
    const ids = idsOf(page)
    expect(ids).toEqual([
      'escalations',
      'picture',
      'outside',
      'gains',
      'losses',
      'deletes',
      'failures',
      'changes',
      'machine',
    ])
    const picture = elementsOf(page).find(({ attributes }) => attributes.get('id') === 'picture')
    for (const name of ['user/alice', 'group/admins', 'role/deploy', 'account:444455556666', 'role/reports'])
      expect(picture === undefined ? '' : textIn(picture)).toContain(name)
  })

  test('of two policies says what whoever holds them may do, with neither digest nor changes', async () => {
    const file = (action: string) =>
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`
    const folder = temporaryFolder({
      'old.json': file('s3:GetObject'),
      'new.json': file('iam:AddUserToGroup'),
    })
    const [old, recent] = [join(folder, 'old.json'), join(folder, 'new.json')]
    const ran = await runHere('access', 'diff', old, recent, '--format', 'html')
    const page = holdPage(ran.out.trimEnd())
    expect(idsOf(page)).toEqual(expect.arrayContaining(['escalations', 'picture', 'losses']))
    expect(idsOf(page)).not.toContain('changes')
    expect(elementsOf(page).some(({ name }) => name === 'dt')).toBe(false)
    expect(textIn(page)).toContain('whoever holds it')
  })

  test('where nothing changes is a page that says so', async () => {
    const folder = sandbox('{}\n', PROJECT)
    const ran = await runHere('plan', folder, '--format', 'html')
    expect(textIn(holdPage(ran.out.trimEnd()))).toContain('no change')
  })

  test('of a failure is a page that says so, with what was wrong', async () => {
    const folder = sandbox('users: { alice: { groups: [nobody] } }\n', PROJECT)
    const ran = await runHere('plan', folder, '--format', 'html')
    expect(ran.code).toBe(1)
    const page = holdPage(ran.out.trimEnd())
    const [heading] = elementsOf(page).filter(({ name }) => name === 'h1')
    expect(heading?.attributes.get('class')).toBe('verdict danger')
    expect(heading === undefined ? '' : textIn(heading)).toBe('failed')
    expect(textIn(page)).toContain('people.yaml:1')
    expect(textIn(page)).toContain('^^^^^^')
  })
})
