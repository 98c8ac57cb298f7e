// What AWS's documentation leaves open, put into policies that are drawn already; and the same policies as they are when it
// is read the way that grants more, written so that nothing is open.
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { HOME, iam, ORGANIZATION, providersOf } from './world.ts'

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
  { rule: '26', block: { Null: { 'aws:SecureTransport': 'perhaps' } }, wider: {} },
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
  return random.chance(0.2) ? withIssued(pair, random) : withDoubtful(pair, random)
}

/** The policy of a resource lets in whom a provider vouches for, and sessions of a role are issued through it. */
function withIssued(pair: EstatePair, random: Random): EstatePair {
  const { after } = pair
  const provider = providersOf(after.partition ?? 'aws').github
  const named = Object.values(after.resources ?? {}).flatMap(({ policy = [] }) =>
    policy.filter((each) => each.Effect === 'Allow' && each.Principal !== undefined),
  )
  const trusts = Object.values(after.accounts).flatMap(({ roles = {} }) =>
    Object.values(roles).flatMap(({ trust = [] }) => trust),
  )
  if (named.length === 0 || trusts.length === 0) return pair
  const [one, trust] = [random.pick(named), random.pick(trusts)]
  const { Condition: _, ...bare } = one
  const replaced = new Map<unknown, PolicyStatement>([
    [one, { ...(random.chance(0.5) ? bare : one), Principal: { Federated: provider } }],
    [trust, { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' }],
  ])
  return {
    before: random.chance(0.5) ? replacing(pair.before, replaced) : pair.before,
    after: replacing(after, replaced),
  }
}

function withDoubtful(pair: EstatePair, random: Random): EstatePair {
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
  for (const { policy = [] } of Object.values(spec.resources ?? {}))
    for (const statement of policy) {
      const issued = issuedBy(statement, spec)
      if (issued.length === 0) continue
      const { Principal: named, ...others } = replaced.get(statement) ?? statement
      if (typeof named !== 'object') continue
      replaced.set(statement, { ...others, Principal: { ...named, AWS: [named.AWS ?? [], issued].flat(2) } })
    }
  return replaced.size === 0 ? null : replacing(spec, replaced)
}

/** Roles whose sessions may be issued through a provider that an Allow names. */
function issuedBy(
  { Effect: effect, Principal: named }: PolicyStatement,
  spec: EstateSpec,
): readonly string[] {
  const providersIn = (block: PolicyStatement['Principal']) =>
    typeof block === 'object' ? [block.Federated ?? []].flat() : []
  const providers = effect === 'Allow' ? providersIn(named) : []
  return Object.entries(spec.accounts).flatMap(([account, { roles = {} }]) =>
    Object.entries(roles).flatMap(([name, { path = '/', trust = [] }]) =>
      trust.some(
        (each) => each.Effect === 'Allow' && providersIn(each.Principal).some((id) => providers.includes(id)),
      )
        ? [iam(spec.partition ?? 'aws', account, `role${path}${name}`)]
        : [],
    ),
  )
}

function widerOf(statement: PolicyStatement): PolicyStatement | null {
  const { NotPrincipal: spared, Condition: condition = {}, Effect } = statement
  if (Effect === 'Deny' && typeof spared === 'object' && spared.AWS === AL)
    return { ...statement, NotPrincipal: { AWS: [AL, iam('aws', HOME, 'root')] } }
  for (const { block, wider } of Effect === 'Allow' ? OF_ALLOWS : OF_DENIES) {
    const [[operator, keys] = []] = Object.entries(block)
    if (operator === undefined || JSON.stringify(condition[operator]) !== JSON.stringify(keys)) continue
    const { [operator]: _, ...others } = condition
    const merged = Object.entries(wider).map(([name, inner]) => [name, withKeys(others[name] ?? {}, inner)])
    return { ...statement, Condition: { ...others, ...Object.fromEntries(merged) } }
  }
  return null
}

type Keys = NonNullable<ConditionBlock[string]>

/** What one operator asks, and what the other reading asks of it besides: both, where it is the same key. */
function withKeys(asked: Keys, besides: Keys): Keys {
  const known = new Set(Object.keys(asked).map((key) => key.toLowerCase()))
  const added = Object.entries(besides).map(([key, values]) => {
    // A key's letter case tells nothing, and keeps the two apart.
    const other = [key, key.toLowerCase(), key.toUpperCase()].find((each) => !(each in asked))
    return [known.has(key.toLowerCase()) ? (other ?? key) : key, values]
  })
  return { ...asked, ...Object.fromEntries(added) }
}
