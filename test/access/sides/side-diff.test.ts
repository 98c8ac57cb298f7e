// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import { userIdOf } from '../../../src/access/principals/principal-keys.ts'
import { Reasoner } from '../../../src/access/reasoner.ts'
import type { ResourceScope } from '../../../src/access/sides/scope.ts'
import type { SideFinding } from '../../../src/access/sides/side-finding.ts'
import type { CasePolicies, Statement } from '../../oracle/case.ts'
import { ROLE, USER } from '../random-pairs.ts'
import { TOY_ACTIONS } from '../toy-catalog.ts'
import { diffLayers, layersOf } from './diff-pair.ts'

const policies = (...statements: readonly Statement[]): CasePolicies => ({
  identity: [{ Version: '2012-10-17', Statement: statements }],
})
const allow = (rest: Omit<Statement, 'Effect'>): Statement => ({ Effect: 'Allow', ...about(rest) })
const deny = (rest: Omit<Statement, 'Effect'>): Statement => ({ Effect: 'Deny', ...about(rest) })
const about = (rest: Omit<Statement, 'Effect'>) => ({
  ...(rest.NotAction === undefined ? { Action: 'x:A' } : {}),
  ...(rest.NotResource === undefined ? { Resource: '*' } : {}),
  ...rest,
})

interface Asking {
  readonly reasoner?: Reasoner
  readonly principal?: string
  readonly scope?: (reasoner: Reasoner) => Partial<ResourceScope>
}

function diffOf(
  from: CasePolicies,
  to: CasePolicies,
  { reasoner = new Reasoner(TOY_ACTIONS, 'aws'), principal = USER, scope = () => ({}) }: Asking = {},
) {
  return diffLayers(reasoner, principal, layersOf(from), layersOf(to), scope(reasoner))
}

const told = (findings: readonly SideFinding[]) =>
  findings.map(({ tier, actions }) => `${tier} ${actions.join(' ')}`)
const gained = (from: CasePolicies, to: CasePolicies, asking?: Asking) =>
  told(diffOf(from, to, asking).findings)
const thing = (name: string) => `arn:aws:s::1:${name}`

// SEMANTICS, operators: of the bound itself alone `…Equals` is told apart
describe('a bound', () => {
  it.each([
    ['NumericLessThan', 'aws:MultiFactorAuthAge', '5'],
    ['NumericGreaterThan', 'aws:MultiFactorAuthAge', '5'],
    ['DateLessThan', 'aws:CurrentTime', '2026-03-01T00:00:00Z'],
    ['DateGreaterThan', 'aws:CurrentTime', '2026-03-01T00:00:00Z'],
  ])('%s leaves it out, and with Equals takes it in', (operator, key, value) => {
    const without = policies(allow({ Condition: { [operator]: { [key]: value } } }))
    const within = policies(allow({ Condition: { [`${operator}Equals`]: { [key]: value } } }))
    expect(gained(without, within)).toEqual(['typed x:A'])
    expect(gained(within, without)).toEqual([])
  })
})

describe('actions of a difference', () => {
  it('an Allow with an empty NotAction never applies', () => {
    expect(gained(policies(), policies(allow({ NotAction: [] })))).toEqual([])
    expect(gained(policies(deny({ NotAction: [] })), policies(allow({})))).toEqual(['typed x:A'])
  })

  it('a layer that allows nothing is not the same as none', () => {
    const reasoner = new Reasoner(TOY_ACTIONS, 'aws')
    const to = policies(allow({ Resource: thing('a') }))
    const boundary = [{ Statement: allow({ Resource: thing('b') }) }]
    expect(gained(policies(), to, { reasoner })).toEqual(['typed x:A'])
    expect(gained(policies(), { ...to, boundary }, { reasoner })).toEqual([])
  })

  it('where no resource is left to ask about, nothing is found', () => {
    const scope = (reasoner: Reasoner) => ({ outside: [reasoner.anyResource], withStar: false })
    expect(gained(policies(), policies(allow({})), { scope })).toEqual([])
  })

  it('a pattern that was there before grants actions to come once a deny of it is gone', () => {
    const [open, closed] = [allow({ Action: 'q:*' }), deny({ Action: 'q:*' })]
    expect(gained(policies(open, closed), policies(open))).toEqual(['future q:*'])
    expect(gained(policies(open), policies(open, allow({ Action: 'q:Z*' })))).toEqual([])
  })

  it('actions that policies name are no future ones', () => {
    const both = allow({ Action: '*', Resource: 'arn:aws:s:*:1:a' })
    const { findings } = diffOf(
      policies(both, deny({ Action: ['iam:A', 'x:a*'], Resource: 'arn:aws:s*' })),
      policies(both, deny({ Action: 'x:*' }), deny({ Action: 'iam:A', Resource: 'arn:aws:s*' })),
    )
    expect(findings).toEqual([])
  })

  it('an old pattern behind a layer that allows nothing covers no future actions', () => {
    const always = allow({ Action: 'q:*' })
    const never = [{ Statement: allow({ Resource: [] }) }]
    expect(gained({ ...policies(always), boundary: never }, policies(always))).toEqual(['future q:*'])
  })
})

describe('what follows from each other', () => {
  it('a key that the resource tells has the value of its segment', () => {
    const { findings } = diffOf(
      policies(),
      policies(
        allow({
          Resource: 'arn:aws:s:r:1:a',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': 'q', 'aws:ResourceAccount': '2' } },
        }),
      ),
    )
    expect(findings.map(({ request }) => Object.fromEntries(request.context))).toEqual([
      { 'aws:RequestedRegion': ['r'], 'aws:ResourceAccount': ['1'] },
    ])
  })

  it('every request is about some account', () => {
    const Condition = { Null: { 'aws:ResourceAccount': 'true' } }
    expect(gained(policies(), policies(allow({ Action: 'x:*', Condition })))).toEqual([])
  })

  it('temporary credentials of a user call IAM with MFA only, STS not at all, and other services', () => {
    const Condition = {
      Null: { 'aws:TokenIssueTime': 'false' },
      BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
    }
    const to = policies(allow({ Action: '*', Condition }))
    expect(gained(policies(), to)).toEqual(['typed s3:G s3:ListAllMyBuckets s3:O sqs:S x:A x:Ab x:B y:A y:B'])
    expect(gained(policies(), to, { principal: ROLE })).toEqual([
      'typed iam:A s3:G s3:ListAllMyBuckets s3:O sqs:S sts:B x:A x:Ab x:B y:A y:B',
    ])
    const future = policies(allow({ Action: ['iam:q*', 'q:*'], Condition }))
    expect(gained(policies(), future)).toEqual(['future q:*'])
  })
})

describe('variables that nobody knows', () => {
  it('may be longer than one character', () => {
    const from = policies(allow({ Resource: [thing('?'), thing('z${x:s}')] }))
    expect(gained(from, policies(allow({ Resource: thing('${x:s}') })))).toEqual(['typed x:A'])
  })

  it('are text like any other at the end of an ARN', () => {
    const on = (operator: string, pattern: string) =>
      policies(allow({ Condition: { [operator]: { 'x:r': pattern } } }))
    const ending = on('StringLike', '*${x:s}')
    const named = on('ArnLike', 'arn:aws:s:*:*:thing/${x:s}')
    expect(diffOf(ending, named)).toEqual({ findings: [], doubts: [] })
    expect(gained(named, ending)).toEqual(['typed x:A'])
  })

  it('are tried with a value of their own form', () => {
    const scope = (): Partial<ResourceScope> => ({
      principal: {
        id: 'bound',
        kind: 'user',
        keyFacts: (key) => ({
          values: null,
          maySeveral: false,
          mayBeAbsent: key !== 'aws:userid',
          ...(key === 'aws:userid' ? { within: [userIdOf('user')] } : {}),
        }),
      },
    })
    const own = (owner: string) => policies(allow({ Condition: { StringEquals: { 'x:t': owner } } }))
    expect(diffOf(own('${aws:userid}'), own('someone'), { scope }).doubts).toEqual([])
    expect(gained(own('${aws:userid}'), own('someone'), { scope })).toEqual(['typed x:A'])
  })

  it('may hold colons', () => {
    const from = policies(allow({ Resource: ['arn:aws:s:*q:1:a', 'arn:aws:t::1:${x:s}'] }))
    expect(gained(from, policies(allow({ Resource: 'arn:aws:s:${x:s}q:1:a' })))).toEqual(['pattern x:A'])
  })

  it('are not the same text in the eyes of operators that read it otherwise', () => {
    const on = (operator: string) => policies(allow({ Condition: { [operator]: { 'x:t': '${x:s}' } } }))
    expect(gained(on('StringEquals'), on('StringEqualsIgnoreCase'))).toEqual(['typed x:A'])
    expect(gained(on('ArnLike'), on('StringLike'))).toEqual(['typed x:A'])
  })

  it('are no ARN with as many segments as the pattern shows', () => {
    const from = policies(allow({ Condition: { ArnLike: { 'x:r': 'arn:*:${x:s}:a' } } }))
    const to = policies(allow({ Condition: { ArnLike: { 'x:r': 'arn:aws:s:r:${x:s}:a' } } }))
    expect(gained(from, to)).toEqual(['typed x:A'])
  })

  it('are not empty, but by a default', () => {
    const from = policies(allow({ Resource: thing('??*') }))
    expect(diffOf(from, policies(allow({ Resource: thing('${aws:s}${aws:t}') })))).toEqual({
      findings: [],
      doubts: [],
    })
    // What a service, or the client, says may be.
    expect(gained(from, policies(allow({ Resource: thing('${x:s}${x:t}') })))).toEqual(['typed x:A'])
    const withDefault = policies(allow({ Resource: thing("${x:s}${x:t, ''}") }))
    expect(gained(from, withDefault)).toEqual(['typed x:A'])
  })

  it('are looked for one after the other', () => {
    const to = policies(
      allow({ Resource: thing('${x:s}'), Condition: { StringEquals: { 'x:s': 'a${x:t}' } } }),
      deny({ NotResource: thing('ab') }),
    )
    expect(gained(policies(), to)).toEqual(['typed x:A'])
  })

  it('are excluded once all that they may be is', () => {
    const to = policies(
      allow({ Resource: thing('${x:s}'), Condition: { StringEquals: { 'x:s': ['k', 'l'] } } }),
      deny({ NotResource: thing('m') }),
    )
    expect(diffOf(policies(), to)).toEqual({ findings: [], doubts: [] })
  })

  it('have a value where only patterns with them match', () => {
    const Condition = { Null: { 'aws:s': 'true' } }
    const to = policies(allow({ Resource: thing('${aws:s}'), Condition }))
    expect(diffOf(policies(), to)).toEqual({ findings: [], doubts: [] })
    const withDefault = policies(allow({ Resource: thing("${aws:s, 'd'}"), Condition }))
    expect(diffOf(policies(), withDefault).findings[0]?.request.resource).toBe(thing('d'))
  })

  it('need no value where a key that is compared with them may be absent', () => {
    const Condition = { StringLikeIfExists: { 'x:t': '${x:s}' }, Null: { 'x:s': 'true' } }
    expect(gained(policies(), policies(allow({ Condition })))).toEqual(['typed x:A'])
  })

  it('are not excluded by values that were tried in vain', () => {
    const Condition = {
      StringEquals: { 'x:s': 'a${x:t}', 'x:one': 'b${x:t}' },
      StringNotEquals: { 'x:s': ['ax', 'aexample'], 'x:one': 'by' },
    }
    const { findings, doubts } = diffOf(policies(), policies(allow({ Condition })))
    expect(findings.length + doubts.length).toBe(1)
  })

  it('that the resource tells are what it tells', () => {
    const region = 'arn:aws:s:${aws:RequestedRegion}:1:a'
    const to = policies(allow({ Resource: 'arn:aws:s:r:1:a' }), deny({ Resource: region }))
    expect(diffOf(policies(), to)).toEqual({ findings: [], doubts: [] })
    const [found] = diffOf(policies(), policies(allow({ Resource: region }))).findings
    const segment = found?.request.resource.split(':')[3]
    expect(found?.request.context.get('aws:requestedregion')).toEqual([segment])
  })

  it('leave an action among those told when it may be typed', () => {
    const to = policies(
      allow({ Action: 'y:A', Resource: '*' }),
      allow({ Action: ['x:A', 'y:A'], Resource: 'arn:aws:s:${x:s}:1:a' }),
    )
    const { findings, doubts } = diffOf(policies(), to)
    expect(findings.flatMap(({ actions }) => actions)).toContain('x:A')
    expect(doubts).toEqual([])
  })
})

describe('conditions turned around: a known key and an unknown variable', () => {
  const gains = (condition: NonNullable<Statement['Condition']>) => {
    const { findings, doubts } = diffOf(policies(), policies(allow({ Condition: condition })))
    expect(doubts).toEqual([])
    return findings.map(({ request }) => Object.fromEntries(request.context))
  }
  const TEAM = 'aws:PrincipalTag/team' // is `a`

  it.each([
    ['the value itself', { StringEquals: { [TEAM]: '${x:s}' } }, [{ 'x:s': ['a'] }]],
    ['a default that is the value', { StringEquals: { [TEAM]: "${x:s, 'a'}" } }, [{}]],
    ['an empty default', { StringEquals: { [TEAM]: "a${x:s, ''}" } }, [{}]],
    ['an empty value', { StringEquals: { [TEAM]: 'a${x:s}' } }, [{ 'x:s': [''] }]],
    ['only a default of who asks is empty', { StringEquals: { [TEAM]: 'a${aws:s}' } }, []],
    [
      'either case',
      { StringEqualsIgnoreCase: { [TEAM]: '${x:s}' }, StringEquals: { 'x:s': 'A' } },
      [{ 'x:s': ['A'] }],
    ],
    ['a pattern around it', { StringLike: { [TEAM]: '${x:s}*' } }, [{ 'x:s': ['a'] }]],
    ['of two values one', { StringLike: { [TEAM]: ['b${x:t}', '${x:s}*'] } }, [{ 'x:s': ['a'] }]],
    ['a set of one', { 'ForAnyValue:StringEquals': { [TEAM]: '${x:s}' } }, [{ 'x:s': ['a'] }]],
    ['negated', { StringNotEquals: { [TEAM]: '${x:s}' }, Null: { 'x:s': 'false' } }, [{ 'x:s': ['x'] }]],
    ['several values are none', { StringEquals: { [TEAM]: '${x:s}', 'x:s': 'b' } }, []],
    [
      'nor are those of a key that has several',
      { StringEquals: { [TEAM]: '${aws:TagKeys}' }, 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'b' } },
      [],
    ],
    ['what it already is', { StringEquals: { [TEAM]: ['${x:s}', 'a'] } }, [{}]],
  ])('%s', (_, condition, contexts) => {
    expect(gains(condition)).toEqual(contexts)
  })

  it('a key that is known to be absent needs no variable', () => {
    expect(gains({ StringNotLike: { 'aws:PrincipalTag/none': '${x:s}*' } })).toEqual([{}])
    expect(gains({ StringLike: { 'aws:PrincipalTag/none': '${x:s}*' } })).toEqual([])
  })
})

// An infinity of values could be tried one by one
describe('a key that is to equal a variable of unknown value', () => {
  const EQUAL = { StringEquals: { 'x:s': '${x:t}' } }
  const diff = (...statements: readonly Statement[]) => {
    const { findings, doubts } = diffOf(policies(), policies(...statements))
    expect(doubts).toEqual([])
    return findings.map(({ request }) => Object.fromEntries(request.context))
  }

  it.each<[string, readonly Statement[]]>([
    ['other patterns', [allow({ Condition: { ...EQUAL, StringLike: { 'x:s': 'a*', 'x:t': 'b*' } } })]],
    [
      'a pattern and none of it',
      [allow({ Condition: { ...EQUAL, StringLike: { 'x:t': 'a*' }, StringNotLike: { 'x:s': 'a*' } } })],
    ],
    [
      'none that is there',
      [
        allow({ Condition: { ...EQUAL, StringNotEquals: { 'x:t': '' } } }),
        deny({ Condition: { Null: { 'x:s': 'false' } } }),
      ],
    ],
    [
      'what is denied either way',
      [
        allow({ Condition: EQUAL }),
        deny({ Condition: { StringLike: { 'x:s': 'a*' } } }),
        deny({ Condition: { StringNotLike: { 'x:t': 'a*' } } }),
      ],
    ],
  ])('is the same text: %s', (_, statements) => {
    expect(diff(...statements)).toEqual([])
  })

  it('is found where one text will do', () => {
    const condition = { ...EQUAL, StringLike: { 'x:s': 'a*', 'x:t': '*b' } }
    const [context] = diff(allow({ Condition: condition }))
    expect(context).toEqual({ 'x:s': ['ab'], 'x:t': ['ab'] })
  })

  it('is another in another case, or as an ARN', () => {
    const folded = { StringEqualsIgnoreCase: { 'x:s': '${x:t}' }, StringLike: { 'x:s': 'a*', 'x:t': 'A*' } }
    expect(diff(allow({ Condition: folded }))).toHaveLength(1)
    const arn = {
      ArnLike: { 'x:s': '${x:t}' },
      StringEquals: { 'x:s': 'arn:aws:s:::ab' },
      StringLike: { 'x:t': 'arn:aws:s:::a?*' },
    }
    expect(diff(allow({ Condition: arn }))).toHaveLength(1)
  })

  it('is another where the key may be absent, or the variable has a default', () => {
    const ifThere = { StringEqualsIfExists: { 'x:s': '${x:t}' }, StringLike: { 'x:t': 'b*' } }
    expect(diff(allow({ Condition: { ...ifThere, StringNotLike: { 'x:s': 'b*' } } }))).toHaveLength(1)
    const orDefault = { StringEquals: { 'x:s': "${x:t, 'a'}" }, StringNotLike: { 'x:t': 'a*' } }
    expect(diff(allow({ Condition: { ...orDefault, StringLike: { 'x:s': 'a*' } } }))).toHaveLength(1)
  })
})
