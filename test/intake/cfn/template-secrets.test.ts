// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { DiagnosticError, SourceTexts } from '../../../src/diagnostics/index.ts'
import { readTemplate } from './read-template.ts'

const SECRET = 'pl4nted-s3cret'

/** Wherever a template may have a secret. */
const PLANTED = `Parameters:
  Token:
    Type: String
    NoEcho: true
    Default: ${SECRET}
  Key: { Type: String, Default: "${SECRET}", NoEcho: "true" }
  Long:
    NoEcho: yes
    Type: String
    Default: |
      first
      ${SECRET}
    Description: of some length
Conditions:
  IsSet: !Not [!Equals [!Ref Token, ""]]
Resources:
  Ada:
    Type: AWS::IAM::User
    Properties:
      UserName: !Sub "ada-\${Token}"
      LoginProfile: { Password: ${SECRET} }
      Tags: [{ Key: t, Value: !Ref Token }]
      PermissionsBoundary: !Ref Key
      ManagedPolicyArns: [!Ref Long]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - { Effect: Allow, Action: s3:GetObject, Resource: "*" }
              - Effect: Allow
                Action: s3:PutObject
                Resource: "*"
                Condition: { StringEquals: { aws:userid: !Ref Token } }
  Role:
    Type: AWS::IAM::Role
    Condition: IsSet
    Properties:
      RoleName: r
      Path: !Sub "/\${Token}/"
      AssumeRolePolicyDocument: !Sub '{"Statement":[{"Sid":"\${Token}"}]}'
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties: { Name: n, SecretString: ${SECRET}, Tags: [{ Key: a, Value: b }] }
  Database:
    Type: AWS::RDS::DBInstance
    Properties: { MasterUserPassword: ${SECRET} }
  Instance:
    Type: AWS::EC2::Instance
    Properties: { UserData: ${SECRET}, IamInstanceProfile: !Ref Token }
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: { InstanceProfileName: !Ref Token, Roles: [!Ref Token] }
  Provider:
    Type: AWS::IAM::SAMLProvider
    Properties: { Name: !Ref Token }
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { AccessControl: !Ref Token }
  Function:
    Type: AWS::Lambda::Function
    Properties: { Role: !Ref Token, Environment: { Variables: { TOKEN: ${SECRET} } } }
`
/** A role that is there, so that reading comes to something. */
const WHOLE = `${PLANTED}  Plain:
    Type: AWS::IAM::Role
    Properties:
      RoleName: plain
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }]
`

/** Everything that can be come to from a value. */
function textOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (seen.has(value)) return ''
  seen.add(value)
  const isListed = value instanceof Map || value instanceof Set || Array.isArray(value)
  const parts: readonly unknown[] = isListed ? [...value] : Object.entries(value).flat()
  return parts.map((part) => textOf(part, seen)).join('\n')
}

describe('secrets of a template', () => {
  it('are in nothing that is read of it, and in no line that is shown', () => {
    const texts = new SourceTexts()
    expect(WHOLE).toContain(SECRET)
    const intake = readTemplate(WHOLE, { texts, parameters: { Key: SECRET } })
    expect(textOf(intake)).toContain('role/plain')
    expect(textOf(intake)).not.toContain(SECRET)
    expect(texts.text('template.yaml')).toHaveLength(WHOLE.length)
    expect(texts.text('template.yaml')).not.toContain(SECRET)
    expect(texts.text('template.yaml')).toContain('Action: sts:AssumeRole')
  })

  it('make what is made of them unknown', () => {
    const { findings } = readTemplate(WHOLE)
    const said = findings
      .filter(({ message }) => message.includes('which is a secret'))
      .map(({ message }) => message)
    expect(said.length).toBeGreaterThan(4)
  })

  it.each([
    ['a bracket', (text: string) => `${text}\n  Broken: [`],
    ['a tag', (text: string) => text.replace('NoEcho: true', 'NoEcho: !True true')],
    ['a missing colon', (text: string) => text.replace('    NoEcho: true', '    NoEcho true')],
    ['a tab', (text: string) => text.replace('    Default: p', '\tDefault: p')],
    ['a quote', (text: string) => text.replace(`Default: ${SECRET}`, `Default: "${SECRET}`)],
    ['a cut', (text: string) => text.slice(0, text.indexOf('Conditions:') - 40)],
  ])('are in no picture of a text that cannot be read: %s', (_, mutate) => {
    const texts = new SourceTexts()
    const text = mutate(WHOLE)
    let shown = ''
    try {
      shown = textOf(readTemplate(text, { texts }))
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      shown = JSON.stringify(error.diagnostics)
    }
    expect(shown + texts.text('template.yaml')).not.toContain(SECRET)
  })

  it('as JSON, on one line or on many', () => {
    const json = { Parameters: { T: { Type: 'String', NoEcho: true, Default: SECRET } }, Resources: {} }
    for (const space of [0, 2])
      for (const end of [0, 1]) {
        const texts = new SourceTexts()
        const text = JSON.stringify(json, null, space)
        try {
          readTemplate(text.slice(0, text.length - end), { texts })
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticError)
        }
        expect(texts.text('template.yaml')).toContain('"Default"')
        expect(texts.text('template.yaml')).not.toContain(SECRET)
      }
  })
})
