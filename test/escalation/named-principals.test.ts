import { expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests } from './ask.ts'
import { allows, arnOf, document, type Parts } from './estates.ts'

const asked = askForTests()
const account = (...held: readonly PolicyStatement[]): Parts => ({
  users: {
    ann: { groups: ['helpers'] },
    bob: { groups: ['helpers'], policy: document(allows('s3:*')) },
    cat: { policy: document(allows('s3:*')) },
  },
  groups: { helpers: { policy: document(...held) } },
})

it('only those are named to whom it gives more than they have, of all who gained the same', () => {
  const keys = allows('iam:CreateAccessKey', arnOf('user/cat'))
  const found = asked().gained(account(allows('sqs:*')), account(allows('sqs:*'), keys))
  expect(found.map(({ principals, targets }) => [principals, targets])).toEqual([
    [[arnOf('user/ann')], [arnOf('user/cat')]],
  ])
  expect(found[0]?.path.map(({ witness }) => witness?.principal)).toEqual([arnOf('user/ann')])
})
