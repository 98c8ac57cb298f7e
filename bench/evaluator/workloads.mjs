// The three workloads, as plain data that every engine gets. The same sizes give the same workload.
import { randomSource } from '../random.mjs'
import { ACCOUNT, STAGES, TEAMS } from './own-policies.mjs'
import { developerPolicies, mixedPolicies, readPolicy, withoutContext } from './policies.mjs'
import { actionSource, contextSource, resourceSource, TAG_SETS } from './requests.mjs'

export const FULL = {
  w1: { requests: 10_000, contexts: 200 },
  w2: { principals: 1000, policies: 500, requests: 100, contexts: 400 },
  w3: { principals: 5000, policies: 500, questions: 200 },
  w4: { principals: 50_000, policies: 500, questions: 40 },
}
export const QUICK = {
  w1: { requests: 2000, contexts: 50 },
  w2: { principals: 200, policies: 100, requests: 50, contexts: 100 },
  w3: { principals: 1000, policies: 100, questions: 50 },
  w4: { principals: 10_000, policies: 100, questions: 20 },
}

/** A request by number: everything that repeats stands in a list of its own. */
class RequestList {
  actions = []
  #actionNumbers = new Map()
  resources = []
  columns = { principals: [], actions: [], contexts: [], tags: [] }

  add(principal, action, resource, context, tags) {
    let number = this.#actionNumbers.get(action)
    if (number === undefined) {
      number = this.actions.push(action) - 1
      this.#actionNumbers.set(action, number)
    }
    this.columns.principals.push(principal)
    this.columns.actions.push(number)
    this.columns.contexts.push(context)
    this.columns.tags.push(tags)
    this.resources.push(resource)
  }
}

/** The same requests once more, each as an object of its own. */
function questionsOf({ principals, actions, contexts, tagSets, requests }) {
  return requests.resources.map((resource, place) => {
    const { principal, layers, context: tags } = principals[requests.principals[place]]
    const context = new Map([
      ...tags,
      ...(tagSets[requests.tags[place]] ?? []),
      ...contexts[requests.contexts[place]],
    ])
    return { layers, request: { principal, action: actions[requests.actions[place]], resource, context } }
  })
}

function workload(name, { policies, principals, contexts, tagSets, list }) {
  const { columns, resources, actions } = list
  const requests = {
    resources,
    ...Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, Uint32Array.from(column)])),
  }
  const made = { name, policies, principals, contexts, tagSets, actions, requests }
  return { ...made, questions: questionsOf(made) }
}

/** W1: one principal with ten managed policies. */
export function onePrincipal(facts, { requests, contexts: contextCount }) {
  const random = randomSource(1)
  const policies = developerPolicies(facts)
  const principals = [
    {
      principal: `arn:aws:iam::${ACCOUNT}:user/alice`,
      layers: { identity: policies },
      context: new Map([['aws:PrincipalTag/team', ['orders']]]),
    },
  ]
  const drawContext = contextSource(policies, random)
  const contexts = Array.from({ length: contextCount }, drawContext)
  const drawAction = actionSource(facts, policies, random)
  const drawResource = resourceSource(facts, policies, random)
  const list = new RequestList()
  for (let count = 0; count < requests; count++) {
    const action = drawAction()
    list.add(0, action, drawResource(action, 'alice'), random.below(contextCount), 0)
  }
  return workload('W1', { policies, principals, contexts, tagSets: [new Map()], list })
}

/** Users and sessions of roles, each with five of the policies; every fifth one has a boundary. */
function crowd(policies, count, random) {
  const boundary = [
    readPolicy('boundary', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          NotAction: ['organizations:*', 'account:*', 'iam:CreateUser', 'iam:CreateAccessKey'],
          Resource: '*',
        },
        { Effect: 'Deny', Action: ['s3:PutBucketPolicy', 'iam:*Boundary'], Resource: '*' },
      ],
    }),
  ]
  return Array.from({ length: count }, (_, number) => ({
    principal: random.chance(0.7)
      ? `arn:aws:iam::${ACCOUNT}:user/person-${number}`
      : `arn:aws:sts::${ACCOUNT}:assumed-role/service-${number}/session`,
    layers: { identity: random.sample(policies, 5), ...(number % 5 === 0 ? { boundary } : {}) },
    context: new Map([
      ['aws:PrincipalTag/team', [random.pick(TEAMS)]],
      ['aws:PrincipalTag/stage', [random.pick(STAGES)]],
    ]),
  }))
}

const nameOf = (principal) => principal.slice(principal.indexOf('/') + 1)

/** W2: many principals, conditions, variables and tags. */
export function manyPrincipals(facts, size) {
  const random = randomSource(2)
  const policies = mixedPolicies(facts, size.policies, random)
  const principals = crowd(policies, size.principals, random)
  const contexts = Array.from({ length: size.contexts }, contextSource(policies, random))
  const list = new RequestList()
  for (const [number, { principal, layers }] of principals.entries()) {
    const drawAction = actionSource(facts, layers.identity, random)
    const drawResource = resourceSource(facts, layers.identity, random)
    for (let count = 0; count < size.requests; count++) {
      const action = drawAction()
      const resource = drawResource(action, nameOf(principal))
      list.add(number, action, resource, random.below(size.contexts), random.below(TAG_SETS.length))
    }
  }
  return workload('W2', { policies, principals, contexts, tagSets: TAG_SETS, list })
}

/** The same requests with what asks for a context taken out of the policies: nothing but matching is left. */
export function matchingOnly(full) {
  const plain = new Map()
  const plainOf = (policy) => {
    if (!plain.has(policy)) plain.set(policy, withoutContext(policy))
    return plain.get(policy)
  }
  const principals = full.principals.map(({ principal, layers }) => ({
    principal,
    layers: Object.fromEntries(Object.entries(layers).map(([layer, list]) => [layer, list.map(plainOf)])),
    context: new Map(),
  }))
  const made = { ...full, policies: full.policies.map(plainOf), principals, contexts: [new Map()] }
  const requests = { ...full.requests, contexts: new Uint32Array(full.requests.resources.length) }
  const tagSets = full.tagSets.map(() => new Map())
  const bare = { ...made, name: `${full.name}, matching only`, requests, tagSets }
  return { ...bare, questions: questionsOf(bare) }
}

/** W3: questions about everybody. */
export function wholeCrowd(facts, size) {
  const random = randomSource(3)
  const policies = mixedPolicies(facts, size.policies, random)
  const principals = crowd(policies, size.principals, random)
  const drawAction = actionSource(facts, policies, random)
  const drawResource = resourceSource(facts, policies, random)
  const drawContext = contextSource(policies, random)
  const questions = Array.from({ length: size.questions }, () => {
    const action = drawAction()
    const context = new Map([...drawContext(), ...random.pick(TAG_SETS)])
    return { action, resource: drawResource(action, 'person-7'), context }
  })
  return { name: 'W3', policies, principals, questions }
}
