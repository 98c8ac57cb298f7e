// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { expect, it } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, HOME } from './estate-world.ts'

const SECRET = `arn:aws:secretsmanager:us-east-1:${HOME}:secret:s-AbCdEf`
const ACTION = 'secretsmanager:GetSecretValue'

async function grantsOf(condition: object, denied: object | null = null, version = '2012-10-17') {
  const statements = [allow(ACTION, { Condition: condition })]
  if (denied !== null) statements.push(deny(ACTION, { Condition: denied }))
  const policy = { ...document(...statements), Version: version }
  const account = accountOf(HOME, { bob: { policy, tags: { x: 'a' } }, bare: { policy } })
  const { grants } = (await createEvaluator(estateWith([account]), FACTS)).whoCan({
    action: ACTION,
    resource: SECRET,
    context: new Map(),
  })
  return Object.fromEntries(
    grants
      .filter(({ principal }) => principal.includes(':user/'))
      .map(({ principal, decision, conditions }) => [
        principal.slice(principal.lastIndexOf('/') + 1),
        conditions?.example ?? decision,
      ]),
  )
}

it('what is known is compared with what is not: whoever can fit is listed, nobody else', async () => {
  expect(await grantsOf({ StringEquals: { 'aws:PrincipalTag/x': '${aws:ResourceTag/x}' } })).toEqual({
    bob: { 'aws:ResourceTag/x': 'a' },
  })
  expect(await grantsOf({ StringEquals: { 'aws:username': '${aws:ResourceTag/owner}' } })).toEqual({
    bob: { 'aws:ResourceTag/owner': 'bob' },
    bare: { 'aws:ResourceTag/owner': 'bare' },
  })
  expect(await grantsOf({ StringLike: { 'aws:username': 'b${aws:ResourceTag/owner}*' } })).toEqual({
    bob: { 'aws:ResourceTag/owner': 'ob' },
    bare: { 'aws:ResourceTag/owner': 'are' },
  })
})

it('a default is the value where the key is absent', async () => {
  expect(await grantsOf({ StringEquals: { 'aws:username': "${aws:ResourceTag/owner, 'bob'}" } })).toEqual({
    bob: {},
    bare: { 'aws:ResourceTag/owner': 'bare' },
  })
  const denied = { StringNotEquals: { 'aws:username': "${aws:ResourceTag/owner, 'bare'}" } }
  expect(await grantsOf({ Null: { 'aws:ResourceTag/owner': 'true' } }, denied)).toEqual({ bare: {} })
})

it('a denial of all but one value leaves that one', async () => {
  const denied = { StringNotEquals: { 'aws:PrincipalTag/x': '${aws:ResourceTag/x}' } }
  expect(await grantsOf({}, denied)).toEqual({ bob: { 'aws:ResourceTag/x': 'a' } })
})

it('neither side may be known', async () => {
  const tags = { StringEquals: { 'aws:ResourceTag/x': '${aws:ResourceTag/y}' } }
  const both = { 'aws:ResourceTag/x': 'some-other-value', 'aws:ResourceTag/y': 'some-other-value' }
  expect(Object.keys(await grantsOf(tags))).toEqual(['bare', 'bob'])
  const differ = { StringNotEquals: { 'aws:ResourceTag/x': '${aws:ResourceTag/y}' } }
  const there = { Null: { 'aws:ResourceTag/x': 'false', 'aws:ResourceTag/y': 'false' } }
  expect(Object.keys(await grantsOf({ ...differ, ...there }))).toEqual(['bare', 'bob'])
  expect((await grantsOf({ ...tags, ...there })).bob).toEqual(both)
})

it('nobody is unknown whom a known key keeps out', async () => {
  const elsewhere = { 'aws:username': 'somebody-else' }
  const likes = { StringLike: { 'aws:PrincipalTag/x': '${aws:ResourceTag/x}*${aws:ResourceTag/y}b' } }
  expect(await grantsOf({ ...likes, StringEquals: elsewhere })).toEqual({})
})

it('documents of before variables have text', async () => {
  const text = { StringEquals: { 'aws:ResourceTag/x': '${aws:ResourceTag/y}' } }
  const literal = { 'aws:ResourceTag/x': '${aws:ResourceTag/y}' }
  expect(await grantsOf(text, null, '2008-10-17')).toEqual({ bob: literal, bare: literal })
})
