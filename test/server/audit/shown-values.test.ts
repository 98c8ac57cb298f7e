import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { inputSecrets, shownValues } from '../../../src/server/audit/shown-values.ts'
import { membersIn, SERVICES, type Service, type Shape } from '../../../src/server/protocol/shapes.ts'

/** What a member is called that may hold a secret; those that look like it and hold none stand below. */
const TELLING = /password|secret|token|code|assertion|seed|qrcode|privatekey|credential(?!Id)/i
/** With the reason. */
const HARMLESS: Readonly<Record<string, string>> = {
  AllowUsersToChangePassword: 'a rule',
  AssertionEncryptionMode: 'a mode',
  Code: 'of an error',
  CredentialAgeDays: 'a number',
  Credentials: 'its members are looked at',
  DecodedMessage: 'what was refused to whom; an answer that only reads is not shown',
  EncodedMessage: 'sealed',
  ExpirePasswords: 'a rule',
  GlobalEndpointTokenVersion: 'a version',
  MaxPasswordAge: 'a rule',
  MinimumPasswordLength: 'a rule',
  MinimumSessionTokenSize: 'a number',
  PasswordLastUsed: 'a time',
  PasswordPolicy: 'its members are looked at',
  PasswordResetRequired: 'a rule',
  PasswordReusePrevention: 'a rule',
  PrivateKeyList: 'ids and times',
  RemovePrivateKey: 'an id',
  ServiceCredentialAlias: 'a name',
  ServiceSpecificCredential: 'its members are looked at',
  ServiceSpecificCredentials: 'its members are looked at',
  SessionTokenSize: 'a number',
  SessionTokenUtilization: 'a number',
  SubjectFromWebIdentityToken: 'who somebody is, as CloudTrail has it',
}

const CANARY = 'canary'

/** A value for every member, at every depth; those that may be secrets tell their names. */
function filled(service: Service, structure: string, seen: readonly string[] = []): Record<string, unknown> {
  const value = (member: string, shape: Shape): unknown => {
    if (typeof shape === 'string')
      return TELLING.test(member) && HARMLESS[member] === undefined ? `${CANARY} ${member}` : 'shown'
    if ('secret' in shape)
      return member.includes('a') ? new Secret(`${CANARY} ${member}`) : `${CANARY} ${member}`
    if ('list' in shape) return [value(member, shape.list)]
    if ('structure' in shape)
      return seen.includes(shape.structure) ? {} : filled(service, shape.structure, [...seen, structure])
    return { key: value('', shape.value) }
  }
  return Object.fromEntries(
    Object.entries(membersIn(service, structure)).map(([member, shape]) => [member, value(member, shape)]),
  )
}

describe.each(SERVICES)('of $name', (service) => {
  const structures = Object.entries(service.model.operations).flatMap(([name, { input, output }]) =>
    [input, output].flatMap((each) => (each === null ? [] : [[name, each] as const])),
  )

  it('no operation shows anything secret of what it takes and answers', () => {
    const showing = structures.filter(([, structure]) => {
      const text = JSON.stringify(shownValues(service, structure, filled(service, structure), 1_000_000))
      return text.includes(CANARY) || text.includes('***')
    })
    expect(showing).toEqual([])
    expect(structures.length).toBeGreaterThan(20)
  })

  it('finds the secrets of an input, by which an error is looked through', () => {
    const found = (structure: string) =>
      inputSecrets(service, structure, filled(service, structure)).map((each) => each.reveal())
    if (service.name === 'iam') {
      expect(found('ChangePasswordRequest')).toEqual(['canary OldPassword', 'canary NewPassword'])
      expect(found('EnableMFADeviceRequest')).toEqual([
        'canary AuthenticationCode1',
        'canary AuthenticationCode2',
      ])
    } else {
      expect(found('AssumeRoleRequest')).toEqual(['canary TokenCode', 'canary ContextAssertion'])
      expect(found('AssumeRoleWithSAMLRequest')).toEqual(['canary SAMLAssertion'])
    }
  })
})

it('what is too long is left out, with its size', () => {
  const [iam] = SERVICES as readonly [Service]
  const shown = shownValues(
    iam,
    'CreatePolicyRequest',
    {
      PolicyName: 'p',
      PolicyDocument: 'x'.repeat(200_000),
    },
    102_400,
  )
  expect(shown).toMatchObject({ omitted: true, originalSize: 200_038 })
})
