import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codesOf, readBytes } from './read-plan.ts'

/** Plans of public repositories, as data that lies beside this one. */
const PLANS = new URL('../../../../shared/terraform-plans/', import.meta.url)

/** What each has after it: users, groups, roles, policies, resources with a policy or a block; and the findings by code. */
const EXPECTED: Readonly<Record<string, readonly [counts: string, findings: readonly string[]]>> = {
  'deleted.json': ['0 0 0 0 0', ['intake.account-assumed']],
  'github-oidc-trust.json': [
    '0 0 4 0 0',
    ['intake.account-assumed', 'intake.also-there', 'intake.document-not-known-yet'],
  ],
  'iam-policies.json': ['1 1 1 1 0', ['intake.account-assumed', 'intake.not-known-yet']],
  'identity-policies.json': ['1 1 2 1 0', ['intake.account-assumed', 'intake.also-there']],
  'nested-modules.json': ['0 0 0 0 2', ['intake.account-assumed', 'intake.beside-policy']],
  'policy-document-data.json': ['0 0 0 0 1', ['intake.account-assumed', 'intake.document-not-known-yet']],
  'public-access.json': [
    '0 0 2 0 12',
    ['intake.account-assumed', 'intake.not-modelled', 'intake.passed-over'],
  ],
  'role-inline-and-trust.json': ['0 0 1 0 0', ['intake.account-assumed']],
  'utf-16.json': ['0 0 1 0 0', ['intake.passed-over']],
}

interface Change {
  readonly type: string
  readonly mode: string
  readonly change: { readonly after: object | null; readonly before: object | null }
}

describe.skipIf(!existsSync(PLANS))(
  'plans of public repositories (skipped where their folder is absent)',
  () => {
    it.each(Object.entries(EXPECTED))('%s is read whole', (name, [counts, findings]) => {
      const bytes = readFileSync(new URL(name, PLANS))
      const intake = readBytes(bytes, null, null)
      const { estate } = intake
      const [state] = estate.accounts
      const sizes = (['user', 'group', 'role', 'policy'] as const).map((kind) => state?.entities[kind].size)
      expect([...sizes, estate.resources.size].join(' ')).toBe(counts)
      expect(codesOf(intake).toSorted()).toEqual(findings)
      const earlier = [...(readBytes(bytes, 'before', null).estate.accounts[0]?.entities.role.values() ?? [])]
      expect(earlier.filter(({ inlinePolicies }) => !inlinePolicies.has('(not in the plan)'))).toEqual([])
    })

    it('every one of the folder is among them', () => {
      expect(readdirSync(PLANS).filter((name) => name.endsWith('.json'))).toEqual(Object.keys(EXPECTED))
    })

    it.each(Object.keys(EXPECTED))('%s has as many principals as the file says', (name) => {
      const bytes = readFileSync(new URL(name, PLANS))
      const text = bytes[0] === 0xff ? bytes.toString('utf16le').slice(1) : bytes.toString('utf8')
      const { resource_changes: changes } = JSON.parse(text) as {
        readonly resource_changes: readonly Change[]
      }
      const { estate } = readBytes(bytes, null, null)
      const ofType = (type: string) =>
        changes.filter((each) => each.type === type && each.mode === 'managed' && each.change.after !== null)
          .length
      const { entities } = estate.accounts[0] ?? {}
      // Of those whom only an attachment names, the file has none of their own.
      const declared = [...(entities?.role.values() ?? [])].filter(
        ({ inlinePolicies }) => !inlinePolicies.has('(not in the plan)'),
      )
      expect(declared).toHaveLength(ofType('aws_iam_role'))
      expect(entities?.user.size).toBe(ofType('aws_iam_user'))
      expect(entities?.group.size).toBe(ofType('aws_iam_group'))
      expect(entities?.policy.size).toBe(ofType('aws_iam_policy'))
    })
  },
)
