// Whether a session needs its tags is asked of credentials as sessions have them: they always tell when they were issued.
import { expect, test } from 'vitest'
import type { ConditionBlock } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  grant,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, roleArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const BUCKET = 'arn:aws:s3:::data'
const READ = 's3:GetObject'

/** Tags of the sessions of a role that may read, in which a bucket lets in anybody by a condition; null: none are told. */
const tagsToRead = (Condition: ConditionBlock) => {
  const estate = estateWith(
    [
      accountOf(
        HOME,
        {},
        {
          hop: { trust: document() },
          end: {
            policy: document(
              allow(READ, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } } }),
            ),
            trust: document(
              grant({ AWS: roleArn('hop') }, 'sts:AssumeRole', {
                Action: ['sts:AssumeRole', 'sts:TagSession'],
              }),
            ),
          },
        },
      ),
    ],
    null,
    [resourceOf(BUCKET, HOME, document({ ...grant('*', READ, { Condition }), Resource: '*' }))],
  )
  const { violations, unknown } = analysis().analyzer.whoMay(estate, {
    actions: [READ],
    resources: [`${BUCKET}/x`],
    context: new Map(),
  })
  expect(unknown).toEqual([])
  return violations.flatMap(({ principals, sessionTags, witness }) =>
    principals.includes(roleArn('end'))
      ? [[sessionTags ?? null, witness.context.get('aws:PrincipalTag/team') ?? null]]
      : [],
  )
}

const TAGGED = [{ team: 'payments' }, ['payments']]

test('what lets in long-term credentials alone lets in no session', () => {
  expect(tagsToRead({ Null: { 'aws:TokenIssueTime': 'true' } })).toEqual([TAGGED])
})

test('a session without tags is let in as any temporary credentials are', () => {
  expect(tagsToRead({ Null: { 'aws:TokenIssueTime': 'false' } })).toContainEqual([null, null])
})
