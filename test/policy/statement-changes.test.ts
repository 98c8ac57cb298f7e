import { describe, expect, test } from 'vitest'
import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import { canonicalStatement, sameDocument, statementsOf } from '../../src/policy/canonical.ts'
import { statementChanges } from '../../src/policy/statement-changes.ts'
import { ACCOUNT, mutatedPair, policyDocument, respelledPair } from '../arbitraries/policy.ts'
import fc from '../fixed-seed.ts'

const read: PolicyStatement = { Sid: 'Read', Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' }
const write: PolicyStatement = { Sid: 'Write', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }
const deny: PolicyStatement = { Sid: 'Deny', Effect: 'Deny', Action: 'iam:*', Resource: '*' }
const document = (...statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
})
/** `+A`, `-B`, `~C`: what happens to which Sid, in order. */
const summary = (before: PolicyDocument | null, after: PolicyDocument | null): string =>
  statementChanges(before, after, ACCOUNT)
    .map(({ change, sid }) => `${{ added: '+', removed: '-', changed: '~' }[change]}${sid}`)
    .join(' ')
const without = ({ Sid: _, ...statement }: PolicyStatement): PolicyStatement => statement

describe('pairing', () => {
  test('a statement of the same Sid is changed, however little is left of it', () => {
    const other = { ...deny, Sid: 'Read' }
    expect(statementChanges(document(read), document(other), ACCOUNT)).toEqual([
      { change: 'changed', sid: 'Read', before: read, after: other },
    ])
  })

  test('the Sid beats similarity', () => {
    const swapped = document({ ...deny, Sid: 'Read' }, { ...read, Sid: 'Deny' })
    expect(summary(document(read, deny), swapped)).toBe('~Read ~Deny')
  })

  test('without Sids the most similar statement is the changed one', () => {
    const before = document(without(read), without(deny))
    const after = document({ ...without(deny), Resource: 'arn:aws:iam::*:user/*' }, without(read))
    expect(statementChanges(before, after, ACCOUNT)).toEqual([
      {
        change: 'changed',
        sid: null,
        before: without(deny),
        after: { ...without(deny), Resource: 'arn:aws:iam::*:user/*' },
      },
    ])
  })

  test('a renamed statement is changed', () => {
    expect(summary(document(read), document({ ...read, Sid: 'ReadAll' }))).toBe('~ReadAll')
  })

  test('statements with nothing in common are removed and added', () => {
    expect(summary(document(read), document({ ...deny, Resource: 'arn:aws:s3:::x' }))).toBe('-Read +Deny')
  })

  test('a repeated statement changes nothing', () => {
    expect(summary(document(read), document(read, read))).toBe('')
    expect(summary(document(read, read), document(read))).toBe('')
  })

  test('a new or a deleted document adds or removes all of its statements', () => {
    expect(summary(null, document(read, write))).toBe('+Read +Write')
    expect(summary(document(read, write), null)).toBe('-Read -Write')
    expect(summary(null, null)).toBe('')
  })
})

describe("the author's order", () => {
  test('removed statements stand before what followed them', () => {
    const changed = { ...deny, Action: ['iam:*', 'sts:*'] }
    expect(summary(document(read, write, deny), document(write, changed))).toBe('-Read ~Deny')
    expect(summary(document(read, deny, write), document(read, { ...write, Action: 's3:Put*' }))).toBe(
      '-Deny ~Write',
    )
  })

  test('removed statements stand before the added ones that took their place', () => {
    const list = {
      Sid: 'List',
      Effect: 'Allow',
      Action: 'ec2:Describe*',
      Resource: 'arn:aws:ec2:::x',
    } as const
    expect(summary(document(read, deny, write), document(read, list, write))).toBe('-Deny +List')
  })

  test('added statements stand where they are added', () => {
    expect(summary(document(write), document(read, write, deny))).toBe('+Read +Deny')
  })

  test('statements are shown as written', () => {
    const spelled = {
      Resource: ['*'],
      Action: ['S3:PutObject', 's3:DeleteObject'],
      Effect: 'Allow',
      Sid: 'Write',
    } as const
    expect(statementChanges(document(write), document(spelled), ACCOUNT)[0]?.after).toBe(spelled)
  })
})

describe('for any two documents', () => {
  test('there is none exactly when the statements say the same', () => {
    fc.assert(
      fc.property(respelledPair(), ([a, b]) => {
        expect(statementChanges(a, b, ACCOUNT)).toEqual([])
      }),
    )
    fc.assert(
      fc.property(mutatedPair(), ({ document: before, mutation }) => {
        const sameStatements = sameDocument(
          { Statement: before.Statement },
          { Statement: mutation.document.Statement },
          ACCOUNT,
        )
        expect(statementChanges(before, mutation.document, ACCOUNT).length === 0).toBe(sameStatements)
      }),
    )
  })

  test('the changes, carried out, lead from the one to the other', () => {
    fc.assert(
      fc.property(policyDocument(), policyDocument(), (before, after) => {
        const texts = new Set(statementsOf(before).map((statement) => canonicalStatement(statement, ACCOUNT)))
        const changes = statementChanges(before, after, ACCOUNT)
        for (const { before: gone } of changes)
          if (gone !== null) expect(texts.delete(canonicalStatement(gone, ACCOUNT))).toBe(true)
        for (const { after: come } of changes) if (come !== null) texts.add(canonicalStatement(come, ACCOUNT))
        expect([...texts].sort()).toEqual(
          statementsOf(after)
            .map((statement) => canonicalStatement(statement, ACCOUNT))
            .sort(),
        )
      }),
      { numRuns: 300 },
    )
  })
})
