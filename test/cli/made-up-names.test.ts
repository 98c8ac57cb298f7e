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

const gate = async (trusted: string, resource: string, ...asked: readonly string[]) => {
  writeFileSync(at('t.yaml'), template(trusted, resource))
  const [action = '', on = '', ...more] = asked
  return runHere(
    ...['access', 'check', '--not-granted', action, '--resource', on, '--as-of', `cfn:${at('t.yaml')}`],
    ...['--account-id', '111122223333', '--except', 'root', ...more],
  )
}

describe('no gate passes where a pattern may match what CloudFormation makes up', () => {
  const ADMIN = `${ROLES}/known-after-apply.Admin`

  it('of the role that is asked for', async () => {
    const { code, out } = await gate(`${ROLES}/*`, `${ROLES}/shop-*`, 'sts:AssumeRole', ADMIN)
    expect(out).toContain('unknown')
    expect(out).toContain('t.yaml:12')
    expect(code).toBe(4)
  })

  it('of whom a trust policy lets in', async () => {
    const { code, out } = await gate(`${ROLES}/shop-Deploy*`, '*', 'sts:AssumeRole', ADMIN)
    expect(out).toMatch(/FAIL|unknown/i)
    expect(code).toBe(4)
  })

  it('and passes where no name would be matched', async () => {
    const { code, out } = await gate(`${ROLES}/x/*`, `${ROLES}/x/*`, 'sts:AssumeRole', ADMIN)
    expect(out).not.toContain('unknown')
    expect(code).toBe(0)
  })

  it('and says what is granted where the name of the stack is known', async () => {
    const shop = ['--parameters', at('shop.json')]
    const asked = ['sts:AssumeRole', `${ROLES}/shop-Admin-known-after-apply`, ...shop]
    const granted = await gate(`${ROLES}/shop-*`, `${ROLES}/shop-*`, ...asked)
    expect(granted.out).toContain('role/shop-Deploy-known-after-apply')
    expect(granted.out).not.toContain('unknown')
    expect(granted.code).toBe(4)
    expect(await gate(`${ROLES}/shop-*`, `${ROLES}/other-*`, ...asked)).toMatchObject({ code: 0 })
  })
})
