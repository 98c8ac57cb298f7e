import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const work = temporaryFolder()
const at = (file: string) => join(work, file)

const template = (trusted: string, resource: string) => `Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: ["sts:AssumeRole", "s3:GetObject"], Resource: "${resource}" }]
  Admin:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { AWS: !Ref AWS::AccountId }
            Action: sts:AssumeRole
            Condition: { ArnLike: { aws:PrincipalArn: "${trusted}" } }
`
const ROLES = 'arn:aws:iam::111122223333:role'
writeFileSync(at('shop.json'), '{"AWS::StackName":"shop"}')

const ADMIN = `${ROLES}/known-after-apply.Admin`

const gate = async (resource: string, on: string, ...more: readonly string[]) => {
  writeFileSync(at('t.yaml'), template(`${ROLES}/*`, resource))
  return runHere(
    ...['access', 'check', '--not-granted', 'sts:AssumeRole', '--resource', on, '--as-of'],
    ...[`cfn:${at('t.yaml')}`, '--account-id', '111122223333', ...more],
  )
}

const SHOP = ['--parameters', at('shop.json')]

describe('no gate passes where a pattern may match what CloudFormation makes up', () => {
  it('in a policy of who would be granted', async () => {
    const { code, out } = await gate(`${ROLES}/shop-*`, ADMIN)
    expect(out).toContain('? role/known-after-apply.Deploy  unknown')
    expect(out).toContain('t.yaml:12')
    expect(code).toBe(4)
  })

  it('in a pattern that matches none, or all, the answer stays', async () => {
    expect((await gate(`${ROLES}/x/*`, ADMIN)).out).not.toContain('role/known-after-apply.Deploy')
    expect((await gate(`${ROLES}/*`, ADMIN)).out).toContain('+ role/known-after-apply.Deploy')
  })

  it('and where the name of the stack is known, it is granted or not', async () => {
    const admin = `${ROLES}/shop-Admin-known-after-apply`
    const { out } = await gate(`${ROLES}/shop-*`, admin, ...SHOP)
    expect(out).toContain('+ role/shop-Deploy-known-after-apply')
    expect((await gate(`${ROLES}/other-*`, admin, ...SHOP)).out).not.toContain('role/shop-Deploy')
  })

  it('in the change of a trust policy, which may let somebody in', async () => {
    writeFileSync(at('old.yaml'), template(`${ROLES}/x/*`, '*'))
    const since = async (trusted: string) => {
      writeFileSync(at('new.yaml'), template(trusted, '*'))
      return runHere(
        ...[
          'access',
          'check',
          '--no-new-access',
          `cfn:${at('old.yaml')}`,
          '--as-of',
          `cfn:${at('new.yaml')}`,
        ],
        ...['--account-id', '111122223333'],
      )
    }
    expect((await since(`${ROLES}/x/*`)).code).toBe(0)
    expect((await since(`${ROLES}/shop-Deploy*`)).code).toBe(4)
  })

  it('in a control policy, which then denies nothing', async () => {
    const scp = (pattern: string) => ({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'sts:*',
          Resource: '*',
          Condition: { ArnNotLike: { 'aws:PrincipalArn': pattern } },
        },
      ],
    })
    const bound = async (pattern: string) => {
      writeFileSync(at('scp.json'), JSON.stringify(scp(pattern)))
      return gate(`${ROLES}/*`, ADMIN, '--scps', at('scp.json'))
    }
    expect((await bound(`${ROLES}/shop-*`)).out).toContain('role/known-after-apply.Deploy')
    expect((await bound(`${ROLES}/x/*`)).out).not.toContain('role/known-after-apply.Deploy')
  })
})
