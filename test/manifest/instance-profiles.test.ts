import { describe, expect, test } from 'vitest'
import { load, rendered } from './sample.ts'

const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] }'

const profilesOf = (manifest: string) => {
  const files = { 'main.yaml': manifest }
  const all = load(files)
  const desired = all.project.accounts[0]?.desired
  return {
    codes: all.project.diagnostics.map(({ code }) => code),
    shown: rendered(files),
    profiles: [...(desired?.entities.instanceProfile.values() ?? [])].map(({ arn, role }) => [arn, role]),
  }
}

describe('`ec2` of a role', () => {
  test('declares an instance profile of its name and path, with the role in it', () => {
    const { codes, profiles } = profilesOf(`roles: { web: { ec2: true, path: /x/, trustPolicy: ${TRUST} } }`)
    expect(codes).toEqual([])
    expect(profiles).toEqual([['arn:aws:iam::111122223333:instance-profile/x/web', 'web']])
  })

  test.each(['false', 'null'])('%s declares none', (value) => {
    const { codes, profiles } = profilesOf(`roles: { web: { ec2: ${value}, trustPolicy: ${TRUST} } }`)
    expect([codes, profiles]).toEqual([[], []])
  })

  test('is a boolean, and declares nothing that is declared already', () => {
    expect(profilesOf(`roles: { web: { ec2: web, trustPolicy: ${TRUST} } }`).codes).toEqual([
      'manifest.wrong-type',
    ])
    const twice = profilesOf(
      `roles: { web: { ec2: true, trustPolicy: ${TRUST} } }\ninstanceProfiles: { WEB: { role: web } }`,
    )
    expect(twice.codes).toEqual(['manifest.duplicate'])
    expect(twice.shown).toContain('first declared here: main.yaml:1:17')
  })

  test('what names a role names one that is declared, or an ARN of this account', () => {
    const named = (role: string) => profilesOf(`instanceProfiles: { web: { role: "${role}" } }`).codes
    expect(named('nobody')).toEqual(['manifest.unknown-role'])
    expect(named('arn:aws:iam::111122223333:user/x')).toEqual(['manifest.bad-role-arn'])
    expect(named('arn:aws:iam::111122223333:role/elsewhere/x')).toEqual([])
  })
})
