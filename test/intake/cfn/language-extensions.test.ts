// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of loops look like templates
import { describe, expect, it } from 'vitest'
import { accountIn, readTemplate } from './read-template.ts'

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}
const allow = (Resource: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }],
})
const role = (name: unknown, document: unknown) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: name,
    AssumeRolePolicyDocument: TRUST,
    Policies: [{ PolicyName: 'p', PolicyDocument: document }],
  },
})

const PARAMETERS = {
  Teams: { Type: 'CommaDelimitedList', Default: 'red,blue-green' },
  Bare: { Type: 'CommaDelimitedList' },
  Hidden: { Type: 'CommaDelimitedList', NoEcho: true, Default: 'a,b' },
}

const read = (Resources: object, more: object = {}) =>
  readTemplate({ Transform: 'AWS::LanguageExtensions', Parameters: PARAMETERS, Resources, ...more })

/** Names of roles, and what their only policy is about. */
const rolesIn = (resources: object, more: object = {}) =>
  [...accountIn(read(resources, more).estate).entities.role.values()].map(({ name, inlinePolicies }) => {
    const document = inlinePolicies.get('p')
    return [
      name,
      document === undefined || 'unknown' in document
        ? null
        : [document.json.Statement].flat().map((each) => each?.Resource),
    ]
  })

const loop = (over: unknown, body: object) => ['Team', over, body]
const BODY = { 'Role&{Team}': role('${Team}-role', allow('arn:aws:s3:::${Team}/*')) }

describe('a loop makes what it says for each of', () => {
  const MADE = [
    ['red-role', ['arn:aws:s3:::red/*']],
    ['blue-green-role', ['arn:aws:s3:::blue-green/*']],
  ]
  it.each([
    ['a list', ['red', 'blue-green']],
    ['a parameter', { Ref: 'Teams' }],
  ])('%s', (_, over) => {
    expect(rolesIn({ 'Fn::ForEach::Roles': loop(over, BODY) })).toEqual(MADE)
    expect(read({ 'Fn::ForEach::Roles': loop(over, BODY) }).findings.map(({ code }) => code)).not.toContain(
      'intake.not-modelled',
    )
  })

  it('lists in each other, and refers to what stands for each', () => {
    const inner = [
      'Env',
      ['dev', 'prod'],
      { 'R${Team}${Env}': role({ 'Fn::Join': ['-', [{ Ref: 'Team' }, { Ref: 'Env' }]] }, allow('*')) },
    ]
    const names = rolesIn({ 'Fn::ForEach::Roles': loop(['a', 'b'], { 'Fn::ForEach::Envs': inner }) })
    expect(names.map(([name]) => name)).toEqual(['a-dev', 'a-prod', 'b-dev', 'b-prod'])
  })

  it('a list in the properties of a resource', () => {
    const tags = {
      'Fn::ForEach::Statements': ['Name', ['x', 'y'], { 'aws:PrincipalTag/${Name}': '${Name}' }],
    }
    const document = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition: { StringEquals: tags } },
      ],
    }
    const [found] = accountIn(read({ R: role('r', document) }).estate).entities.role.values()
    expect(found?.inlinePolicies.get('p')).toMatchObject({
      json: {
        Statement: [
          { Condition: { StringEquals: { 'aws:PrincipalTag/x': 'x', 'aws:PrincipalTag/y': 'y' } } },
        ],
      },
    })
  })
})

describe('a loop that can’t be carried out is named, and two that say something else are two', () => {
  const bodyOf = (bucket: string) => ({ 'Role&{Team}': role('${Team}', allow(`arn:aws:s3:::${bucket}/*`)) })
  const big = Array.from({ length: 3000 }, (_, at) => `n${at}`)

  it.each([
    ['over what isn’t known', { Ref: 'Bare' }, {}],
    ['over a secret', { Ref: 'Hidden' }, {}],
    ['over too much', big, { pad: 'x'.repeat(2000) }],
    ['without the transform', ['a'], null],
  ])('%s', (_, over, more) => {
    const readLoop = (bucket: string) =>
      readTemplate({
        ...(more === null ? {} : { Transform: ['AWS::LanguageExtensions'] }),
        Parameters: PARAMETERS,
        Resources: { 'Fn::ForEach::Roles': loop(over, { ...bodyOf(bucket), ...more }) },
      })
    const { findings, estate } = readLoop('one')
    expect(findings.find(({ code }) => code === 'intake.not-modelled')?.message).toContain(
      '`Fn::ForEach::Roles`',
    )
    expect(accountIn(estate).entities.role.size).toBe(0)
    expect(readLoop('one').estate.sameBeyond).toBe(estate.sameBeyond)
    expect(readLoop('other').estate.sameBeyond).not.toBe(estate.sameBeyond)
  })
})

describe('functions of the language extensions', () => {
  it('tell how long a list is, and write JSON', () => {
    const document = {
      'Fn::ToJsonString': allow({
        'Fn::Sub': ['arn:aws:s3:::b${N}/*', { N: { 'Fn::Length': { Ref: 'Teams' } } }],
      }),
    }
    expect(rolesIn({ R: role('r', document) })).toEqual([['r', ['arn:aws:s3:::b2/*']]])
  })

  it('of what isn’t known are unknown', () => {
    const length = { 'Fn::Length': { Ref: 'Bare' } }
    const document = { 'Fn::ToJsonString': allow({ 'Fn::Sub': ['arn:aws:s3:::b${N}/*', { N: length }] }) }
    expect(rolesIn({ R: role('r', document) })).toEqual([['r', null]])
    expect(rolesIn({ R: role('r', allow('*')) }, { Transform: 'Mine' })).toEqual([['r', ['*']]])
    expect(rolesIn({ R: role('r', { 'Fn::ToJsonString': allow('*') }) }, { Transform: [] })).toEqual([
      ['r', null],
    ])
  })
})
