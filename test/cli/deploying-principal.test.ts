import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

/** Whom every target takes its caller for. */
const who = vi.hoisted(() => ({ calls: null as string | null }))

vi.mock('../../src/cli/opening/account-target.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/cli/opening/account-target.ts')>()
  return {
    ...original,
    openTargetForReading: async (...args: Parameters<typeof original.openTargetForReading>) => ({
      ...(await original.openTargetForReading(...args)),
      caller: async () => who.calls,
    }),
    openTargetForWriting: async (...args: Parameters<typeof original.openTargetForWriting>) => ({
      ...(await original.openTargetForWriting(...args)),
      caller: async () => who.calls,
    }),
  }
})
afterEach(() => {
  who.calls = null
})

const ID = '111122223333'
const SESSION = `arn:aws:sts::${ID}:assumed-role/deploy/ci-42`
const ADA = `arn:aws:iam::${ID}:user/people/ada`

const TRUST = (...principals: readonly string[]) =>
  `{ Version: "2012-10-17", Statement: [${principals
    .map((each) => `{ Effect: Allow, Principal: { Service: ${each} }, Action: sts:AssumeRole }`)
    .join(', ')}] }`
const deploy = (trust = TRUST('ec2.amazonaws.com', 'codebuild.amazonaws.com'), more = '') =>
  `  deploy: { trustPolicy: ${trust}, managedPolicies: [AdministratorAccess]${more} }\n`
const OTHER = `  other: { trustPolicy: ${TRUST('ec2.amazonaws.com')}, managedPolicies: [AdministratorAccess] }\n`
const USERS = 'users: { ada: { path: /people/, groups: [admins] } }\n'
const GROUPS = 'groups: { admins: { managedPolicies: [AdministratorAccess] } }\n'
const BEFORE = `roles:\n${deploy()}${OTHER}${USERS}${GROUPS}`

let applied = ''
beforeAll(async () => {
  applied = temporaryFolder({
    'iam-sync.yaml': `version: 1\naccounts: { a: { id: "${ID}" } }\n`,
    'a.yaml': BEFORE,
  })
  expect((await runHere('apply', applied, '--yes')).code).toBe(0)
})

async function changed(after: string, caller: string | null) {
  const folder = temporaryFolder({})
  cpSync(applied, folder, { recursive: true })
  writeFileSync(join(folder, 'a.yaml'), after)
  who.calls = caller
  const ran = await runHere('plan', folder, '--json')
  const { plans, diagnostics } = jsonOf(ran)
  const refused = diagnostics.filter(({ code }: { code: string }) => code === 'guard.deployer')
  return {
    folder,
    code: ran.code,
    changes: plans[0].changes.length as number,
    digest: plans[0].digest as string,
    refused: refused.map(({ message }: { message: string }) => message) as readonly string[],
  }
}

describe('the plan of whoever carries it out', () => {
  test.each([
    [
      'deletes the role of its session',
      `roles:\n${OTHER}${USERS}${GROUPS}`,
      SESSION,
      'deletes the principal',
    ],
    ['deletes the user', `roles:\n${deploy()}${OTHER}${GROUPS}`, ADA, 'deletes the principal'],
    [
      'makes the role of its session anew',
      `roles:\n${deploy(undefined, ', path: /x/')}${OTHER}${USERS}${GROUPS}`,
      SESSION,
      'deletes the principal',
    ],
    [
      'takes its policy',
      BEFORE.replace('managedPolicies: [AdministratorAccess] }', 'managedPolicies: [IAMReadOnlyAccess] }'),
      SESSION,
      'takes `iam:PutUserPolicy`, `iam:PutRolePolicy`, `iam:CreatePolicyVersion`',
    ],
    ['takes it out of its group', BEFORE.replace('[admins]', '[]'), ADA, 'takes `iam:PutUserPolicy`'],
    [
      'denies it a part',
      `roles:\n${deploy(undefined, ', inlinePolicies: { no: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "iam:PutRole*", Resource: "*" }] } }')}${OTHER}${USERS}${GROUPS}`,
      SESSION,
      'takes `iam:PutRolePolicy` from',
    ],
    [
      'sets it a boundary',
      `roles:\n${deploy(undefined, ', permissionsBoundary: ReadOnlyAccess')}${OTHER}${USERS}${GROUPS}`,
      SESSION,
      'takes `iam:PutUserPolicy`',
    ],
    [
      'lets fewer into its role',
      `roles:\n${deploy(TRUST('ec2.amazonaws.com'))}${OTHER}${USERS}${GROUPS}`,
      SESSION,
      'no longer lets in all whom it did',
    ],
  ])('is refused where it %s, and shown in full', async (_, after, caller, message) => {
    const { code, changes, refused } = await changed(after, caller)
    expect(code).toBe(3)
    expect(changes).toBeGreaterThan(0)
    expect(refused).toEqual([expect.stringContaining(message)])
  })

  test.each([
    ['about somebody else', BEFORE.replace(OTHER, ''), SESSION],
    [
      'that lets more into its role',
      `roles:\n${deploy(TRUST('ec2.amazonaws.com', 'codebuild.amazonaws.com', 'lambda.amazonaws.com'))}${OTHER}${USERS}${GROUPS}`,
      SESSION,
    ],
    ['by nobody in particular', `roles:\n${OTHER}${USERS}${GROUPS}`, null],
    ['by the root user', `roles:\n${OTHER}${USERS}${GROUPS}`, `arn:aws:iam::${ID}:root`],
    [
      'by a role of the same name in another account',
      `roles:\n${OTHER}${USERS}${GROUPS}`,
      'arn:aws:sts::444455556666:assumed-role/deploy/x',
    ],
    ['of a user who only moves', BEFORE.replace('/people/', '/staff/'), ADA],
  ])('is not refused: one %s', async (_, after, caller) => {
    const { code, refused } = await changed(after, caller)
    expect({ code, refused }).toEqual({ code: 0, refused: [] })
  })

  test('is carried out where somebody agrees to just that one', async () => {
    const { folder, digest } = await changed(`roles:\n${OTHER}${USERS}${GROUPS}`, SESSION)
    const refused = await runHere('apply', folder, '--yes')
    expect(refused.code).toBe(3)
    expect(refused.err).toContain('nothing was applied')
    expect((await runHere('apply', folder, '--yes', '--override-guard', digest)).code).toBe(0)
  })
})
