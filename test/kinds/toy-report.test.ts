import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import type { DesiredState, Scopes } from '../../src/manifest/desired.ts'
import { emptyState } from '../../src/model/empty-state.ts'
import { type AccountState, entityArn } from '../../src/model/index.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { declaredCounts } from '../../src/report/declared-counts.ts'
import { text } from '../../src/report/formats/text.ts'
import { applyText, stepText } from '../../src/report/plans/apply-report.ts'
import { planText } from '../../src/report/plans/plan-text.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { desiredOf } from '../arbitraries/state.ts'
import { intentOf } from '../reconcile/world.ts'
import { type DesiredToy, TOY, type ToyState } from './toy/kind.ts'
import { TOY_PLAN_KINDS, TOY_REPORT_KINDS } from './toy/kinds.ts'

const texts = new SourceTexts()
const WEB = desiredOf({
  policies: {},
  groups: {},
  users: {},
  roles: { web: { path: '/', trusts: ['ec2.amazonaws.com'] } },
})

function declaring(...toys: readonly (Pick<DesiredToy, 'name'> & Partial<DesiredToy>)[]): DesiredState {
  const [role] = WEB.entities.role.values()
  if (role === undefined) throw new Error('no role')
  const { span, node } = role
  const toy = new Map(
    toys.map((each): [string, DesiredToy] => [
      each.name,
      { kind: 'toy', path: '/', arn: entityArn(ACCOUNT, TOY, '/', each.name), span, node, ...each },
    ]),
  )
  return { ...WEB, entities: Object.assign({ ...WEB.entities, role: new Map() }, { toy }) }
}

function having(...names: readonly string[]): AccountState {
  const toy = new Map(
    names.map((name): [string, ToyState] => [
      name,
      { kind: 'toy', name, path: '/', arn: entityArn(ACCOUNT, TOY, '/', name), roles: [], tags: new Map() },
    ]),
  )
  const none = emptyState(ACCOUNT)
  return { ...none, entities: Object.assign({ ...none.entities }, { toy }) }
}

function shownPlan(desired: DesiredState, observed: AccountState, type: 'all' | 'declared' = 'all'): string {
  const intent = intentOf(desired)
  const scopes: Scopes = Object.assign({ ...intent.scopes }, { toy: { type } })
  const { plan } = planChanges({ ...intent, kinds: TOY_PLAN_KINDS, observed, declaredBefore: {}, scopes })
  return planText(plan, TOY_REPORT_KINDS, texts)
}

describe('a kind that only a test knows, reported', () => {
  it('has its own word in a plan, and what its being made anew ends', () => {
    const moved = { name: 'car', path: '/x/', arn: entityArn(ACCOUNT, TOY, '/x/', 'car') }
    const shown = shownPlan(declaring(moved, { name: 'kite', roles: ['web'] }), having('car', 'ball'))
    expect(shown).toContain('± toy car (deleted and created again: whoever plays with it stops)')
    expect(shown).toMatch(/^\+ toy kite .*\n {4}roles: \+ web$/m)
    expect(shown).toMatch(/^- toy ball$/m)
  })

  it('is folded and left alone under the word for several', () => {
    const tags = new Map([['team', 'a']])
    const desired = declaring({ name: 'a', tags }, { name: 'b', tags }, { name: 'c', tags })
    const shown = shownPlan(desired, having('x', 'y'), 'declared')
    expect(shown).toContain('+ 3 toys')
    expect(shown).toContain('2 toys, each of which is not declared')
  })

  it('is counted among what is declared', () => {
    const counts = declaredCounts(declaring({ name: 'car' }, { name: 'kite' }), TOY_REPORT_KINDS)
    const account = { id: ACCOUNT.id, name: 'play' }
    const given = {
      diagnostics: [],
      kinds: TOY_REPORT_KINDS,
      texts,
      options: { color: false },
      layout: 'whole',
    } as const
    expect(text.render({ type: 'validate', accounts: [{ account, counts }] }, given)).toBe(
      `play (${ACCOUNT.id}): 0 users, 0 groups, 0 roles, 0 policies, 2 toys, 0 tests\nvalid`,
    )
  })

  it('is named in what is said of a step', () => {
    const step = {
      operation: 'AddRoleToToy',
      input: { ToyName: 'car', RoleName: 'web' },
      status: 'failed',
      error: null,
    } as const
    expect(stepText(step, TOY_REPORT_KINDS)).toBe('AddRoleToToy web car')
    const report = {
      account: { id: ACCOUNT.id, name: 'play' },
      digest: '',
      commit: null,
      dirty: null,
      steps: [step],
      verified: false,
    }
    expect(applyText(report, TOY_REPORT_KINDS)).toContain('failed  AddRoleToToy web car')
  })
})
