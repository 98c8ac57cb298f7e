// Where the policies of the workloads come from: AWS's own, and made ones.
import { loadActions } from '../../dist/src/catalog/actions.js'
import { loadManagedPolicies } from '../../dist/src/catalog/managed-policies.js'
import { parsePolicy } from '../../dist/src/policy/parse.js'
import { ownPolicy } from './own-policies.mjs'

/** A policy as every engine gets it: as JSON has it, and taken apart. */
export function readPolicy(id, document) {
  const { policy, diagnostics } = parsePolicy(document, null, 'identity', 'evaluate')
  if (policy === null) throw new Error(`${id}: ${diagnostics.map(({ message }) => message).join('; ')}`)
  return { id, policy, document }
}

/** AWS's managed policies by name, and its actions. */
export async function loadFacts() {
  const managed = await loadManagedPolicies()
  const documents = [...managed.names()].flatMap((name) => {
    const arn = managed.arnOf(name, 'aws')
    return arn === null ? [] : [[name, arn, managed.document(arn)]]
  })
  return {
    actions: await loadActions(),
    date: managed.date,
    managed: new Map(documents.map(([name, arn, document]) => [name, readPolicy(arn, document)])),
  }
}

/** What a developer of a web service may well have. */
const OF_A_DEVELOPER = [
  'AmazonEC2FullAccess',
  'AmazonS3ReadOnlyAccess',
  'AWSLambda_FullAccess',
  'AmazonDynamoDBFullAccess_v2',
  'CloudWatchFullAccessV2',
  'AmazonECS_FullAccess',
  'AmazonRDSFullAccess',
  'SecretsManagerReadWrite',
  'AWSCodeBuildDeveloperAccess',
  'IAMReadOnlyAccess',
]

export const developerPolicies = ({ managed }) =>
  OF_A_DEVELOPER.map((name) => {
    const policy = managed.get(name)
    if (policy === undefined) throw new Error(`AWS no longer has the managed policy ${name}`)
    return policy
  })

/** Half of them AWS's with conditions, half of them made. */
export function mixedPolicies({ managed }, count, random) {
  const conditional = [...managed.values()].filter(({ policy }) =>
    policy.statements.some(({ conditions }) => conditions.length > 0),
  )
  const half = count >> 1
  const made = Array.from({ length: count - half }, (_, number) =>
    readPolicy(`made-${number}`, ownPolicy(number, random)),
  )
  return [...random.sample(conditional, half), ...made]
}

/** The same without what asks for a context: no conditions, and a star for each variable. */
export function withoutContext({ id, document }) {
  const plain = (entries) => [entries].flat().map((text) => text.replace(/\$\{[^}]*\}/g, '*'))
  const statements = [document.Statement].flat().map(({ Condition, ...statement }) => ({
    ...statement,
    ...(statement.Resource === undefined ? {} : { Resource: plain(statement.Resource) }),
    ...(statement.NotResource === undefined ? {} : { NotResource: plain(statement.NotResource) }),
  }))
  return readPolicy(id, { ...document, Statement: statements })
}
