import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FailedWith, type Invocation } from '../../../src/cli/command.ts'
import { openOfProject } from '../../../src/cli/serving/opened-account.ts'
import { ACCOUNT, refusal } from '../../iam/account.ts'
import { REQUEST, ROOT } from '../../iam/authorization/world.ts'
import { temporaryFolder } from '../../store/temporary-folder.ts'

const PROJECT = `version: 1
accounts:
  production: { id: "${ACCOUNT.id}", target: { kind: local, database: state/production.db } }
`
const ORGANIZATION = `organization:
  id: o-a1b2c3d4e5
  managementAccount: "999988887777"
  serviceControlPolicies:
    no-users:
      Version: "2012-10-17"
      Statement: [{ Effect: Deny, Action: "iam:CreateUser", Resource: "*" }]
  roots:
    Root:
      serviceControlPolicies: [FullAWSAccess, no-users]
      accounts:
        "999988887777": { name: management }
        "${ACCOUNT.id}": { name: production }
`

function invocationOn(manifest: string): Invocation {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'iam-sync.yaml'), PROJECT)
  writeFileSync(join(folder, 'organization.yaml'), manifest)
  // What is opened asks for folder and accounts alone.
  return { folder, accounts: [], flags: {} } as unknown as Invocation
}

const noKeys = () => Promise.reject(new Error('none'))

describe('the organization of the project', () => {
  it('its control policies bind the account that is served', async () => {
    const opened = await openOfProject(invocationOn(ORGANIZATION), noKeys)
    const authorize = (operation: string) =>
      opened.current().authority.authorize({
        caller: ROOT,
        operation,
        input: { UserName: 'ada' },
        request: REQUEST,
      })
    expect((await refusal(authorize('CreateUser'))).message).toContain(
      'with an explicit deny in a service control policy',
    )
    await authorize('GetUser')
    await opened.close()
  })

  it('nothing is served of one that can not be read', async () => {
    const broken = ORGANIZATION.replace('Effect: Deny', 'Effect: Refuse')
    await expect(openOfProject(invocationOn(broken), noKeys)).rejects.toThrow(FailedWith)
  })
})
