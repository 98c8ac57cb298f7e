import { describe, expect, it } from 'vitest'
import { catalogDates } from '../../src/catalog/catalog-date.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import type { PolicyStatement } from '../../src/model/index.ts'

const facts = await loadManagedPolicies()

const statementsOf = (arn: string): readonly PolicyStatement[] => {
  const statement = facts.document(arn)?.Statement ?? []
  return Array.isArray(statement) ? statement : [statement as PolicyStatement]
}

describe('AWS managed policies', () => {
  it('a name becomes an ARN with its path, in the partition asked for', () => {
    expect(facts.arnOf('AdministratorAccess', 'aws')).toBe('arn:aws:iam::aws:policy/AdministratorAccess')
    expect(facts.arnOf('SystemAdministrator', 'aws-us-gov')).toBe(
      'arn:aws-us-gov:iam::aws:policy/job-function/SystemAdministrator',
    )
    expect(facts.arnOf('AWSLambdaBasicExecutionRole', 'aws-cn')).toBe(
      'arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    )
  })

  it('a name or an ARN that is none is nowhere: wrong name, path, case, account or partition', () => {
    expect(facts.arnOf('NoSuchPolicy', 'aws')).toBeNull()
    for (const arn of [
      'arn:aws:iam::aws:policy/NoSuchPolicy',
      'arn:aws:iam::aws:policy/SystemAdministrator',
      'arn:aws:iam::aws:policy/job-function/AdministratorAccess',
      'arn:aws:iam::aws:policy/administratoraccess',
      'arn:aws:iam::111122223333:policy/AdministratorAccess',
      'arn:aws-moon:iam::aws:policy/AdministratorAccess',
      'AdministratorAccess',
    ]) {
      expect(facts.has(arn), arn).toBe(false)
      expect(facts.document(arn), arn).toBeNull()
      expect(facts.versionOf(arn), arn).toBeNull()
    }
  })

  it('the document is the default version', () => {
    expect(facts.document('arn:aws:iam::aws:policy/AdministratorAccess')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    expect(facts.versionOf('arn:aws:iam::aws:policy/AdministratorAccess')).toBe('v1')
    const powerUser = statementsOf('arn:aws:iam::aws:policy/PowerUserAccess')
    expect(powerUser.some(({ NotAction }) => NotAction?.includes('iam:*'))).toBe(true)
    expect(facts.versionOf('arn:aws:iam::aws:policy/PowerUserAccess')).toMatch(/^v[1-9]\d+$/)
  })

  it('a document of another partition names that partition in its ARNs', () => {
    const [aws, china] = (['aws', 'aws-cn'] as const).map((partition) =>
      JSON.stringify(facts.document(facts.arnOf('IAMUserChangePassword', partition) ?? '')),
    )
    expect(aws).toContain('"arn:aws:iam::*:user/')
    expect(china).toBe(aws?.replaceAll('arn:aws:', 'arn:aws-cn:'))
  })

  it('every policy has a document with statements, a version and an ARN that leads back to it', () => {
    const names = [...facts.names()]
    expect(names.length).toBeGreaterThan(1000)
    expect(names).toEqual([...names].sort())
    for (const name of names) {
      const arn = facts.arnOf(name, 'aws') ?? ''
      expect(facts.has(arn), name).toBe(true)
      expect(facts.versionOf(arn), name).toMatch(/^v\d+$/)
      const statements = statementsOf(arn)
      expect(statements.length, name).toBeGreaterThan(0)
      expect(
        statements.every(({ Effect }) => Effect === 'Allow' || Effect === 'Deny'),
        name,
      ).toBe(true)
    }
  })

  it('says how old it is', async () => {
    const dates = catalogDates
    expect(dates.managedPolicies).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(dates.managedPolicies).toBe(facts.date)
  })
})
