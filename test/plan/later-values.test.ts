import { describe, expect, it } from 'vitest'
import type { AccountState, Declarations } from '../../src/model/index.ts'
import { planOf } from './plan-of.ts'

const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }'
const role = (more: string) => `roles: { r: { trustPolicy: ${TRUST}${more} } }`

/** What would be done where `before` was declared, and is no longer, while the account has something else by now. */
function droppedFrom(
  before: string,
  after: string,
  observe: (state: AccountState) => AccountState = (state) => state,
  declaredBefore?: Declarations,
) {
  const { plan } = planOf({
    before,
    after,
    observe,
    ...(declaredBefore === undefined ? {} : { declaredBefore }),
  })
  return {
    details: plan.changes.flatMap(({ details }) => details),
    unmanaged: plan.unmanaged.map(({ why }) => why),
  }
}

const withRole =
  (change: object) =>
  (state: AccountState): AccountState => ({
    ...state,
    entities: {
      ...state.entities,
      role: new Map([...state.entities.role].map(([name, each]) => [name, { ...each, ...change }])),
    },
  })

const OTHER = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('a single value that is no longer declared', () => {
  it.each([
    ['description', ', description: ours', { description: 'theirs' }],
    ['maxSessionDuration', ', maxSessionDuration: 7200', { maxSessionDuration: 14400 }],
    ['permissionsBoundary', ', permissionsBoundary: PowerUserAccess', { permissionsBoundary: OTHER }],
  ])(
    'goes if it is the declared one, and stays if somebody has changed it since: %s',
    (path, declared, later) => {
      const [before, after] = [role(declared), role('')]
      expect(droppedFrom(before, after).details).toMatchObject([{ path }])
      expect(droppedFrom(before, after, withRole(later)).details).toEqual([])
    },
  )

  it('a boundary that stays is shown', () => {
    const [before, after] = [role(', permissionsBoundary: PowerUserAccess'), role('')]
    expect(droppedFrom(before, after, withRole({ permissionsBoundary: OTHER })).unmanaged).toEqual([
      `is bounded by ${OTHER}: \`permissionsBoundary\` is not declared`,
    ])
  })

  it('what stands in for a declared boundary goes with it', () => {
    const [before, after] = [role(', permissionsBoundary: PowerUserAccess'), role('')]
    const parked = withRole({ permissionsBoundary: 'arn:aws:iam::aws:policy/AWSDenyAll' })
    expect(droppedFrom(before, after, parked).details).toMatchObject([{ path: 'permissionsBoundary' }])
  })

  it('of which an earlier version kept no value goes, whatever it is', () => {
    const kept = { 'role/r': { description: ['*'] } }
    const later = withRole({ description: 'theirs' })
    expect(droppedFrom(role(', description: ours'), role(''), later, kept).details).toMatchObject([
      { path: 'description', after: null },
    ])
  })
})

describe('a setting of the account that is no longer declared', () => {
  const changed = (state: AccountState): AccountState => ({
    ...state,
    settings: {
      ...state.settings,
      passwordPolicy:
        state.settings.passwordPolicy === null
          ? null
          : { ...state.settings.passwordPolicy, minimumPasswordLength: 20 },
    },
  })
  const BEFORE = 'passwordPolicy: { minimumPasswordLength: 14 }'

  it('goes if it is the declared one, and stays, shown, if somebody has changed it since', () => {
    expect(droppedFrom(BEFORE, '').details).not.toEqual([])
    expect(droppedFrom(BEFORE, '', changed)).toEqual({ details: [], unmanaged: ['is not declared'] })
  })

  it('of which an earlier version kept no value goes, whatever it is', () => {
    expect(droppedFrom(BEFORE, '', changed, { passwordPolicy: {} }).details).not.toEqual([])
  })
})
