import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTargetForReading, using } from '../../src/cli/opening/account-target.ts'
import { openProject } from '../../src/cli/opening/project.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const A = 'arn:aws:iam::111122223333'
const B = 'arn:aws:iam::444455556666'
const PROJECT = `version: 1
accounts:
  a: { id: "111122223333", manifests: [a.yaml] }
  b: { id: "444455556666", manifests: [b.yaml] }
`
const queue = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`
const resources = (path: string) => `
resources:
  ${queue('named')}:
    policy: ${statement(`Principal: { AWS: "${A}:role${path}deployer" }, Action: "sqs:*", Resource: "*"`)}
  ${queue('by-path')}:
    policy: ${statement(`Principal: "*", Action: "sqs:*", Resource: "*", Condition: { ArnLike: { aws:PrincipalArn: "${A}:role/ci/*" } }`)}
`
const statement = (text: string) => `{ Version: "2012-10-17", Statement: [{ Effect: Allow, ${text} }] }`
const trust = (principal: string) => statement(`Principal: { ${principal} }, Action: sts:AssumeRole`)
const condition = (text: string) => statement(`Action: "s3:*", Resource: "*", Condition: { ${text} }`)
const on = (action: string, resource: string) => statement(`Action: "${action}", Resource: "${resource}"`)

const a = (path: string, id: string) => `
roles:
  deployer: { path: ${path}, trustPolicy: ${trust('Service: ec2.amazonaws.com')} }
  target: { trustPolicy: ${trust(`AWS: "${A}:role${path}deployer"`)} }
policies:
  by-id: { document: ${condition(`StringLike: { "aws:userid": "${id}:*" }`)} }
  by-other-id: { document: ${condition('StringLike: { "aws:userid": "AROAEXAMPLEEXAMPLE99:*" }')} }
  pass-old: { document: ${on('iam:PassRole', `${A}:role/deployer`)} }
  pass-any: { document: ${on('iam:PassRole', '*')} }
  pass-all-roles: { document: ${on('iam:*', `${A}:role/*`)} }
  pass-pattern: { document: ${on('iam:Pass*', `${A}:role/*deployer`)} }
  read: { document: ${on('iam:GetRole', `${A}:role/*deployer`)} }
${resources(path)}`
const b = (path: string) => `
roles: { target: { trustPolicy: ${trust(`AWS: "${A}:role${path}deployer"`)} } }
users: { ada: { inlinePolicies: { own: ${condition(`ArnLike: { aws:PrincipalArn: "${A}:role/ci/*" }`)} } } }
groups: { ops: { inlinePolicies: { own: ${on('sts:AssumeRole', `${A}:role/ci/deployer`)} } } }
`

test('a role that is made anew: what breaks, and what comes along by name, in every account', async () => {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': a('/', 'AROAX'), 'b.yaml': b('/') })
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  const project = await openProject({ folder, accounts: ['a'], ref: null, unstorable: 'plan' })
  const [account] = project.accounts
  if (account === undefined) throw new Error('no account')
  const id = await using(openTargetForReading(account, project), async ({ iam }) => {
    const { Role } = await iam.read('GetRole', { RoleName: 'deployer' })
    return Role?.RoleId ?? ''
  })
  writeFileSync(join(folder, 'a.yaml'), a('/ci/', id))
  writeFileSync(join(folder, 'b.yaml'), b('/ci/'))
  const [plan] = jsonOf(await runHere('plan', folder, '--json')).plans
  const change = plan.changes.find(({ action }: { action: string }) => action === 'replace')
  expect(change.details.filter(({ path }: { path: string }) => path !== 'path')).toEqual([
    {
      type: 'list',
      path: 'trustedBy',
      added: [],
      removed: [`${B}:role/target`, queue('named'), 'role/target'],
    },
    { type: 'list', path: 'namedByUserId', added: [], removed: ['policy/by-id (aws:userid)'] },
    { type: 'list', path: 'namedByArn', added: [], removed: ['policy/pass-old (iam:PassRole)'] },
    {
      type: 'list',
      path: 'comesAlong',
      added: [
        `${B}:group/ops (sts:AssumeRole)`,
        `${B}:user/ada (aws:PrincipalArn)`,
        `${queue('by-path')} (aws:PrincipalArn)`,
        'policy/pass-pattern (iam:PassRole)',
      ],
      removed: [],
    },
  ])
  const text = (await runHere('plan', folder)).out
  const markdown = (await runHere('plan', folder, '--format', 'markdown')).out
  for (const out of [text, markdown])
    for (const each of ['policy/by-id (aws:userid)', 'policy/pass-pattern (iam:PassRole)', 'comesAlong'])
      expect(out).toContain(each)
})

test("a role comes to have the name that an AWS policy of somebody's speaks of", async () => {
  const manifest = (path: string) => `
users: { ops: { managedPolicies: [AWSBatchFullAccess] } }
roles: { AWSBatchServiceRole: { path: ${path}, trustPolicy: ${trust('Service: batch.amazonaws.com')} } }
`
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': manifest('/old/'), 'b.yaml': '' })
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  writeFileSync(join(folder, 'a.yaml'), manifest('/'))
  const [plan] = jsonOf(await runHere('plan', folder, '--json')).plans
  const change = plan.changes.find(({ action }: { action: string }) => action === 'replace')
  expect(change.details).toContainEqual({
    type: 'list',
    path: 'comesAlong',
    added: ['arn:aws:iam::aws:policy/AWSBatchFullAccess (iam:PassRole)'],
    removed: [],
  })
})
