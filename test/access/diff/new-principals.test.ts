import { expect, it } from 'vitest'
import type { PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  deny,
  document,
  estateWith,
  HOME,
  nodeOf,
  OUTSIDE,
  organizationOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, linesOf, roleArn } from './estate-diffs.ts'

const analysis = analysisForTests()
const QUEUE = `arn:aws:sqs:eu-west-1:${OUTSIDE}:jobs`
const ROLE = `arn:aws:iam::${OUTSIDE}:role/theirs`

const with_ = (...statements: readonly PolicyStatement[]) =>
  accountOf(HOME, { al: { policy: document(...statements) } })

it('of somebody new what belongs to others is told apart from what is the own, whatever decides both alike', () => {
  const organization = organizationOf(
    nodeOf('root', 'r-ab12', {
      resourceControlPolicies: [controlPolicy('Data', deny('s3:DeleteBucket', { Principal: '*' }))],
      children: [nodeOf('account', HOME)],
    }),
  )
  const diff = analysis().diff(
    estateWith([accountOf(HOME, {})], organization),
    estateWith([with_(allow('sqs:SendMessage', { Resource: QUEUE }))], organization),
  )
  expect(linesOf(diff)).toEqual([`+ user/al sqs:SendMessage on ${QUEUE}`])
})

it('of somebody new another statement may let through what a call passes along', () => {
  const assuming = allow('sts:AssumeRole', {
    Resource: ROLE,
    Condition: { StringEquals: { 'aws:RequestTag/team': 'red' } },
  })
  const tagging = allow('sts:TagSession', { Resource: ROLE })
  const diffBy = (...statements: readonly PolicyStatement[]) =>
    analysis().diff(estateWith([accountOf(HOME, {})]), estateWith([with_(...statements)]))
  const gainedBy = (...statements: readonly PolicyStatement[]) => linesOf(diffBy(...statements))
  expect(gainedBy(assuming, tagging)).toEqual([
    `+ user/al sts:AssumeRole on ${ROLE}`,
    `+ user/al sts:TagSession on ${ROLE}`,
  ])
  expect(gainedBy(assuming)).toEqual([])
  const denied = diffBy(assuming, tagging, deny('sts:TagSession'))
  expect([denied.gained, denied.unknown]).toEqual([[], []])
})

it('of somebody new what a role may do by its id, a user with the same policy may not', () => {
  const policy = document(allow('s3:DeleteBucket', { Condition: { StringLike: { 'aws:userid': 'AROA*' } } }))
  const trust = document({
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  })
  const diff = analysis().diff(
    estateWith([accountOf(HOME, {})]),
    estateWith([accountOf(HOME, { al: { policy } }, { r: { policy, trust } })]),
  )
  expect(diff.gained.filter(({ kind }) => kind === 'action').flatMap(({ principals }) => principals)).toEqual(
    [roleArn('r')],
  )
  expect(diff.unknown).toEqual([])
})

it('an action that no catalogue lists fits a pattern that was looked at before it was named', () => {
  const unlessSafe = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
  for (const action of ['s3:Unknown', 's3:UnkindToOthers']) {
    const { gained } = analysis().diff(
      estateWith([accountOf(HOME, {})]),
      estateWith([with_(allow('s3:Unk*'), deny(action, unlessSafe))]),
    )
    expect(gained.filter(({ tier }) => tier === 'typed').flatMap(({ actions }) => actions)).toEqual([action])
  }
})
