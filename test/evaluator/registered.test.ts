import { describe, expect, it } from 'vitest'
import type { PolicyLayers } from '../../src/evaluator/layers.ts'
import { requestProblem } from '../../src/evaluator/module/request-facts.ts'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { Question } from '../../src/evaluator/question.ts'
import { UnevaluablePolicyError, UnevaluableRequestError } from '../../src/evaluator/unevaluable.ts'
import { InvalidCaseError, questionOf } from './ask.ts'
import { Random, randomCase } from './random-cases.ts'
import { SEED } from './seed.ts'

const CODES = ['allow', 'explicit_deny', 'implicit_deny'] as const

/** Random questions that can be decided. */
async function drawQuestions(random: Random, count: number): Promise<readonly Question[]> {
  const scratch = await createPolicyEvaluator()
  const questions: Question[] = []
  while (questions.length < count) {
    try {
      const question = questionOf(randomCase(random))
      scratch.prepare([question.layers])
      if (requestProblem(question.request) === null) questions.push(question)
    } catch (error) {
      if (!(error instanceof InvalidCaseError || error instanceof UnevaluablePolicyError)) throw error
    }
  }
  return questions
}

const ownLayers = ({ identity, boundary, session, scp }: PolicyLayers): PolicyLayers => ({
  ...(identity === undefined ? {} : { identity }),
  ...(scp === undefined ? {} : { scp }),
  boundary: boundary ?? null,
  session: session ?? null,
})

const resourceLayers = ({ rcp, resource, endpoint, endpointType }: PolicyLayers): PolicyLayers => ({
  ...(endpointType === undefined ? {} : { endpointType }),
  endpoint: endpoint ?? null,
  ...(rcp === undefined ? {} : { rcp }),
  resource: resource ?? null,
})

describe('registered principals, actions, contexts and resources', () => {
  it(`are decided as plain requests are (seed ${SEED})`, async () => {
    const questions = await drawQuestions(new Random(SEED), 1500)
    const plain = await createPolicyEvaluator()
    const expected = plain.evaluateMany(questions)
    const evaluator = await createPolicyEvaluator()
    const numbers = questions
      // Whoever owns the resource is not registered.
      .filter(({ request }) => request.resourceAccount === undefined)
      .map((question, index) => ({
        principal: evaluator.registerPrincipal({
          principal: question.request.principal,
          layers: ownLayers(question.layers),
        }),
        action: evaluator.registerAction(question.request.action),
        context: evaluator.registerContext(question.request.context),
        resourcePolicies: evaluator.registerResource(resourceLayers(question.layers)),
        resource: question.request.resource,
        expected: expected[questions.indexOf(question)],
        index,
      }))
    const ask = (asked: typeof numbers) =>
      [
        ...evaluator.decideRegistered({
          principals: Uint32Array.from(asked, ({ principal }) => principal),
          actions: Uint32Array.from(asked, ({ action }) => action),
          contexts: Uint32Array.from(asked, ({ context }) => context),
          resourcePolicies: Uint32Array.from(asked, ({ resourcePolicies }) => resourcePolicies),
          resources: asked.map(({ resource }) => resource),
        }),
      ].map((code) => CODES[code])
    expect(ask(numbers)).toEqual(numbers.map((each) => each.expected))
    // A plain question that brings new policies in between: all numbers of the module change.
    const { request } = questions[0] as Question
    expect(evaluator.evaluate({ request, layers: {} }).decision).toBe(plain.decide({ request, layers: {} }))
    expect(evaluator.evaluateMany(questions)).toEqual(expected)
    const turned = numbers.toReversed()
    expect(ask(turned)).toEqual(turned.map((each) => each.expected))
  })

  it('without contexts are asked under none', async () => {
    const evaluator = await createPolicyEvaluator()
    const principal = evaluator.registerPrincipal({
      principal: 'arn:aws:iam::111122223333:user/alice',
      layers: {},
    })
    const action = evaluator.registerAction('s3:GetObject')
    const decided = evaluator.decideRegistered({
      principals: Uint32Array.of(principal),
      actions: Uint32Array.of(action),
      resources: ['arn:aws:s3:::data/é'],
    })
    expect([...decided]).toEqual([2])
  })

  it('that nobody registered are refused', async () => {
    const evaluator = await createPolicyEvaluator()
    evaluator.registerAction('s3:GetObject')
    const requests = { actions: Uint32Array.of(0), resources: ['*'] }
    expect(() => evaluator.decideRegistered({ ...requests, principals: Uint32Array.of(0) })).toThrow(
      UnevaluableRequestError,
    )
    expect(() => evaluator.registerPrincipal({ principal: 'alice', layers: {} })).toThrow(
      UnevaluableRequestError,
    )
    expect(() => evaluator.registerAction('nonsense')).toThrow(UnevaluableRequestError)
    expect(() =>
      evaluator.registerContext(
        new Map([
          ['a:b', ['1']],
          ['A:B', ['2']],
        ]),
      ),
    ).toThrow(UnevaluableRequestError)
    evaluator.registerPrincipal({ principal: '*', layers: {} })
    expect(() =>
      evaluator.decideRegistered({ ...requests, resources: ['bucket'], principals: Uint32Array.of(0) }),
    ).toThrow(UnevaluableRequestError)
  })
})

describe('a question about everybody', () => {
  it(`finds those whom single questions allow (seed ${SEED})`, async () => {
    const random = new Random(SEED + 1)
    const questions = await drawQuestions(random, 400)
    const evaluator = await createPolicyEvaluator()
    const single = await createPolicyEvaluator()
    const principals = questions.map(({ request, layers }) => ({
      principal: request.principal,
      layers: ownLayers(layers),
      context: new Map(random.chance(0.3) ? [['aws:PrincipalTag/team', ['a']]] : []),
    }))
    for (const principal of principals) evaluator.registerPrincipal(principal)
    let found = 0
    for (const { request, layers } of questions.slice(0, 150)) {
      const resource = resourceLayers(layers)
      const asked = evaluator.whoCan({
        action: request.action,
        resource: request.resource,
        context: request.context,
        layers: resource,
        ...(request.resourceAccount === undefined ? {} : { resourceAccount: request.resourceAccount }),
      })
      const decided = single.evaluateMany(
        principals.map(({ principal, layers: own, context }) => ({
          request: { ...request, principal, context: merged(context, request.context) },
          layers: { ...own, ...resource },
        })),
      )
      expect([...asked]).toEqual(
        decided.flatMap((decision, number) => (decision === 'allow' ? [number] : [])),
      )
      found += asked.length
    }
    expect(found).toBeGreaterThan(500)
  })

  it('takes all buckets for those of the partition of each who asks', async () => {
    const evaluator = await createPolicyEvaluator()
    for (const partition of ['aws-cn', 'aws', 'aws-cn']) {
      const given = {
        request: {
          principal: `arn:${partition}:iam::111122223333:user/u`,
          action: 's3:ListAllMyBuckets',
          resource: '*',
        },
        policies: {
          identity: [
            { Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:${partition}:s3:::*` } } as const,
          ],
        },
      }
      const { request, layers } = questionOf(given)
      evaluator.registerPrincipal({ principal: request.principal, layers })
    }
    expect(evaluator.whoCan({ action: 's3:ListAllMyBuckets', resource: '*' })).toEqual(
      Uint32Array.of(0, 1, 2),
    )
  })

  it('is about nobody while nobody is registered', async () => {
    const evaluator = await createPolicyEvaluator()
    expect(evaluator.whoCan({ action: 's3:GetObject', resource: '*' })).toEqual(new Uint32Array(0))
    expect(() => evaluator.whoCan({ action: 's3:GetObject', resource: 'bucket' })).toThrow(
      UnevaluableRequestError,
    )
  })
})

/** What is given wins, whatever its spelling. */
function merged(
  own: ReadonlyMap<string, readonly string[]>,
  given: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const names = new Set([...given.keys()].map((key) => key.toLowerCase()))
  return new Map([...[...own].filter(([key]) => !names.has(key.toLowerCase())), ...given])
}

describe('an explanation in full', () => {
  it(`decides as without, and its layers say why (seed ${SEED})`, async () => {
    const questions = await drawQuestions(new Random(SEED + 2), 600)
    const evaluator = await createPolicyEvaluator()
    for (const question of questions) {
      const { decision, reasons } = evaluator.evaluate(question)
      const explained = evaluator.explain(question)
      expect(explained.decision).toBe(decision)
      expect(explained.reasons).toEqual(reasons)
      for (const { verdict, policies } of explained.layers) {
        const statements = policies.flatMap((policy) => policy.statements)
        const matching = statements.filter(({ failed }) => failed === null)
        if (verdict === 'not_applicable') expect(statements).toEqual([])
        else if (verdict === 'explicit_deny')
          expect(matching.some(({ effect }) => effect === 'Deny')).toBe(true)
        else expect(matching.some(({ effect }) => effect === 'Allow')).toBe(verdict === 'allow')
      }
    }
  })

  it('names the first thing that failed, and the values compared', async () => {
    const evaluator = await createPolicyEvaluator()
    const { layers } = questionOf({
      request: { principal: '*', action: 's3:GetObject', resource: '*' },
      policies: {
        identity: [
          {
            Version: '2012-10-17',
            Statement: [
              { Sid: 'Other', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
              { Sid: 'Elsewhere', Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::logs/*' },
              {
                Sid: 'WithMfa',
                Effect: 'Allow',
                Action: 's3:*',
                Resource: '*',
                Condition: {
                  StringEquals: { 'aws:username': 'alice' },
                  Bool: { 'aws:MultiFactorAuthPresent': 'true' },
                },
              },
            ],
          },
        ],
        resource: {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:*', Resource: '*' },
        },
      },
    })
    const explained = evaluator.explain({
      request: {
        principal: 'arn:aws:iam::111122223333:user/alice',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::data/x',
        context: new Map([['AWS:multifactorauthpresent', ['false']]]),
      },
      layers,
    })
    expect(explained.decision).toBe('implicit_deny')
    expect(explained.layers.map(({ layer, verdict }) => [layer, verdict])).toEqual([
      ['identity', 'implicit_deny'],
      ['resource', 'implicit_deny'],
    ])
    expect(explained.layers[0]?.policies[0]?.statements.map(({ sid, failed }) => [sid, failed])).toEqual([
      ['Other', { part: 'action' }],
      ['Elsewhere', { part: 'resource' }],
      [
        'WithMfa',
        {
          part: 'condition',
          operator: 'Bool',
          quantifier: null,
          ifExists: false,
          key: 'aws:MultiFactorAuthPresent',
          expected: ['true'],
          given: ['false'],
        },
      ],
    ])
    expect(explained.layers[1]?.policies[0]?.statements[0]?.failed).toEqual({ part: 'principal' })
  })
})
