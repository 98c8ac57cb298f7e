// What AWS's documentation leaves open, put into policies that are drawn already; and the same policies as they are when it
// is read the way that grants more, written so that nothing is open.
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { HOME, iam, ORGANIZATION } from './world.ts'

interface Doubt {
  /** By its number in docs/semantics.md. */
  readonly rule: string
  readonly block: ConditionBlock
  /** As the other reading has it. */
  readonly wider: ConditionBlock
}

const PATH = `${ORGANIZATION}/*`
const NOW = 'aws:CurrentTime'

const OF_ALLOWS: readonly Doubt[] = [
  { rule: '9', block: { StringEquals: { 'aws:PrincipalAccount': [] } }, wider: {} },
  {
    rule: '20',
    block: { ArnLike: { 'aws:PrincipalArn': '*' } },
    wider: { StringLike: { 'aws:PrincipalArn': '*' } },
  },
  {
    rule: '22',
    block: { DateLessThan: { [NOW]: '2999' } },
    wider: { DateLessThan: { [NOW]: '2999-01-01T00:00:00Z' } },
  },
  {
    rule: '25',
    block: { StringLike: { 'aws:PrincipalOrgPaths': PATH } },
    wider: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': PATH } },
  },
  {
    rule: '26',
    block: { Bool: { 'aws:SecureTransport': 'yes' } },
    wider: { Null: { 'aws:SecureTransport': 'false' } },
  },
]
const OF_DENIES: readonly Doubt[] = [
  {
    rule: '20',
    block: { ArnNotLike: { 'aws:PrincipalArn': '*' } },
    wider: { StringNotLike: { 'aws:PrincipalArn': '*' } },
  },
  {
    rule: '22',
    block: { DateGreaterThan: { [NOW]: '2999' } },
    wider: { DateGreaterThan: { [NOW]: '2999-01-01T00:00:00Z' } },
  },
  {
    rule: '24',
    block: { 'ForAnyValue:StringNotLikeIfExists': { 'aws:PrincipalOrgPaths': PATH } },
    wider: { 'ForAnyValue:StringNotLike': { 'aws:PrincipalOrgPaths': PATH } },
  },
  {
    rule: '26',
    block: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/33' } },
    wider: { Null: { 'aws:SourceIp': 'true' } },
  },
]

const AL = iam('aws', HOME, 'user/al')

/** Some statements hang on a rule that is open: in both states, or from now on. */
export function withDoubt(pair: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(pair.after))]
  if (all.length === 0) return pair
  const statement = random.pick(all)
  const isOfResource = statement.Effect === 'Deny' && statement.Principal !== undefined
  const replaced = new Map([
    [statement, isOfResource && random.chance(0.4) ? sparing(statement) : doubtful(statement, random)],
  ])
  const after = replacing(pair.after, replaced)
  return { before: random.chance(0.7) ? replacing(pair.before, replaced) : pair.before, after }
}

function doubtful(statement: PolicyStatement, random: Random): PolicyStatement {
  const { block } = random.pick(statement.Effect === 'Allow' ? OF_ALLOWS : OF_DENIES)
  // Of an operator that is there already the other keys go: what is open must not change its neighbours.
  return { ...statement, Condition: { ...statement.Condition, ...block } }
}

function sparing({ Principal: _, ...statement }: PolicyStatement): PolicyStatement {
  return { ...statement, NotPrincipal: { AWS: AL } }
}

/** null: nothing in it is open. */
export function readWider(spec: EstateSpec): EstateSpec | null {
  const replaced = new Map<unknown, PolicyStatement>()
  for (const statement of statementsIn(spec)) {
    const wider = widerOf(statement)
    if (wider !== null) replaced.set(statement, wider)
  }
  return replaced.size === 0 ? null : replacing(spec, replaced)
}

function widerOf(statement: PolicyStatement): PolicyStatement | null {
  const { NotPrincipal: spared, Condition: condition = {}, Effect } = statement
  if (Effect === 'Deny' && typeof spared === 'object' && spared.AWS === AL)
    return { ...statement, NotPrincipal: { AWS: [AL, iam('aws', HOME, 'root')] } }
  for (const { block, wider } of Effect === 'Allow' ? OF_ALLOWS : OF_DENIES) {
    const [[operator, keys] = []] = Object.entries(block)
    if (operator === undefined || JSON.stringify(condition[operator]) !== JSON.stringify(keys)) continue
    const { [operator]: _, ...others } = condition
    // Both may ask of one operator.
    const merged = Object.entries(wider).map(([name, inner]) => [name, { ...others[name], ...inner }])
    return { ...statement, Condition: { ...others, ...Object.fromEntries(merged) } }
  }
  return null
}
