import { expect, it } from 'vitest'
import type { AccountState, RoleState } from '../../src/model/index.ts'
import { planOf } from './plan-of.ts'

const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }'
const roles = (...names: readonly string[]) =>
  `roles: { ${names.map((name) => `${name}: { trustPolicy: ${TRUST} }`).join(', ')} }`

/** As many roles that services have made for themselves as make the share of what is deleted small. */
const withServiceRoles = (state: AccountState): AccountState => {
  const [own] = state.entities.role.values()
  if (own === undefined) throw new Error('no role')
  const made = Array.from({ length: 20 }, (_, index): [string, RoleState] => {
    const name = `AWSServiceRoleForExample${index}`
    const path = `/aws-service-role/example${index}.amazonaws.com/`
    return [name, { ...own, name, path, arn: `arn:aws:iam::${state.account.id}:role${path}${name}` }]
  })
  return { ...state, entities: { ...state.entities, role: new Map([...state.entities.role, ...made]) } }
}
const refusalsOf = (minimumExisting: number) =>
  planOf({
    before: roles('a', 'b', 'c', 'd'),
    after: roles('a'),
    rules: `guard: { maxDeletePercent: 50, minimumExisting: ${minimumExisting} }\nscope: { roles: all }`,
    observe: withServiceRoles,
  }).plan.refusals

it('the guard counts the share of the deletions without what belongs to AWS', () => {
  expect(refusalsOf(4).map(({ rule, message }) => [rule, message])).toEqual([
    ['maxDeletePercent', expect.stringContaining('deletes 3 of 4 roles')],
  ])
})

it('what belongs to AWS does not make up the least number from which the guard counts', () => {
  expect(refusalsOf(5)).toEqual([])
})
