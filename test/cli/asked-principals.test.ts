import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const PROJECT = `version: 1
accounts:
  a: { id: "111122223333", manifests: [a.yaml] }
  b: { id: "444455556666", manifests: [b.yaml] }
`
const A =
  'users: { ada: {} }\nroles: { ci: { path: /x/, trustPolicy: { Version: "2012-10-17", Statement: { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole } } } }\n'

const OWN = 'arn:aws:iam::111122223333'

/** What is asked about somebody, in the account that is theirs, or in another. */
const questions = (principal: string, more = ''): readonly string[] => [
  `tests: [ { name: t, principal: "${principal}", action: s3:GetObject, resource: "arn:aws:s3:::b/x", expect: deny${more} } ]\n`,
  ...['onlyPrincipals', 'neverPrincipals'].map(
    (rule) => `invariants: [ { name: i, action: "s3:Delete*", ${rule}: ["${principal}"]${more} } ]\n`,
  ),
]

async function validated(a: string, b = '{}\n') {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': a, 'b.yaml': b })
  const { code, err } = await runHere('validate', '--dir', folder)
  return {
    code,
    codes: [...err.matchAll(/^(?:error|warning)\[([^\]]+)\]/gm)].map(([, each]) => each),
    underlined: /^ +\| +(\^+)$/m.exec(err)?.[1]?.length ?? 0,
    help: /^ {2}help: (.*)$/m.exec(err)?.[1] ?? '',
  }
}

describe('a principal that can only be nobody is an error of validate', () => {
  const SLIPS: readonly (readonly [principal: string, code: string, help: string])[] = [
    [`${OWN}:user/adda`, 'manifest.unknown-principal', 'did you mean `ada`?'],
    [`${OWN}:role/r9`, 'manifest.unknown-principal', '`allowUnknown: true`'],
    ['arn:aws:sts::111122223333:assumed-role/nope/s', 'manifest.unknown-principal', '`allowUnknown: true`'],
    [`${OWN}:role/ci`, 'manifest.other-path', `\`${OWN}:role/x/ci\``],
    ['arn:aws-cn:iam::111122223333:user/ada', 'names.partition', `\`${OWN}:user/ada\``],
  ]
  for (const [principal, code, help] of SLIPS)
    for (const question of questions(principal))
      test(`${question.trim()}: ${code}, wherever it stands`, async () => {
        for (const [a, b] of [
          [`${A}${question}`, '{}\n'],
          [A, question],
        ] as const) {
          const told = await validated(a, b)
          expect(told).toMatchObject({ code: 1, codes: [code], underlined: principal.length + 2 })
          expect(told.help).toContain(help)
        }
      })

  const FORMS: readonly (readonly [principal: string, help: string])[] = [
    ['arn:aws:iam::1111222233:user/ada', 'twelve digits'],
    [`${OWN}:usr/ada`, `did you mean \`${OWN}:user/ada\``],
    ['arn:aws:sts::111122223333:assumed-rol/ci/s', 'assumed-role/ci/s`'],
    [`${OWN}:policy/ada`, 'write `user/NAME`'],
    ['arn:aws:s3:::b', 'write `user/NAME`'],
  ]
  for (const [principal, help] of FORMS)
    for (const question of questions(principal, ', allowUnknown: true'))
      test(`${question.trim()}: nobody has such an ARN`, async () => {
        const told = await validated(`${A}${question}`)
        expect(told).toMatchObject({ code: 1, underlined: principal.length + 2 })
        expect(told.codes[0]).toMatch(/^manifest\.bad-(?:test|invariant)$/)
        if (!principal.includes('s3')) expect(told.help).toContain(help)
      })
})

describe('a principal that is right, or is meant, is nothing to say', () => {
  const FINE: readonly (readonly [principal: string, more?: string])[] = [
    [`${OWN}:user/ada`],
    [`${OWN}:role/x/ci`],
    ['arn:aws:sts::111122223333:assumed-role/ci/s'],
    ['arn:aws:sts::111122223333:federated-user/bob'],
    [`${OWN}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`],
    ['arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada'],
    [`${OWN}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`],
    [`${OWN}:root`],
    ['arn:aws:iam::999999999999:user/nobody-knows'],
    [`${OWN}:role/r9`, ', allowUnknown: true'],
    ['arn:aws:sts::111122223333:assumed-role/nope/s', ', allowUnknown: true'],
  ]
  for (const [principal, more] of FINE)
    for (const question of questions(principal, more))
      test(question.trim(), async () => {
        expect(await validated(`${A}${question}`)).toMatchObject({ code: 0, codes: [] })
        expect(await validated(A, question)).toMatchObject({ code: 0, codes: [] })
      })
})

test('a file that two accounts share says it once', async () => {
  const folder = temporaryFolder({
    'iam-sync.yaml': PROJECT.replaceAll(/, manifests: [^}]*/g, ' '),
    'all.yaml': `users: { ada: {} }\n${questions(`${OWN}:user/adda`)[0]}`,
  })
  const { code, err } = await runHere('validate', '--dir', folder)
  expect([code, err.match(/^error/gm)?.length]).toEqual([1, 1])
})
