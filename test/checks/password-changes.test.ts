// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of IAM
import { describe, expect, it } from 'vitest'
import { runHere } from '../cli/in-process.ts'
import { sandbox } from '../cli/projects.ts'
import { jsonOf } from '../cli/run.ts'

const OWN = 'arn:aws:iam::*:user/${aws:username}'
const statement = (effect: string, rest: string) =>
  `{ Effect: ${effect}, Action: "iam:ChangePassword", Resource: "${OWN}"${rest} }`
const document = (...statements: readonly string[]) =>
  `{ Version: "2012-10-17", Statement: [${statements.join(', ')}] }`
const ALLOW = statement('Allow', '')
const NO_MFA = 'Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }'

async function planOf(policy: string | null, more = '', profile = '{ passwordResetRequired: true }') {
  const inline = policy === null ? '' : `, inlinePolicies: { own: ${policy} }`
  const folder = sandbox(`users:\n  alice: { loginProfile: ${profile}${inline} }\n${more}`)
  const { code, out } = await runHere('plan', folder, '--secrets-to', 'exec:true', '--json')
  const found: { severity: string; code: string }[] = jsonOf({ code, out, err: '' }).diagnostics
  return [code, ...found.map((each) => `${each.severity} ${each.code}`)]
}

const ERROR = [1, 'error plan.password-unchangeable']
const UNKNOWN = [0, 'warning plan.password-unchangeable']

// IAM User Guide, "Permitting IAM users to change their own passwords": by policy, or for all by the password policy.
describe('who has to choose another password', () => {
  it.each([
    ['and may by a policy', ALLOW, '', [0]],
    ['and may not', null, '', ERROR],
    ['and may by the password policy', null, 'passwordPolicy: { allowUsersToChangePassword: true }\n', [0]],
    ['and may not by the password policy', null, 'passwordPolicy: { requireSymbols: true }\n', ERROR],
  ])('%s', async (_, allowed, more, expected) => {
    expect(await planOf(allowed === null ? null : document(allowed), more)).toEqual(expected)
  })

  it('is denied it, whatever the password policy allows', async () => {
    const denied = document(statement('Deny', ''))
    expect(await planOf(denied, 'passwordPolicy: { allowUsersToChangePassword: true }\n')).toEqual(ERROR)
  })

  it('may only with a device: it is not known whether there is one', async () => {
    expect(await planOf(document(ALLOW, statement('Deny', `, ${NO_MFA}`)))).toEqual(UNKNOWN)
  })

  it('is asked of nobody who need not', async () => {
    expect(await planOf(null, '', '{}')).toEqual([0])
    expect(await planOf(null, '', 'null')).toEqual([0])
  })
})
