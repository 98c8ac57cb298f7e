import { describe, expect, test } from 'vitest'
import { load } from './sample.ts'

const codesOf = (statement: object, more: object = { ec2: true }) => {
  const trustPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] }
  const manifest = JSON.stringify({ roles: { web: { ...more, trustPolicy } } })
  return load({ 'a.yaml': manifest }).project.diagnostics.map(({ code }) => code)
}

const by = (...services: readonly string[]) => ({ Principal: { Service: services } })

describe('`ec2: true` on a role', () => {
  test.each([
    ['another service', { ...by('lambda.amazonaws.com'), Action: 'sts:AssumeRole' }],
    ['a service of a similar name', { ...by('ec2-fleet.amazonaws.com'), Action: 'sts:AssumeRole' }],
    ['an account', { Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
    ['EC2, but only to tag', { ...by('ec2.amazonaws.com'), Action: 'sts:TagSession' }],
    ['nobody', { ...by('ec2.amazonaws.com'), Effect: 'Deny', Action: 'sts:AssumeRole' }],
  ])('is warned of where the trust lets in %s', (_, statement) => {
    expect(codesOf(statement)).toEqual(['manifest.ec2-not-trusted'])
    expect(codesOf(statement, {})).toEqual([])
  })

  test.each([
    ['EC2', { ...by('ec2.amazonaws.com'), Action: 'sts:AssumeRole' }],
    ['EC2 among others', { ...by('lambda.amazonaws.com', 'ec2.amazonaws.com'), Action: ['STS:assumerole'] }],
    ['EC2 of China', { ...by('ec2.amazonaws.com.cn'), Action: 'sts:*' }],
    ['everybody', { Principal: '*', Action: 'sts:Assume*' }],
  ])('is quiet where it lets in %s', (_, statement) => {
    expect(codesOf(statement)).not.toContain('manifest.ec2-not-trusted')
  })
})
