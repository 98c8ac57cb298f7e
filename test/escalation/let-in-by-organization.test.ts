import { describe, expect, it } from 'vitest'
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import {
  accountOf,
  document,
  estateWith,
  grant,
  MANAGEMENT,
  nodeOf,
  organizationOf,
  resourceOf,
} from '../evaluator/estate-world.ts'
import { askForTests } from './ask.ts'
import { ELSEWHERE, HOME } from './estates.ts'

const asked = askForTests()
const OF_RESOURCE = `$\{aws:ResourceOrgID}`
const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`

/** Who is said to be let in by a queue that is opened, in an account that is in the organization or not. */
function letIn(condition: ConditionBlock, member = HOME): readonly string[] {
  const root = nodeOf('root', 'r-ab12', { children: [MANAGEMENT, member].map((id) => nodeOf('account', id)) })
  const estate = (...opened: readonly PolicyStatement[]) =>
    estateWith([accountOf(HOME, {})], organizationOf(root), [resourceOf(QUEUE, HOME, document(...opened))])
  const opened = grant('*', 'sqs:SendMessage', { Condition: condition })
  return asked()
    .ofChange(
      estate(grant({ AWS: HOME }, 'sqs:GetQueueUrl')),
      estate(grant({ AWS: HOME }, 'sqs:GetQueueUrl'), opened),
    )
    .flatMap(({ escalations }) => escalations.filter((each) => each.class === 'lets-outsiders-in'))
    .map(({ why }) => why)
}

// IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgID, aws:ResourceOrgID
describe('who is of the organization', () => {
  it.each<ConditionBlock>([
    { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    { StringEquals: { 'aws:PrincipalOrgID': OF_RESOURCE } },
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${OF_RESOURCE}/r-ab12/*` } },
  ])('is no stranger: %j', (condition) => {
    expect(letIn(condition)).toEqual([])
  })
  it('is one where the resource is of no such organization, or it need not be said', () => {
    expect(letIn({ StringEquals: { 'aws:PrincipalOrgID': OF_RESOURCE } }, '444455556666')).not.toEqual([])
    expect(letIn({ StringEqualsIfExists: { 'aws:PrincipalOrgID': OF_RESOURCE } })).not.toEqual([])
  })
})

it('federated users of the own account are of no other', () => {
  const named = { StringLike: { 'aws:PrincipalArn': [HOME, ELSEWHERE].map((id) => `arn:aws:*::${id}:*`) } }
  expect(letIn(named)).toEqual([
    `somebody of another account, and federated users of the own one, may use ${QUEUE}`,
  ])
})
