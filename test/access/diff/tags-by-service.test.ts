import { expect, it } from 'vitest'
import { allow, document } from '../../evaluator/estate-world.ts'
import { analysisForTests } from './estate-diffs.ts'

const analysis = analysisForTests()

const Condition = {
  StringEquals: { 'elasticloadbalancing:ResourceTag/team': 'a', 'aws:ResourceTag/team': 'b' },
}
const DELETE = 'elasticloadbalancing:DeleteLoadBalancer'
// Another service's, whose requests tell a load balancer's tags as well.
const SHIFT = 'arc-zonal-shift:StartZonalShift'

// IAM User Guide, "AWS global condition context keys": aws:ResourceTag. A load balancer's tags are shown under two names.
it.each([
  [DELETE, SHIFT],
  [SHIFT, DELETE],
])(
  'two names of a tag are one where the service is theirs, whatever was asked before: %s, %s',
  (...actions) => {
    const after = document(...actions.map((action) => allow(action, { Condition })))
    const { gained, unknown } = analysis().analyzer.diffPolicies(
      { json: document(), located: null },
      { json: after, located: null },
    )
    expect(unknown).toEqual([])
    expect(gained.map((entry) => entry.actions)).toEqual([[SHIFT]])
  },
)
