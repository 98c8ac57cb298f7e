import type * as sdk from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { valueDetail } from '../../src/kinds/attributes/details.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import type { DesiredState } from '../../src/manifest/desired.ts'
import type { AccountState, Declarations } from '../../src/model/index.ts'
import type { Operation } from '../../src/model/operation.ts'
import { stepsOf } from '../../src/model/step.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import type { SettingPlan } from '../../src/plan/setting-plan.ts'
import { load } from '../plan/plan-of.ts'

interface TokenVersionWrites {
  readonly SetSecurityTokenServicePreferences: Operation<sdk.SetSecurityTokenServicePreferencesRequest>
}

const step = stepsOf<TokenVersionWrites>()

/** IAM's global endpoint token version, as if one could be without. */
const tokenVersion: SettingPlan<string, TokenVersionWrites> = {
  nameOf: (value) => value,
  details: (before, after) => valueDetail('tokenVersion', before, after),
  put: (version) =>
    step('SetSecurityTokenServicePreferences', {
      GlobalEndpointTokenVersion: version === 'v2' ? 'v2Token' : 'v1Token',
    }),
  delete: () => step('SetSecurityTokenServicePreferences', { GlobalEndpointTokenVersion: 'v1Token' }),
}

const NOTHING = load('{}')
const span = { file: 'account.yaml', start: 0, end: 1 }

/** @param value undefined: nothing is said of it; null: there is to be none */
function desiring(value: string | null | undefined): DesiredState {
  const { settings } = NOTHING.desired
  const more = { ...settings, tokenVersion: { value, span } }
  return { ...NOTHING.desired, settings: value === undefined ? settings : more }
}

const holding = (value: string | null): AccountState => {
  const state = declaredState(NOTHING.desired)
  return { ...state, settings: Object.assign({ ...state.settings }, { tokenVersion: value }) }
}

function planFor(observed: string | null, desired: string | null | undefined, before: Declarations = {}) {
  const { plan, diagnostics } = planChanges({
    kinds: PLAN_KINDS,
    settings: Object.assign({ ...SETTING_PLANS }, { tokenVersion }),
    desired: desiring(desired),
    observed: holding(observed),
    declaredBefore: before,
    scopes: NOTHING.project.scopes,
    guard: NOTHING.project.guard,
    quotas: DEFAULT_QUOTAS,
  })
  expect(diagnostics).toEqual([])
  return plan
}

const shortOf = ({ changes, steps, unmanaged }: ReturnType<typeof planFor>) => ({
  changes: changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`),
  steps: steps.map(({ input }) => Object.values(input)[0]),
  unmanaged: unmanaged.map(({ kind, name }) => `${kind} ${name}`),
})

describe('a setting that only a test knows', () => {
  it.each([
    [null, 'v2', { changes: ['create tokenVersion v2'], steps: ['v2Token'], unmanaged: [] }],
    ['v1', 'v2', { changes: ['update tokenVersion v2'], steps: ['v2Token'], unmanaged: [] }],
    ['v2', null, { changes: ['delete tokenVersion v2'], steps: ['v1Token'], unmanaged: [] }],
    ['v2', 'v2', { changes: [], steps: [], unmanaged: [] }],
    [null, null, { changes: [], steps: [], unmanaged: [] }],
    ['v2', undefined, { changes: [], steps: [], unmanaged: ['tokenVersion v2'] }],
  ])('%s, and declared %s', (observed, desired, expected) => {
    expect(shortOf(planFor(observed, desired))).toEqual(expected)
  })

  it('what was declared before and no longer is goes, and another value stays', () => {
    const before = declarationsOf(desiring('v2'), PLAN_KINDS)
    expect(before).toEqual({ tokenVersion: { value: ['=v2'] } })
    expect(shortOf(planFor('v2', undefined, before)).changes).toEqual(['delete tokenVersion v2'])
    expect(shortOf(planFor('v1', undefined, before)).changes).toEqual([])
  })

  it('is counted where nothing changes, and part of the digest where something does', () => {
    expect(planFor('v2', 'v2').unchanged).toBe(1)
    expect(planFor('v1', 'v3').digest).not.toBe(planFor('v2', 'v3').digest)
    expect(planFor('v1', 'v3').digest).toBe(planFor('v1', 'v3').digest)
  })
})
