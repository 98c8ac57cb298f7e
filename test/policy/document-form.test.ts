import { describe, expect, it, test } from 'vitest'
import { isPolicyDocument } from '../../src/policy/document-form.ts'
import { policyDocument } from '../arbitraries/policy.ts'
import fc from '../fixed-seed.ts'

const of = (statement: unknown) => ({ Version: '2012-10-17', Statement: statement })
const read = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' }

test('every policy document has the form of one', () => {
  fc.assert(fc.property(policyDocument(), (document) => isPolicyDocument(document)))
})

describe('has the form of a policy document', () => {
  it.each([
    ['one statement without a list', of(read)],
    ['no statement at all', of([])],
    ['an element that nobody knows', of({ ...read, Comment: 1 })],
    ['numbers and booleans as values of conditions', of({ ...read, Condition: { Bool: { a: [true, 1] } } })],
    ['principals', of({ ...read, Principal: { AWS: ['*'], Service: 'ec2.amazonaws.com' } })],
  ])('%s', (_, json) => {
    expect(isPolicyDocument(json)).toBe(true)
  })
})

describe('has not', () => {
  it.each([
    ['nothing', null],
    ['a text', 'Allow'],
    ['a list', [read]],
    ['no Statement', { Version: '2012-10-17' }],
    ['a Version that is a number', { Version: 2012, Statement: [] }],
    ['a statement that is nothing', of([null])],
    ['a statement that is a list', of([[read]])],
    ['another effect', of({ ...read, Effect: 'Maybe' })],
    ['an action that is a number', of({ ...read, Action: 5 })],
    ['an action within a list within a list', of({ ...read, Action: [['s3:*']] })],
    ['a principal that is a number', of({ ...read, Principal: 5 })],
    ['a principal whose entries are numbers', of({ ...read, Principal: { AWS: 5 } })],
    ['a condition that is a text', of({ ...read, Condition: 'a' })],
    ['a condition without keys', of({ ...read, Condition: { Bool: 'a' } })],
    ['a condition with an object as a value', of({ ...read, Condition: { Bool: { a: {} } } })],
  ])('%s', (_, json) => {
    expect(isPolicyDocument(json)).toBe(false)
  })
})
