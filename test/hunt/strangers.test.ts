// Whose requests are a stranger's: the public check must tell of those, and of no others.
import { expect, it } from 'vitest'
import { checkPair } from './check-pair.ts'
import { constantsIn } from './contexts.ts'
import { type EstatePair, estateFrom } from './estate-spec.ts'
import { kindOf } from './faults.ts'
import { noCounts } from './findings.ts'
import { huntTools } from './hunt.ts'
import type { Question } from './questions.ts'
import { requestersOf } from './requesters.ts'
import { isOfAStranger } from './strangers.ts'
import { HOME, iam, PARTNER_2, providersOf, resourcesOf, STRANGER } from './world.ts'

const { lambda } = resourcesOf('aws')
const { google } = providersOf('aws')

/** A function that everybody of one account may invoke, and whoever signs in with Google nothing else. */
const limitedBy = (key: string, value: string): EstatePair => ({
  before: { accounts: { [HOME]: {} } },
  after: {
    accounts: { [HOME]: {} },
    resources: {
      [lambda]: {
        account: HOME,
        policy: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'lambda:InvokeFunction',
            Resource: '*',
            Condition: { StringLike: { [key]: value } },
          },
          { Effect: 'Deny', Principal: { Federated: google }, Action: 'lambda:GetFunction', Resource: '*' },
        ],
      },
    },
  },
})

/** A session of a role that somebody got by Google. */
function askedBy(account: string, pair: EstatePair): Question {
  const requester = requestersOf(pair).find(({ kind }) => kind === 'provider')
  if (requester === undefined) throw new Error('the provider is one of those who ask')
  const context = new Map([
    ['aws:principalarn', [iam('aws', account, 'role/r')]],
    ['aws:principalaccount', [account]],
  ])
  return { requester, action: 'lambda:InvokeFunction', resource: lambda, context }
}

// A stranger's request has no value that the policy fixes: who has a session in the account that it means isn't anybody, however they
// have signed in. To hold is right of the public check there, since nobody gets such a session but by a role of that account.
it.each([
  ['aws:PrincipalAccount', PARTNER_2],
  ['aws:PrincipalArn', iam('aws', PARTNER_2, 'role/*')],
])('a session in the account that %s fixes is no stranger’s', async (key, value) => {
  const pair = limitedBy(key, value)
  const question = askedBy(PARTNER_2, pair)
  expect(isOfAStranger(question, constantsIn(pair))).toBe(false)
  const { analyzer, facts } = await huntTools()
  const counts = noCounts()
  expect((await checkPair(pair, [question], analyzer, facts, counts)).map(kindOf)).toEqual([])
  expect(counts.lookedUp).toBeGreaterThan(0)
})

it.each([
  ['aws:PrincipalAccount', '*7777*'],
  ['aws:PrincipalArn', 'arn:aws:iam::*:role/*'],
])('a session in any account that %s fits is a stranger’s', async (key, value) => {
  const pair = limitedBy(key, value)
  const question = askedBy(STRANGER, pair)
  expect(isOfAStranger(question, constantsIn(pair))).toBe(true)
  const { analyzer, facts } = await huntTools()
  expect(analyzer.noPublicAccess(estateFrom(pair.after), [HOME]).holds).toBe(false)
  expect((await checkPair(pair, [question], analyzer, facts)).map(kindOf)).toEqual([])
})
