import { expect, it } from 'vitest'
import { askForTests, told } from './ask.ts'
import { ADMINISTRATOR, type Parts, trusts } from './estates.ts'

const asked = askForTests()
const reading = (policy: string, roles: Parts['roles'] = {}): Parts => ({
  users: { ann: { managed: [policy] } },
  roles,
})

it.each(['ReadOnlyAccess', 'job-function/ViewOnlyAccess', 'SecurityAudit'])(
  'whoever may only read by %s comes to nothing, whoever else there may be',
  (policy) => {
    for (const inventory of ['complete', 'declared'] as const)
      expect(told(asked().existing(reading(policy), 'user/ann', inventory))).toEqual([])
  },
)

// Amazon GameLift API Reference, GetComputeAccess: AWS calls it reading, and it opens a shell
it('but to a role that is there and that something of theirs may have', () => {
  const roles = { fleet: { managed: [ADMINISTRATOR], trust: trusts('gamelift.amazonaws.com') } }
  const found = told(asked().existing(reading('ReadOnlyAccess', roles), 'user/ann', 'declared'))
  expect(found).toHaveLength(1)
  expect(found[0]).toContain('runs code in a fleet that has role/fleet')
})
