import type { ParsedCondition, ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import type { Explanation, FailedPart } from '../../explaining/explanation.ts'
import { principalGroups, resourceGroups } from '../../layer-groups.ts'
import type { Question } from '../../question.ts'
import { type OpenFacts, type OpenKey, openKeyOf } from './open-principal.ts'
import { conditionVariables, type KnownValues, knownValuesBy, withKnownValues } from './open-texts.ts'
import { resourceVariables, type VariableValue, variablesIn } from './open-variables.ts'
import { sessionTagKey } from './session-tag-key.ts'

/** A question to the core, with what it leaves open. */
export interface OpenQuestion {
  readonly question: Question
  readonly open: OpenFacts
}

/** A statement that is about a request, whether its conditions hold or not. */
export interface Relevant {
  readonly policy: string
  /** Places in the explanation: of its layer or level, and of its policy there. */
  readonly group: number
  readonly member: number
  readonly statement: ParsedStatement
  /** Of its document. */
  readonly version: ParsedPolicy['version']
  /** Those of its conditions that nothing settles: their keys, or the variables in their values. */
  readonly open: readonly ParsedCondition[]
}

/** Variables that nothing settles, with what they'd have to be for a statement to be about what is asked about. */
export function openVariables(
  { statement, version }: Relevant,
  asking: OpenQuestion,
): readonly VariableValue[] {
  const { resource } = asking.question.request
  const settled = knownValuesIn(asking)
  return resourceVariables(statement, version, resource, (text) => withKnownValues(text, settled)).filter(
    ({ name }) => isOpen(name, asking),
  )
}

/** What a key may be that neither the question nor who asks or what is asked about settles; null: it is settled. */
export function openKey(key: string, { question, open }: OpenQuestion): OpenKey | null {
  const lower = key.toLowerCase()
  const { sessions } = open
  // A tag of a session takes the place of the role's own.
  const ofSession =
    sessions === undefined || sessions.given.has(lower) ? null : sessionTagKey(lower, sessions.trust)
  if (ofSession !== null) return ofSession
  for (const given of question.request.context.keys()) if (given.toLowerCase() === lower) return null
  return openKeyOf(lower, open)
}

const isOpen = (key: string, asking: OpenQuestion): boolean => openKey(key, asking) !== null

export const knownValuesIn = (asking: OpenQuestion): KnownValues =>
  knownValuesBy(asking.question, asking.open, (key) => isOpen(key, asking))

/** Whether nothing settles a condition: neither its key, nor a variable that what is known of the key is compared with. */
function isOpenCondition(
  condition: ParsedCondition,
  version: ParsedPolicy['version'],
  asking: OpenQuestion,
  settled: KnownValues,
): boolean {
  const given = settled(condition.key)
  if (given === undefined) return true
  // Of an absent key it is all the same what its values would be.
  return given !== null && conditionVariables(condition, version).some((name) => isOpen(name, asking))
}

const keysOf = new WeakMap<ParsedPolicy, readonly string[]>()

/** Those that its conditions compare, and those that name what its statements are about. */
function keysDeciding(policy: ParsedPolicy): readonly string[] {
  let keys = keysOf.get(policy)
  if (keys === undefined) {
    const compared = policy.statements.flatMap(({ conditions }) =>
      conditions.flatMap((each) => [each.key, ...conditionVariables(each, policy.version)]),
    )
    keys = [...new Set([...compared, ...variablesIn(policy)])]
    keysOf.set(policy, keys)
  }
  return keys
}

const policiesOf = ({ question: { layers } }: OpenQuestion) =>
  [...principalGroups(layers), ...resourceGroups(layers)].map(({ policies }) => policies)

export const mentionsOpenKeys = (asking: OpenQuestion): boolean =>
  policiesOf(asking).some((policies) =>
    policies.some(({ policy }) => keysDeciding(policy).some((key) => isOpen(key, asking))),
  )

/**
 * The statements about this action on this resource by this principal, with those of their conditions that are open.
 * @param mayFail another part: the statements that fail by that alone or by what comes after it
 */
export function relevantStatements(
  { layers }: Explanation,
  asking: OpenQuestion,
  mayFail: FailedPart['part'] = 'condition',
): readonly Relevant[] {
  const policies = policiesOf(asking)
  const settled = knownValuesIn(asking)
  return layers.flatMap(({ verdict, policies: explained }, group) =>
    verdict === 'not_applicable'
      ? []
      : explained.flatMap(({ statements }, member) =>
          statements.flatMap(({ statement: index, failed }): Relevant[] => {
            const identified = policies[group]?.[member]
            const statement = identified?.policy.statements.find((each) => each.index === index)
            if (identified === undefined || statement === undefined) return []
            if (
              mayFail === 'condition' ? failed !== null && failed.part !== mayFail : failed?.part !== mayFail
            )
              return []
            return [
              {
                policy: identified.id,
                group,
                member,
                statement,
                version: identified.policy.version,
                open: statement.conditions.filter((each) =>
                  isOpenCondition(each, identified.policy.version, asking, settled),
                ),
              },
            ]
          }),
        ),
  )
}
