import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Invocation } from '../../../src/cli/command.ts'
import { type OpenedAccount, openOfProject } from '../../../src/cli/serving/opened-account.ts'
import { runHere } from '../../cli/in-process.ts'
import { ACCOUNT, refusal } from '../../iam/account.ts'
import { policyText, REQUEST, ROOT, userCalling } from '../../iam/authorization/world.ts'
import { temporaryFolder } from '../../source/folders.ts'

const FILES = {
  'iam-sync.yaml': `version: 1
accounts:
  production: { id: "${ACCOUNT.id}" }
`,
  'organization.yaml': `organization:
  id: o-a1b2c3d4e5
  managementAccount: "999988887777"
  serviceControlPolicies:
    no-aliases:
      Version: "2012-10-17"
      Statement:
        - { Effect: Deny, Action: "iam:CreateAccountAlias", Resource: "*" }
  resourceControlPolicies:
    no-strangers:
      Version: "2012-10-17"
      Statement:
        - { Effect: Deny, Principal: "*", Action: "sts:AssumeRole", Resource: "arn:aws:iam::${ACCOUNT.id}:role/shut" }
  roots:
    Root:
      serviceControlPolicies: [FullAWSAccess, no-aliases]
      resourceControlPolicies: [no-strangers]
      accounts:
        "999988887777": { name: management }
        "${ACCOUNT.id}": { name: production }
`,
  'people.yaml': `users:
  ada:
    groups: [team]
    permissionsBoundary: limit
    inlinePolicies:
      own:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Action: "*", Resource: "*" }
          - { Sid: Own, Effect: Deny, Action: "iam:CreateUser", Resource: "*" }
      twin:
        Version: "2012-10-17"
        Statement: [{ Effect: Deny, Action: "iam:DeleteRole", Resource: "*" }]
  bob: {}
groups:
  team:
    managedPolicies: [held]
    inlinePolicies:
      shared:
        Version: "2012-10-17"
        Statement:
          - { Sid: Shared, Effect: Deny, Action: "iam:CreateGroup", Resource: "*" }
      twin:
        Version: "2012-10-17"
        Statement: [{ Effect: Deny, Action: "iam:DeleteRole", Resource: "*" }]
policies:
  held:
    document:
      Version: "2012-10-17"
      Statement:
        Effect: Deny
        Action: "iam:CreateRole"
        Resource: "*"
  limit:
    document:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: "*"
          Resource: "*"
        - Effect: Deny
          Action: "iam:CreatePolicy"
          Resource: "*"
roles:
  open:
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Principal: { AWS: "*" }, Action: "sts:AssumeRole" }
        - { Effect: Deny, Principal: { AWS: "*" }, Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:username": ada } } }
  shut:
    trustPolicy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Principal: { AWS: "*" }, Action: "sts:AssumeRole" }]
`,
}

const LINES = new Map(
  Object.entries(FILES).map(([file, text]) => [file, text.split('\n').map((line) => line.trim())]),
)
/** Where the one line stands that has this in it. */
function placeOf(file: string, text: string): { readonly file: string; readonly line: number } {
  const found = (LINES.get(file) ?? []).flatMap((line, index) => (line.includes(text) ? [index + 1] : []))
  if (found.length !== 1) throw new Error(`${file} has ${found.length} lines with ${text}`)
  return { file, line: found[0] ?? 0 }
}

let applied = ''
beforeAll(async () => {
  applied = temporaryFolder(FILES)
  const { code, err } = await runHere('apply', applied, '--yes')
  expect(code, err).toBe(0)
}, 120_000)

/** A project whose account is as it is declared. */
function appliedProject(): string {
  const folder = temporaryFolder()
  cpSync(applied, folder, { recursive: true })
  return folder
}

const opening = (folder: string): Promise<OpenedAccount> =>
  openOfProject({ folder, accounts: [], flags: {} } as unknown as Invocation, () =>
    Promise.reject(new Error('none')),
  )

type Told = readonly { readonly file?: string; readonly line?: number }[]

async function toldOf(opened: OpenedAccount, call: Promise<unknown>): Promise<Told> {
  const { code, message } = await refusal(call)
  expect(code).toBe('AccessDenied')
  const [, EncodedMessage = ''] = /message: (\S+)$/.exec(message) ?? []
  const { DecodedMessage = '' } = await opened.current().authority.sts.signed('DecodeAuthorizationMessage', {
    caller: ROOT,
    input: { EncodedMessage },
    request: REQUEST,
  })
  return JSON.parse(DecodedMessage).matchedStatements.items
}

const told = (opened: OpenedAccount, operation: string, input: object, user = 'ada'): Promise<Told> =>
  toldOf(
    opened,
    opened
      .current()
      .authority.authorize({ caller: userCalling(user), operation, input: { ...input }, request: REQUEST }),
  )

const assuming = (opened: OpenedAccount, role: string): Promise<Told> =>
  toldOf(
    opened,
    opened.current().authority.sts.signed('AssumeRole', {
      caller: userCalling('ada'),
      input: { RoleArn: `arn:aws:iam::${ACCOUNT.id}:role/${role}`, RoleSessionName: 'ada' },
      request: REQUEST,
    }),
  )

describe('the line of a statement that denied', () => {
  it('is that of the project, whichever policy it stands in', async () => {
    const opened = await opening(appliedProject())
    expect(await told(opened, 'CreateUser', { UserName: 'new' })).toMatchObject([
      placeOf('people.yaml', 'Sid: Own'),
    ])
    expect(await told(opened, 'CreateGroup', { GroupName: 'new' })).toMatchObject([
      placeOf('people.yaml', 'Sid: Shared'),
    ])
    // A statement without a list begins with its first element.
    const role = { RoleName: 'new', AssumeRolePolicyDocument: '{}' }
    const held = placeOf('people.yaml', 'Action: "iam:CreateRole"')
    expect(await told(opened, 'CreateRole', role)).toMatchObject([{ ...held, line: held.line - 1 }])
    const boundary = placeOf('people.yaml', 'Action: "iam:CreatePolicy"')
    expect(await told(opened, 'CreatePolicy', { PolicyName: 'new', PolicyDocument: '{}' })).toMatchObject([
      { ...boundary, line: boundary.line - 1 },
    ])
    expect(await told(opened, 'CreateAccountAlias', { AccountAlias: 'new' })).toMatchObject([
      placeOf('organization.yaml', 'iam:CreateAccountAlias'),
    ])
    expect(await assuming(opened, 'open')).toMatchObject([placeOf('people.yaml', 'aws:username')])
    expect(await assuming(opened, 'shut')).toMatchObject([placeOf('organization.yaml', 'role/shut')])
    await opened.close()
  })

  it('is not told where nothing allows', async () => {
    const opened = await opening(appliedProject())
    expect(await told(opened, 'CreateUser', { UserName: 'new' }, 'bob')).toEqual([])
    await opened.close()
  })

  it('is not told where it can be that of two, of a user and of a group', async () => {
    const opened = await opening(appliedProject())
    const items = await told(opened, 'DeleteRole', { RoleName: 'open' })
    expect(items.map(({ file, line }) => [file, line])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
    await opened.close()
  })

  it('follows the declared order, and is not told once the account says something else', async () => {
    const opened = await opening(appliedProject())
    const own = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Sid: 'Own', Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' },
    ]
    const put = (...statements: readonly object[]) =>
      opened.current().iam.write('PutUserPolicy', {
        UserName: 'ada',
        PolicyName: 'own',
        PolicyDocument: policyText(...statements),
      })
    await put(...own.toReversed())
    const asked = () => told(opened, 'CreateUser', { UserName: 'new' })
    expect(await asked()).toMatchObject([{ statement: 0, ...placeOf('people.yaml', 'Sid: Own') }])
    await put(...own, { Effect: 'Deny', Action: 's3:*', Resource: '*' })
    const [item] = await asked()
    expect(item).toMatchObject({ statementId: 'Own', statement: 1 })
    expect(item).not.toHaveProperty('line')
    await opened.close()
  })

  it('is not told once the file was edited', async () => {
    const folder = appliedProject()
    const opened = await opening(folder)
    const file = join(folder, 'people.yaml')
    writeFileSync(file, `# One line more.\n${readFileSync(file, 'utf8')}`)
    const [item] = await told(opened, 'CreateUser', { UserName: 'new' })
    expect(item).toMatchObject({ statementId: 'Own' })
    expect(item).not.toHaveProperty('line')
    await opened.close()
  })
})
