import { listDetail } from '../../kinds/attributes/details.ts'
import type { Detail } from '../../model/detail.ts'
import {
  type AccountState,
  type AnyDesiredEntity,
  type AnyEntityState,
  entitiesIn,
  entityRef,
  isAwsManagedPolicyArn,
  jsonOf,
  type OneOrMany,
  type PolicyStatement,
  type StateDocument,
} from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import { desiredOf, fateOf, type Planning } from '../planning.ts'
import { namesPrincipal, trustedEntities } from './trust.ts'

/** What statements say of a principal in other words than as a principal: by its unique id, or by its name. */
interface Named {
  /** `role/ci`, or the ARN of what is in another account. */
  readonly where: string
  readonly by: 'aws:userid' | 'aws:PrincipalArn' | 'iam:PassRole' | 'sts:AssumeRole'
  readonly patterns: readonly string[]
}

/**
 * What goes and what comes along where somebody is made anew under another ARN, in all accounts of the project.
 * `trustedBy`: trust policies and policies of resources that name the old one, and nobody from then on until they are stored
 * anew.
 * `namedByUserId`: conditions that name its unique id, which the new one hasn't. `namedByArn`: what speaks of the old ARN
 * alone. `comesAlong`: what speaks of the new one by a name or pattern, and so is about somebody else from then on.
 * @see IAM User Guide, "IAM identifiers": a unique id is never used again; a name is
 */
export function replacementDetails(planning: Planning, before: string, after: string): readonly Detail[] {
  const named = namedIn(planning)
  const id = planning.uniqueIds?.get(before)
  const told = (found: readonly Named[], note = '') =>
    [...new Set(found.map(({ where, by }) => `${where} (${by}${note})`))].sort()
  const byId = named.filter(
    ({ by, patterns }) =>
      by === 'aws:userid' && id !== undefined && patterns.some((pattern) => pattern.startsWith(id)),
  )
  // Whose ids these are only a target knows.
  const perhaps =
    planning.uniqueIds !== undefined
      ? []
      : named.filter(({ by, patterns }) => by === 'aws:userid' && patterns.some((each) => /^AROA/.test(each)))
  const byName = named.filter(({ by }) => by !== 'aws:userid')
  const speaksOf = (arn: string) => (each: Named) => each.patterns.some((pattern) => isMeant(pattern, arn))
  const [old, fresh] = [byName.filter(speaksOf(before)), byName.filter(speaksOf(after))]
  return [
    ...listDetail('trustedBy', [], trusting(planning, before, after)),
    ...listDetail('namedByUserId', [], [...told(byId), ...told(perhaps, ', perhaps: its id is not known')]),
    ...listDetail('namedByArn', [], told(old.filter((each) => !fresh.includes(each)))),
    ...listDetail('comesAlong', told(fresh), []),
  ]
}

function trusting({ observed, others, resources }: Planning, arn: string, fresh: string): readonly string[] {
  const own = entitiesIn<AnyEntityState>(observed.entities).flatMap((entity) => {
    const trust = 'trustPolicy' in entity && entity.arn !== arn ? jsonOf(entity.trustPolicy) : null
    return trust !== null && trustedEntities(trust, observed.account).includes(arn)
      ? [entityRef(entity.kind, entity.name)]
      : []
  })
  // Of these only what is declared is known: that may be stored already, or not.
  const byResources = [...(resources?.values() ?? [])].flatMap((resource) => {
    const policy = resource.policy === null ? null : jsonOf(resource.policy)
    return policy !== null && [arn, fresh].some((each) => namesPrincipal(policy, each)) ? [resource.arn] : []
  })
  return [...new Set([...own, ...others.trusting(arn), ...others.storedTrustOf(arn), ...byResources])].sort()
}

/** A pattern that speaks of nearly everybody names nobody. */
const isMeant = (pattern: string, arn: string): boolean =>
  matches(pattern, arn) && !matches(pattern, arn.replace(/\/.*$/, '/x-whoever-it-is-x'))

/** Variables may stand for anything. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/\$\{[^}]*\}/g, '*')
    .replace(/[.+^$|()[\]{}\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`).test(text)
}

/** By what is planned: many may be made anew in one plan. */
const found = new WeakMap<Planning['changes'], readonly Named[]>()

function namedIn(planning: Planning): readonly Named[] {
  const known = found.get(planning.changes)
  if (known !== undefined) return known
  const { desired, observed, others, resources } = planning
  const own = documentsOf(desired, observed, (entity) => fateOf(planning, entity) !== 'delete').flatMap(
    ({ entity, document }) => namesIn(entityRef(entity.kind, entity.name), document),
  )
  const elsewhere = others
    .all()
    .flatMap((other) => documentsOf(other.desired, other.observed, ({ arn }) => !other.leaving.has(arn)))
    .flatMap(({ entity, document }) => namesIn(entity.arn, document))
  const ofResources = [...(resources?.values() ?? [])].flatMap(({ arn, policy }) =>
    policy === null ? [] : namesIn(arn, policy),
  )
  const named = [...own, ...elsewhere, ...ofResources, ...namesInAws(planning)]
  found.set(planning.changes, named)
  return named
}

/** What AWS's own policies say, of those that somebody is to have. */
function namesInAws({ desired, others, awsDocument }: Planning): readonly Named[] {
  if (awsDocument === undefined) return []
  const entities = [desired, ...others.all().map((other) => other.desired)].flatMap((each) =>
    each === null ? [] : entitiesIn<AnyDesiredEntity>(each.entities),
  )
  const arns = new Set(
    entities
      .flatMap((entity) => ('managedPolicies' in entity ? [...(entity.managedPolicies ?? [])] : []))
      .filter(isAwsManagedPolicyArn),
  )
  return [...arns].sort().flatMap((arn) => {
    const document = awsDocument(arn)
    return document === null
      ? []
      : statementsOf(document).flatMap((statement) => namesInStatement(arn, statement))
  })
}

interface Placed {
  readonly entity: Pick<AnyEntityState, 'kind' | 'name' | 'arn'>
  readonly document: StateDocument
}

/** The documents that an account is to have: declared ones, and those of what isn't declared and stays. */
function documentsOf(
  desired: Planning['desired'] | null,
  observed: AccountState | null,
  stays: (entity: AnyEntityState) => boolean,
): readonly Placed[] {
  const declared = desired === null ? [] : entitiesIn<AnyDesiredEntity>(desired.entities)
  const left =
    observed === null
      ? []
      : entitiesIn<AnyEntityState>(observed.entities).filter((entity) => {
          const isDeclared = desired !== null && desiredOf(desired, entity.kind).has(entity.name)
          return !isDeclared && stays(entity)
        })
  return [...declared, ...left].flatMap((entity) => [
    ...('document' in entity ? [{ entity, document: entity.document }] : []),
    ...('trustPolicy' in entity ? [{ entity, document: entity.trustPolicy }] : []),
    ...('inlinePolicies' in entity
      ? [...(entity.inlinePolicies?.values() ?? [])].map((document) => ({ entity, document }))
      : []),
  ])
}

function namesIn(where: string, document: StateDocument): readonly Named[] {
  const json = jsonOf(document)
  return json === null ? [] : statementsOf(json).flatMap((statement) => namesInStatement(where, statement))
}

const namesInStatement = (where: string, statement: PolicyStatement): readonly Named[] => [
  ...conditionsOn(statement, 'aws:userid', where),
  ...conditionsOn(statement, 'aws:PrincipalArn', where),
  ...resourcesOf(statement, 'iam:PassRole', where),
  ...resourcesOf(statement, 'sts:AssumeRole', where),
]

function conditionsOn(
  { Condition }: PolicyStatement,
  by: 'aws:userid' | 'aws:PrincipalArn',
  where: string,
): readonly Named[] {
  const patterns = Object.values(Condition ?? {}).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) =>
      key.toLowerCase() === by.toLowerCase() ? [values].flat().map(String) : [],
    ),
  )
  return patterns.length === 0 ? [] : [{ where, by, patterns }]
}

function resourcesOf(
  { Action, NotAction, Resource, NotResource }: PolicyStatement,
  by: 'iam:PassRole' | 'sts:AssumeRole',
  where: string,
): readonly Named[] {
  const names = (actions: OneOrMany<string>) =>
    [actions].flat().some((each) => matches(each.toLowerCase(), by.toLowerCase()))
  const isAbout = Action !== undefined ? names(Action) : NotAction !== undefined && !names(NotAction)
  const patterns = isAbout ? [Resource ?? [], NotResource ?? []].flat(2) : []
  return patterns.length === 0 ? [] : [{ where, by, patterns }]
}
