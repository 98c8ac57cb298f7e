// Chains of roles where tags of sessions decide about the steps: each is taken with the tags that this very way leaves open.
import { describe, expect, it } from 'vitest'
import type { PolicyDocument, PolicyStatement } from '../../../src/model/index.ts'
import { accountOf, allow, document, grant, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, one, roleArn, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const ASSUME = 'sts:AssumeRole'
const TAG = 'sts:TagSession'
const BOTH = [ASSUME, TAG] as unknown as string
const MAY_ASSUME: PolicyDocument = document(allow(BOTH))

const passing = (team: string) => ({ StringLike: { 'aws:RequestTag/team': team } })
const having = (team: string) => ({ StringEquals: { 'aws:PrincipalTag/team': team } })
const handingOn = (team: string) => ({
  ...passing(team),
  'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' },
})
const NO_TAGS = { Null: { 'aws:TagKeys': 'true' } }

const from = (principal: string, Condition: object | null = null, action = BOTH): PolicyStatement =>
  grant({ AWS: principal }, action, Condition === null ? {} : { Condition })

type Trusts = Readonly<Record<string, readonly PolicyStatement[]>>

const estate = (trusts: Trusts) =>
  one(
    accountOf(
      HOME,
      { al: {}, carol: {} },
      Object.fromEntries(
        Object.entries(trusts).map(([name, statements]) => [
          name,
          { policy: MAY_ASSUME, trust: document(...statements) },
        ]),
      ),
    ),
  )

const shortOf = (arn: string) => arn.split('/').at(-1) ?? arn

/** `al > hop > middle`, of whoever is told of with a chain, and `al ?` of whom something isn't known. */
function chainsOf(before: Trusts, after: Trusts): readonly string[] {
  const { gained, unknown } = analysis().diff(estate(before), estate(after))
  const chains = gained
    .filter(({ via }) => via.length > 0)
    .flatMap(({ principals, via, resources }) =>
      principals.map((each) => [each, ...via, ...resources].map(shortOf).join(' > ')),
    )
  const open = unknown.flatMap(({ principals }) => principals.map((each) => `${shortOf(each)} ?`))
  return [...new Set([...chains, ...open])].sort()
}

const [al, carol, hop, other] = [userArn('al'), userArn('carol'), roleArn('hop'), roleArn('other')]
const ASKS_FOR_PAYMENTS = [from(hop, having('payments'))]

describe('a chain of roles', () => {
  it('is none of whoever passes another tag than its next step asks for, though somebody else passes that', () => {
    const hops = [from(al, passing('re*')), from(carol, passing('payments'))]
    expect(chainsOf({}, { hop: hops, middle: ASKS_FOR_PAYMENTS })).toEqual(['carol > hop > middle'])
  })

  it('is gained once the right tag may be passed, where others could pass it before', () => {
    const others = from(carol, passing('payments'))
    const before = { hop: [from(al, passing('re*')), others], middle: ASKS_FOR_PAYMENTS }
    const after = { ...before, hop: [from(al, passing('*')), others] }
    expect(chainsOf(before, after)).toEqual(['al > hop > middle'])
    expect(chainsOf(after, after)).toEqual([])
  })

  it('is gained by permission to tag alone', () => {
    const hops = (team: string) => [from(al, null, ASSUME), from(al, passing(team), TAG), from(carol)]
    const before = { hop: hops('re*'), middle: ASKS_FOR_PAYMENTS }
    expect(chainsOf(before, { ...before, hop: hops('*') })).toEqual(['al > hop > middle'])
  })

  it('goes by a longer way where only that one hands on the tag', () => {
    const trusts = {
      other: [from(al, handingOn('payments'))],
      hop: [from(al, passing('re*')), from(other, NO_TAGS)],
      middle: ASKS_FOR_PAYMENTS,
    }
    expect(chainsOf({}, trusts)).toEqual(['al > other > hop > middle', 'other > hop > middle'])
  })

  it('has the same tags all along', () => {
    const trusts = (first: string) => ({
      other: [from(al, handingOn(first)), from(carol, handingOn('payments'))],
      hop: [from(other, NO_TAGS)],
      middle: ASKS_FOR_PAYMENTS,
    })
    expect(
      chainsOf({}, trusts('re*')).filter((each) => each.endsWith('middle') && !each.startsWith('other')),
    ).toEqual(['carol > other > hop > middle'])
    expect(
      chainsOf({}, trusts('pay*')).filter((each) => each.endsWith('middle') && !each.startsWith('other')),
    ).toEqual(['al > other > hop > middle', 'carol > other > hop > middle'])
  })

  it('does not begin with a step that nobody was found to take', () => {
    // Whoever is in the circle would have to be in it already.
    const circle = {
      hop: [from(HOME, passing('re*'))],
      middle: ASKS_FOR_PAYMENTS,
      end: [from(roleArn('middle'), null, ASSUME)],
    }
    const found = chainsOf({}, circle)
    expect(found.filter((each) => each.startsWith('hop'))).toEqual(['hop ?'])
  })

  it('is not taken for told where tagging alone is gained, and the role is reached by another', () => {
    const before = { hop: [from(carol)], middle: [from(hop, null, ASSUME)] }
    const after = { hop: [from(carol), from(al)], middle: [from(hop, null, ASSUME), from(al, null, TAG)] }
    expect(chainsOf(before, after)).toEqual(['al > hop > middle'])
  })

  it('is unknown of who comes to a step now that was open before', () => {
    const circle = { hop: [from(HOME, passing('re*'))], middle: ASKS_FOR_PAYMENTS }
    // Whoever passes tags to the other role reaches the first step of the circle by it.
    const before = { ...circle, other: [from(carol)] }
    expect(chainsOf(before, before)).toEqual([])
    const opened = { ...circle, other: [from(carol), from(al)] }
    expect(chainsOf(before, opened)).toEqual(['al > other > hop', 'al ?'])
  })

  it('is shown by a request of the session that goes it', () => {
    const trusts = {
      hop: [from(al, passing('re*')), from(carol)],
      middle: [from(hop, { StringLike: { 'aws:PrincipalTag/team': '*e*' } })],
    }
    const { gained } = analysis().diff(estate({}), estate(trusts))
    const [ofAl] = gained.filter(({ via, principals }) => via.length > 0 && principals.includes(al))
    expect(ofAl?.witness.context.get('aws:PrincipalTag/team')?.[0]).toMatch(/^re/)
  })

  // A session that somebody starts by AssumeRole has nothing of the sign-in that others of the same role began with.
  it('takes no step that asks for a sign-in after the first, which a session of somebody signed in may take', () => {
    const issuer = 'token.actions.githubusercontent.com'
    const signedIn = { StringLike: { [`${issuer}:sub`]: 'repo:example/app:*' } }
    const provider = `arn:aws:iam::${HOME}:oidc-provider/${issuer}`
    const federated = grant({ Federated: provider }, 'sts:AssumeRoleWithWebIdentity')
    const trusts = {
      hop: [from(al), federated],
      middle: [from('*', signedIn)],
      end: [from(roleArn('middle'))],
    }
    expect(chainsOf({}, trusts)).toEqual(['hop > middle > end'])
    // The trust of the first role lets in nobody who signs in: no session of it can take the step.
    expect(chainsOf({}, { ...trusts, hop: [from('*', null, ASSUME)] })).toEqual([])
  })
})
