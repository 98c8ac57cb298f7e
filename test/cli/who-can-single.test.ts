// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { expect, it } from 'vitest'
import { decision, grants, HOME, inline, projectOf, whoCan } from './estate-questions.ts'

const ADA = `arn:aws:iam::${HOME}:user/ada`
const OBJECT = 'arn:aws:s3:::data/x'
const SECRET = `arn:aws:secretsmanager:us-east-1:${HOME}:secret:s-AbCdEf`

it.each([
  {
    action: 's3:GetObject',
    resource: OBJECT,
    condition: {
      Null: { 'aws:MultiFactorAuthPresent': 'false' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
    },
    context: ['aws:MultiFactorAuthPresent=true', 'aws:MultiFactorAuthAge=5'],
  },
  {
    action: 'secretsmanager:GetSecretValue',
    resource: SECRET,
    condition: { StringEquals: { 'aws:PrincipalTag/x': '${aws:ResourceTag/x}' } },
    context: ['aws:ResourceTag/x=a'],
  },
])('whom `evaluate` allows in a context, `who-can` lists: $condition', async ({ condition, ...asked }) => {
  const { action, resource, context } = asked
  const folder = projectOf({ users: { ada: { tags: { x: 'a' }, ...inline(grants(action, condition)) } } })
  const given = context.flatMap((each) => ['--context', each])
  expect(await decision(folder, ADA, action, resource, ...given)).toBe('allow')
  expect((await whoCan(folder, action, resource))[ADA]).toBe('conditional')
  expect((await whoCan(folder, action, resource, ...given))[ADA]).toBe('allow')
})
