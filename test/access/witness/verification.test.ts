import { beforeAll, describe, expect, it } from 'vitest'
import { Comparer } from '../../../src/access/diff/comparer.ts'
import type { Comparison } from '../../../src/access/diff/comparison.ts'
import { EntryCollector } from '../../../src/access/entries/entries.ts'
import { EstateView } from '../../../src/access/estate-view.ts'
import { entityPrincipal } from '../../../src/access/principals/examined-principal.ts'
import { Reasoner } from '../../../src/access/reasoner.ts'
import { restRegion } from '../../../src/access/regions/region.ts'
import { Decider } from '../../../src/access/witness/decider.ts'
import { loadActions } from '../../../src/catalog/actions.ts'
import { ParsedDocuments } from '../../../src/evaluator/estate/parsed-documents.ts'
import { createPolicyEvaluator } from '../../../src/evaluator/policy-evaluator.ts'
import { accountOf, allow, document, HOME } from '../../evaluator/estate-world.ts'
import { NOW, one, userArn } from '../diff/estate-diffs.ts'

const READ = document(allow('s3:GetObject'))
const before = one(accountOf(HOME, { al: {}, bo: {} }))
const after = one(accountOf(HOME, { al: { policy: READ }, bo: { policy: READ } }))

let reasoner: Reasoner
let decider: Decider
let comparer: Comparer
let views: readonly [EstateView, EstateView]
beforeAll(async () => {
  const [actions, evaluator] = await Promise.all([loadActions(), createPolicyEvaluator()])
  reasoner = new Reasoner(actions, 'aws')
  decider = new Decider(evaluator, NOW)
  comparer = new Comparer(reasoner, NOW)
  const documents = new ParsedDocuments()
  const viewOf = (estate: typeof before) =>
    new EstateView(estate, { documentOf: () => null, now: NOW }, documents, () => [])
  views = [viewOf(after), viewOf(before)]
})

const comparisonOf = (name: string): Comparison => {
  const compared = comparer.compare(entityPrincipal(userArn(name), HOME), restRegion(HOME), ...views)
  if (compared === 'same' || compared === 'unknown') throw new Error(`${name}: ${compared}`)
  return compared
}
/** What is found of a user, by those whom it names, and what is unknown. */
const collected = (comparisons: readonly Comparison[]) => {
  const collector = new EntryCollector(reasoner, decider)
  for (const comparison of comparisons)
    collector.add('gained', comparison, comparer.gainsOf(comparison, views))
  return {
    named: collector.entries('gained').map(({ principals }) => principals),
    unknown: collector.unknown().map(({ principals, reason }) => [principals, reason]),
  }
}

describe('what reasoning finds is told when the evaluator agrees', () => {
  it('one entry for all who gain the same', () => {
    expect(collected([comparisonOf('al'), comparisonOf('bo')])).toEqual({
      named: [[userArn('al'), userArn('bo')]],
      unknown: [],
    })
  })
  it('of who is not allowed it is unknown, and never ends anything', () => {
    const al = comparisonOf('al')
    expect(collected([{ ...al, now: { ...al.now, layers: {} } }])).toEqual({
      named: [],
      unknown: [[[userArn('al')], 'unverified']],
    })
  })
  it('of who is allowed on the other side as well it is unknown', () => {
    const al = comparisonOf('al')
    expect(collected([{ ...al, before: { ...al.now, side: al.before.side } }])).toEqual({
      named: [],
      unknown: [[[userArn('al')], 'unverified']],
    })
  })
  it('of each by itself: who is found alike is not named beside the others unasked', () => {
    const bo = comparisonOf('bo')
    expect(collected([comparisonOf('al'), { ...bo, now: { ...bo.now, layers: {} } }])).toEqual({
      named: [[userArn('al')]],
      unknown: [[[userArn('bo')], 'unverified']],
    })
  })
})
