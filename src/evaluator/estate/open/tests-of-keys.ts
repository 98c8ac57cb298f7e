import { OPERATORS } from '../../../policy/operators.ts'
import type { ParsedCondition, ParsedPolicy } from '../../../policy/parsed.ts'
import { isTime } from '../../keys/sending-keys.ts'
import { mayHangOnMfa } from '../call-rules.ts'
import { ORGANIZATION_KEYS, tagsToName } from './one-request.ts'
import { type Candidates, combinations, type Tests } from './open-keys.ts'
import { conditionVariables, textsWith } from './open-texts.ts'
import {
  knownValuesIn,
  type OpenQuestion,
  openKey,
  openVariables,
  type Relevant,
} from './relevant-statements.ts'
import { DOLLAR, type Test, testsOfBoth, testsOfVariables } from './variable-tests.ts'

const MFA = 'aws:MultiFactorAuthPresent'
const MFA_AGE = 'aws:multifactorauthage'

/** By key in lower case: all that its values decide. */
export function testsOf(relevant: readonly Relevant[], asking: OpenQuestion): ReadonlyMap<string, Tests> {
  const tests = new Map<string, Tests>()
  const of = (key: string): Tests => tests.get(key.toLowerCase()) ?? { key, conditions: [], named: [] }
  const put = (each: Tests) => tests.set(each.key.toLowerCase(), each)
  const join = ({ key, conditions = [], named = [], isEndless = false }: Test) => {
    const known = of(key)
    put({
      key: known.key,
      conditions: [...known.conditions, ...conditions],
      named: [...new Set([...known.named, ...named])],
      isEndless: isEndless || known.isEndless === true,
    })
  }
  const settled = knownValuesIn(asking)
  for (const each of relevant) {
    for (const condition of each.open) {
      const given = settled(condition.key)
      if (given === undefined) join({ key: condition.key, conditions: [asRead(condition, each.version)] })
      else if (given !== null) for (const test of testsOfVariables(condition, given, settled)) join(test)
    }
    for (const { name, value } of openVariables(each, asking)) join({ key: name, named: [value] })
  }
  const textsOf = textsWith(settled)
  const before = new Map(tests)
  const testedWith = (key: string) => {
    const known = before.get(key.toLowerCase())
    const texts = known?.conditions.filter(({ operator }) =>
      /^(?:string|arn)$/.test(OPERATORS[operator].family),
    )
    return [...(known?.named ?? []), ...(texts ?? []).flatMap(({ values }) => values).flatMap(textsOf)]
  }
  for (const { open, version } of relevant)
    for (const condition of open)
      if (version === '2012-10-17' && settled(condition.key) === undefined)
        for (const test of testsOfBoth(condition, settled, testedWith)) join(test)
  const { action, principal } = asking.open
  // Of an age only those tell who tell of MFA.
  if (tests.has(MFA_AGE) && openKey(MFA, asking) !== null) join({ key: MFA, named: ['true'] })
  // What temporary credentials of a user may call may hang on MFA, of which no statement speaks then.
  if (tests.has('aws:tokenissuetime') && mayHangOnMfa(principal.facts, action))
    join({ key: MFA, named: ['true'] })
  const listed = tests.get('aws:tagkeys')
  if (listed !== undefined) {
    const handedOn = tests.get('sts:transitivetagkeys')?.conditions.flatMap(({ values }) => values) ?? []
    put({ ...listed, named: [...new Set([...listed.named, ...tagsToName(tests.keys()), ...handedOn])] })
  }
  return tests
}

/** In documents of before variables they are text. */
const asRead = (condition: ParsedCondition, version: ParsedPolicy['version']): ParsedCondition =>
  version === '2012-10-17'
    ? condition
    : { ...condition, values: condition.values.map((value) => value.replaceAll('$', DOLLAR)) }

/** Where there are too many combinations: for each statement the contexts that its own conditions ask for. */
export function someCombinations(
  relevant: readonly Relevant[],
  candidates: readonly Candidates[],
  most: number,
): readonly ReadonlyMap<string, readonly string[]>[] {
  const tried: ReadonlyMap<string, readonly string[]>[] = [new Map()]
  for (const { open, version } of relevant) {
    const named = open.flatMap((each) => [each.key, ...conditionVariables(each, version)])
    const keys = new Set(named.map((key) => key.toLowerCase()))
    if (keys.has(MFA_AGE)) keys.add(MFA.toLowerCase())
    // An organization's id is tried as the beginning of its paths.
    for (const { id, paths } of ORGANIZATION_KEYS) if (keys.has(id)) keys.add(paths)
    const asksForTime = open.some(({ key }) => isTime(key))
    const own = candidates.filter(({ key }) => (isTime(key) ? asksForTime : keys.has(key.toLowerCase())))
    const fewer = own.map((each) => ({ ...each, values: each.values.slice(0, 6) }))
    tried.push(...(combinations(fewer, most) ?? []).slice(0, most / 4))
  }
  return tried.slice(0, most)
}
