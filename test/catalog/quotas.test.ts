import { expect, it } from 'vitest'
import { ADJUSTABLE_QUOTAS, DEFAULT_QUOTAS, isQuotaName, QUOTA_NAMES } from '../../src/catalog/quotas.ts'

it('a quota can be raised, never lowered, by AWS', () => {
  for (const name of QUOTA_NAMES) {
    expect(ADJUSTABLE_QUOTAS[name] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(DEFAULT_QUOTAS[name])
  }
})

it('knows the names of quotas', () => {
  expect(isQuotaName('rolesPerAccount')).toBe(true)
  expect(isQuotaName('toString')).toBe(false)
})
