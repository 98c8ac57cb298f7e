// Tags of a resource that only one of two states declares: to write them down changes nobody's access.
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  grant,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, linesOf } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const INSTANCE = `arn:aws:ec2:eu-west-1:${HOME}:instance/i-0123456789abcdef0`
const tagged = (env: string, policy: PolicyDocument | null = null) =>
  resourceOf(INSTANCE, HOME, policy, { env })
const stops = (key: string, effect: typeof allow = allow) =>
  effect('ec2:StopInstances', { Condition: { StringEquals: { [key]: 'prod' } } })
const estate = (policy: PolicyDocument, ...resources: readonly ReturnType<typeof tagged>[]) =>
  estateWith([accountOf(HOME, { al: { policy } })], null, resources)
const KEYS = ['ec2:ResourceTag/env', 'aws:ResourceTag/env'] as const

describe.each(KEYS)('a resource that only one state declares: %s', (key) => {
  const policy = document(stops(key))
  it.each(['prod', 'dev'])('is tagged %s in both', (env) => {
    const [bare, declared] = [estate(policy), estate(policy, tagged(env))]
    expect(analysis().diff(bare, declared).verdict).toBe('none')
    expect(analysis().diff(declared, bare).verdict).toBe('none')
  })
  it('and what changes beside it is decided by these tags', () => {
    const onIt = { Resource: INSTANCE }
    const [all, denied] = [
      document({ ...allow('ec2:StopInstances'), ...onIt }),
      document({ ...allow('ec2:StopInstances'), ...onIt }, stops(key, deny)),
    ]
    expect(linesOf(analysis().diff(estate(denied), estate(all, tagged('prod'))))).toEqual([
      `+ user/al ec2:StopInstances on ${INSTANCE}`,
    ])
    expect(analysis().diff(estate(denied), estate(all, tagged('dev'))).verdict).toBe('none')
    expect(linesOf(analysis().diff(estate(all, tagged('prod')), estate(denied)))).toEqual([
      `- user/al ec2:StopInstances on ${INSTANCE}`,
    ])
  })
  it('a deny of its own policy takes away what these tags allow', () => {
    const denying = document({ ...grant('*', 'ec2:*'), Effect: 'Deny', Resource: INSTANCE })
    expect(analysis().diff(estate(policy), estate(policy, tagged('prod', denying))).verdict).toBe('lost')
    expect(analysis().diff(estate(policy), estate(policy, tagged('dev', denying))).verdict).toBe('none')
  })
  it('that both declare has those of each', () => {
    expect(analysis().diff(estate(policy, tagged('dev')), estate(policy, tagged('prod'))).verdict).toBe(
      'gained',
    )
  })
})
