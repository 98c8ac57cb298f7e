// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of AWS's ARN templates

import { describe, expect, it } from 'vitest'
import { loadActions } from '../../src/catalog/actions.ts'
import { catalogDates } from '../../src/catalog/catalog-date.ts'
import { matchesPattern } from '../../src/model/name-pattern.ts'

const facts = await loadActions()

describe('the action catalogue', () => {
  it('knows services by prefix and title, whatever the case', () => {
    expect(facts.services()).toContainEqual({ prefix: 's3', title: 'Amazon S3' })
    expect(facts.hasService('IAM')).toBe(true)
    expect(facts.hasService('nosuchservice')).toBe(false)
    expect(facts.actionsOf('nosuchservice')).toEqual([])
    expect(facts.actionsOf('STS')).toContain('sts:AssumeRole')
  })

  it("gives an action AWS's spelling", () => {
    expect(facts.spellingOf('S3:getobject')).toBe('s3:GetObject')
    for (const none of ['s3:GetObjekt', 's3', 'GetObject', ':GetObject', '', 's3:Get*']) {
      expect(facts.spellingOf(none), none).toBeNull()
    }
  })

  it.each([
    ['s3:GetObject', 'read'],
    ['s3:ListBucket', 'list'],
    ['s3:PutObject', 'write'],
    ['s3:PutBucketPolicy', 'permissions'],
    ['iam:AttachRolePolicy', 'permissions'],
    ['iam:TagRole', 'tagging'],
  ])('%s is of level %s', (action, level) => {
    expect(facts.accessLevelOf(action)).toBe(level)
  })

  it('an unknown action has no level, no resource types and no keys', () => {
    expect(facts.accessLevelOf('s3:Nothing')).toBeNull()
    expect(facts.resourceTypesOf('s3:Nothing')).toEqual([])
    expect(facts.conditionKeysOf('s3:Nothing')).toEqual([])
    expect(facts.dependentActionsOf('s3:Nothing')).toEqual([])
  })

  it('expands patterns: in the action, in the service, without wildcards, and all', () => {
    expect(facts.actionsMatching('sts:assumerole*')).toEqual([
      'sts:AssumeRole',
      'sts:AssumeRoleWithSAML',
      'sts:AssumeRoleWithWebIdentity',
    ])
    expect(facts.actionsMatching('iam:?etUser')).toEqual(['iam:GetUser'])
    expect(facts.actionsMatching('s3*:GetAccessPoint')).toContain('s3:GetAccessPoint')
    expect(facts.actionsMatching('IAM:passrole')).toEqual(['iam:PassRole'])
    expect(facts.actionsMatching('iam:NoSuch')).toEqual([])
    expect(facts.actionsMatching('*').length).toBeGreaterThan(20_000)
    expect(facts.actionsMatching('*:*')).toEqual(facts.actionsMatching('*'))
  })

  it('names the resource types of an action with their ARNs, and which of them are required', () => {
    const [role] = facts.resourceTypesOf('iam:PassRole')
    expect(role).toMatchObject({
      required: true,
      type: { name: 'role', arn: 'arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}' },
    })
    const object = facts.resourceTypesOf('s3:GetObject').find(({ type }) => type.name === 'object')
    expect(object?.type.arn).toBe('arn:${Partition}:s3:::${BucketName}/${ObjectName}')
    expect(facts.resourceTypesOfService('iam').map(({ name }) => name)).toContain('policy')
  })

  it('names the condition keys of an action, with their types', () => {
    expect(facts.conditionKeysOf('iam:PassRole')).toContain('iam:PassedToService')
    expect(facts.conditionKeyTypeOf('iam:passedtoservice')).toBe('String')
    expect(facts.conditionKeyTypeOf('aws:PrincipalTag/team')).toBe('String')
    expect(facts.conditionKeyTypeOf('aws:MultiFactorAuthPresent')).toBe('Bool')
    expect(facts.conditionKeyTypeOf('aws:TagKeys')).toBe('ArrayOfString')
    expect(facts.conditionKeyTypeOf('s3:prefix')).toBe('String')
    expect(facts.conditionKeyTypeOf('token.actions.githubusercontent.com:repository')).toBe('String')
    expect(facts.conditionKeyTypeOf('aws:NoSuchKey')).toBeNull()
    expect(facts.globalConditionKeys()).toContain('aws:SourceIp')
  })

  it.each([
    ['iam:passedtoservice', 'iam:PassedToService'],
    ['AWS:SOURCEIP', 'aws:SourceIp'],
    ['aws:requesttag/team', 'aws:RequestTag/team'],
    ['s3:existingobjecttag/Team/a', 's3:ExistingObjectTag/Team/a'],
    ['TOKEN.actions.githubusercontent.com:Repository', 'token.actions.githubusercontent.com:repository'],
    ['aws:NoSuchKey', null],
  ])('spells the condition key %s as AWS does', (key, spelling) => {
    expect(facts.conditionKeySpellingOf(key)).toBe(spelling)
  })

  it('every action leads back to itself, has a level, and its details can be read', () => {
    for (const { prefix } of facts.services()) {
      const actions = facts.actionsOf(prefix)
      for (const action of actions) {
        expect(facts.spellingOf(action.toUpperCase())).toBe(action)
        expect(facts.accessLevelOf(action)).not.toBeNull()
      }
      for (const { type } of actions.flatMap(facts.resourceTypesOf)) {
        expect(type.arn, `${prefix} ${type.name}`).toMatch(/^(arn:|\*)/)
      }
    }
  })

  it('knows whose resource types have ARNs of a service', () => {
    const found = new Map<string, Set<string>>()
    for (const { prefix } of facts.services())
      for (const { arn } of facts.resourceTypesOfService(prefix)) {
        const [, , service, ...rest] = arn.replace(/\$\{[^}]*\}/g, '*').split(':')
        if (service === undefined || rest.length < 3) continue
        found.set(service, (found.get(service) ?? new Set()).add(prefix))
      }
    expect(found.size).toBeGreaterThan(200)
    expect([...facts.prefixesByArnService()]).toEqual(
      [...found].map(([service, prefixes]) => [service, [...prefixes]]),
    )
  })

  it('knows the condition keys of a service, those of its actions first', () => {
    for (const { prefix } of facts.services())
      expect(facts.conditionKeysOfService(prefix), prefix).toEqual([
        ...new Set([
          ...facts.actionsOf(prefix).flatMap(facts.conditionKeysOf),
          ...facts.resourceTypesOfService(prefix).flatMap(({ conditionKeys }) => conditionKeys),
        ]),
      ])
    expect(facts.conditionKeysOfService('none')).toEqual([])
  })

  it.each(['s3:Get*', 'S3:*', 's?:Get*', '*:List*', 'iam:?etUser', 'no:*', ':*', '*:*', 'ec2*:*'])(
    'finds what %s stands for',
    (pattern) => {
      const [prefix = '', name = ''] = pattern.toLowerCase().split(':')
      const all = facts.services().flatMap((service) => facts.actionsOf(service.prefix))
      const fits = (action: string) => {
        const [ofAction = '', own = ''] = action.toLowerCase().split(':')
        return matchesPattern(prefix, ofAction) && matchesPattern(name, own)
      }
      expect(facts.actionsMatching(pattern)).toEqual(all.filter(fits))
    },
  )

  it('says how old it is', async () => {
    expect(catalogDates.actions).toBe(facts.date)
    expect(facts.date).toMatch(/^20\d\d-\d\d-\d\d$/)
  })
})
