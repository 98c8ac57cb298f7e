import { ENDPOINT_KEYS, isOfEndpoint, PUBLIC_ADDRESS } from '../evaluator/keys/endpoint-keys.ts'
import { CALLED_VIA, comesByService, VIA_SERVICE } from '../evaluator/keys/sending-keys.ts'
import { readPieces } from '../evaluator/program/pieces.ts'
import { parseArn, rootArn } from '../model/index.ts'
import type { ParsedPolicy } from '../policy/parsed.ts'
import type { AccessEntry, UnknownAccess, UnknownReason } from './access-entry.ts'
import { hasAction } from './actions/action-set.ts'
import type { Probe, Proof } from './analysis.ts'
import type { Comparer } from './diff/comparer.ts'
import { type BoundKeys, type RequestFilter, readingMore, type TwoWays } from './diff/comparison.ts'
import { isDeciding } from './diff/diff-of.ts'
import { EntryCollector } from './entries/entries.ts'
import { fromNowOn } from './entries/from-now-on.ts'
import { unknownPlace } from './entries/unknown-place.ts'
import type { EstateView } from './estate-view.ts'
import { isTimeOfRequest } from './key-facts.ts'
import { type NamedOutsider, outsidersOf } from './outsiders/outsiders.ts'
import { type ExaminedPrincipal, entityPrincipal, sessionsIn } from './principals/examined-principal.ts'
import { federatedBy, federatedNamedBy } from './principals/federated-users.ts'
import type { Reasoner } from './reasoner.ts'
import {
  entityRegion,
  partsOf,
  type Region,
  resourceRegions,
  restRegion,
  trustRegion,
} from './regions/region.ts'
import type { SideDiff } from './sides/side-finding.ts'
import { globOf, literalGlob } from './symbolic/tokens.ts'
import type { Decider } from './witness/decider.ts'

/** One state of an estate, and what it takes to ask about it. */
export interface Exploration {
  readonly view: EstateView
  readonly reasoner: Reasoner
  readonly comparer: Comparer
  readonly decider: Decider
  /** Whether rules that AWS leaves open are read the way that grants less only. */
  readonly assume?: 'strict'
}

export interface ExploredBy {
  /** Of an account id: whose principals, and whose resources, are looked at. */
  readonly isConcerned: (account: string) => boolean
  readonly isMeant: (principal: ExaminedPrincipal, region: Region) => boolean
  /** Nobody of the estate is meant: thousands of its principals need not be asked about each of its roles. */
  readonly only?: 'outsiders'
  /** What keys of requests can be that the policy of a resource or role decides; absent: what they can be for who asks. */
  readonly boundsBy?: (policy: ParsedPolicy | null) => BoundKeys
  /** Whether root users are looked at: they may do nearly everything, whatever anybody writes. */
  readonly withRoot: boolean
  /** Whom the question names and the estate doesn't know: each is looked at by itself. */
  readonly outsiders?: readonly NamedOutsider[]
  /** What the question says of resources and of whoever asks. */
  readonly asked?: readonly string[]
  /** Sessions of the estate's roles that the question names. */
  readonly sessions?: readonly ExaminedPrincipal[]
}

/**
 * A probe as a question about requests.
 * @param wanted `any`: of what a statement grants some actions are enough to show that; `all`: they are what is asked
 */
export function questionOf(
  { actions, resources, context }: Probe,
  { actions: table, symbols }: Reasoner,
  wanted: 'any' | 'all',
): RequestFilter {
  const isAnyAction = actions.some((action) => /^\*(?::\*)?$/.test(action))
  const isAnyResource = resources.some((resource) => /^\*+$/.test(resource))
  return {
    ...(isAnyAction ? {} : { wanted: table.setOf({ negated: false, entries: actions }) }),
    ...(isAnyResource
      ? {}
      : {
          inside: [
            symbols.langs.of(
              resources.flatMap((resource) => {
                const pieces = readPieces(resource, { wildcards: true, variables: false })
                return pieces === null ? [] : [globOf(pieces, () => [])]
              }),
            ),
          ],
        }),
    withStar: isAnyResource,
    context: withoutOtherWays(new Map([...context].map(([key, values]) => [key.toLowerCase(), values]))),
    given: context,
    once: wanted === 'any',
  }
}

/** Everybody's requests of a form that are allowed. @param question made anew for what is asked when there is room */
export function explore(
  exploration: Exploration,
  makeQuestion: () => RequestFilter,
  by: ExploredBy,
): EntryCollector {
  const { view, reasoner, comparer, decider } = exploration
  const collector = new EntryCollector(reasoner, decider)
  comparer.makeRoom()
  const question = ofRequestsToCome(makeQuestion(), exploration)
  const known = new Map<string, ReturnType<Comparer['gainsOf']>>()
  const views = [view]
  const named = (by.asked ?? []).flatMap((arn) => {
    const account = parseArn(arn)?.account ?? ''
    return view.entityOf(arn) === null ? [] : [entityRegion(arn, account)]
  })
  const beside = {
    ...question,
    outside: [reasoner.symbols.langs.of(named.map(({ arn }) => literalGlob(arn)))],
  }
  /** What open rules would allow if they were read otherwise. */
  const askOtherwise = (
    principal: ExaminedPrincipal,
    region: Region,
    strict: TwoWays | 'same',
    asked: RequestFilter,
  ) => {
    if (exploration.assume === 'strict') return
    const other = comparer.otherReading(principal, region, view, null, strict, asked)
    if (other === null) return
    const diff = withGiven(comparer.gainsOf(other, views, readingMore(asked)), asked)
    collector.addAssumed('gained', other, diff, (allow) => comparer.openRulesIn(other, allow))
  }
  /** @returns whether there is anything that counts */
  const ask = (principal: ExaminedPrincipal, region: Region, asked: RequestFilter = question): boolean => {
    if (!by.isMeant(principal, region)) return false
    const comparison = comparer.compare(principal, region, view, null, asked)
    if (comparison !== 'unknown') askOtherwise(principal, region, comparison, asked)
    if (comparison === 'same') return false
    if (comparison === 'unknown') {
      const place = unknownPlace(principal.label, region, view)
      collector.addUnknown('gained', principal.label, 'document', place)
      return true
    }
    if (region.type === 'resource' && region.part === 'whole' && comparer.speaksOfTags(comparison))
      return partsOf(region)
        .map((part) => ask(principal, part, asked))
        .some(Boolean)
    if (region.type === 'rest' && asked === question && named.length > 0 && comparer.speaksOfTags(comparison))
      return [
        ask(principal, region, beside),
        ...named.map((each) => each.owner === principal.account && ask(principal, each)),
      ].some(Boolean)
    const key = comparison.key
    const diff = known.get(key) ?? withGiven(comparer.gainsOf(comparison, views, asked), asked)
    known.set(key, diff)
    collector.add('gained', comparison, diff)
    // What no type of resource has decides nothing.
    return diff.findings.some(({ tier }) => tier !== 'pattern')
  }
  const entities = [...view.accounts.values()].flatMap(({ account }) => {
    const own = view.entitiesOf(account.id).map(({ arn }) => entityPrincipal(arn, account.id))
    return by.withRoot ? [entityPrincipal(rootArn(account), account.id), ...own] : own
  })
  const principals = by.only === 'outsiders' ? [] : [...entities, ...(by.sessions ?? [])]
  for (const principal of principals) {
    if (!by.isConcerned(principal.account ?? '') || ask(principal, restRegion(principal.account, 'own')))
      continue
    // Where nothing is certain: whom a user asks credentials for, and what needs somebody else's policy as well.
    for (const federated of federatedBy(principal.name, views, reasoner.actions, [], by.asked))
      ask(federated, restRegion(principal.account, 'own'))
    ask(principal, restRegion(principal.account, 'elsewhere'))
  }
  for (const [region, owner, policy] of regionsOf(view, question, reasoner)) {
    const others = [
      ...outsidersOf([policy], views, by.outsiders, owner),
      ...(by.only === 'outsiders' ? [] : sessionsIn(policy, view)),
      ...(by.only === 'outsiders' || region.type !== 'resource'
        ? []
        : federatedNamedBy([policy], owner, views, reasoner.actions)),
    ]
    const bounds = by.boundsBy?.(policy)
    const asked = bounds === undefined ? question : { ...question, keyFacts: bounds }
    // A resource of an account that isn't in the project is declared here and nowhere else.
    const isConcerned = by.isConcerned(owner) || !view.accounts.has(owner)
    for (const principal of [...principals, ...others]) {
      if (!isConcerned && !by.isConcerned(principal.account ?? owner)) continue
      if (ask(principal, region, asked) || region.type !== 'resource') continue
      for (const federated of federatedBy(principal.name, views, reasoner.actions, [policy], by.asked))
        ask(federated, region, asked)
    }
  }
  return collector
}

/**
 * A request that is given to come through an endpoint has no public address, and the other way round; and what comes by way of
 * services is sent by one.
 */
function withoutOtherWays(
  given: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[] | null> {
  const others = [...given.keys()].some(isOfEndpoint)
    ? [PUBLIC_ADDRESS]
    : given.has(PUBLIC_ADDRESS)
      ? ENDPOINT_KEYS
      : []
  const via = VIA_SERVICE.toLowerCase()
  const isByService = [...given.keys()].some(comesByService)
  const isSent = given.get(via)?.[0]?.toLowerCase() !== 'false'
  return new Map([
    ...[...others, ...(isSent ? [] : CALLED_VIA)].map((key) => [key, null] as const),
    ...(isByService ? ([[via, ['true']]] as const) : []),
    ...given,
  ])
}

/** What is given is settled before anything is looked for: a request that is found has it as well. */
const withGiven = (diff: SideDiff, { given }: RequestFilter): SideDiff =>
  given === undefined || given.size === 0
    ? diff
    : {
        ...diff,
        findings: diff.findings.map((finding) => ({
          ...finding,
          request: { ...finding.request, context: new Map([...given, ...finding.request.context]) },
        })),
      }

/** A time that the question itself gives is meant. */
const ofRequestsToCome = (question: RequestFilter, exploration: Exploration): RequestFilter =>
  [...(question.context?.keys() ?? [])].some(isTimeOfRequest)
    ? question
    : { ...question, ...fromNowOn(exploration) }

function* regionsOf(view: EstateView, { wanted, inside = [] }: RequestFilter, { symbols }: Reasoner) {
  const isInside = (arn: string) =>
    inside.every((lang) => lang.has(arn) || symbols.search.areDisjoint(lang, treeLang(arn, symbols)) !== true)
  for (const facts of view.estate.resources.values())
    if (isInside(facts.arn))
      for (const region of resourceRegions(facts.arn, facts.account))
        yield [region, facts.account, view.policyAtMost(facts)] as const
  const assumes = [
    'sts:assumerole',
    'sts:assumerolewithsaml',
    'sts:assumerolewithwebidentity',
    'sts:tagsession',
    'sts:setsourceidentity',
    'sts:setcontext',
  ]
  if (wanted !== undefined && !assumes.some((action) => hasAction(wanted, action))) return
  for (const {
    account,
    entities: { role: roles },
  } of view.accounts.values())
    for (const { arn } of roles.values())
      if (inside.every((lang) => lang.has(arn)))
        yield [trustRegion(arn), account.id, view.trustAtMost(arn)] as const
}

const treeLang = (arn: string, { langs }: Reasoner['symbols']) => {
  const points = Array.from(arn, (character) => character.codePointAt(0) ?? 0)
  return langs.of([points, [...points, 0x2f, -1], [...points, 0x3a, -1]])
}

/** How a proof takes what isn't certain. */
export interface Certainty {
  /** What another policy must allow as well: it isn't known, or it is listed as such. */
  readonly potential: 'unknown' | 'listed'
  /** Whether a resource doesn't tell whose it is, and several accounts may own it. */
  readonly isOwnerOpen: (resource: string) => boolean
}

/** Whether nothing was found, of which principals it isn't known, and what was found. */
export function proofOf(collector: EntryCollector, { potential, isOwnerOpen }: Certainty): Proof {
  const breaking: AccessEntry[] = []
  const unknown = [...collector.unknown()]
  const entries = collector.entries('gained')
  for (const entry of entries.filter(isDeciding)) {
    const reason = entry.isPotential
      ? ('undeclared' as const)
      : isOwnerOpen(entry.witness.resource)
        ? ('owner' as const)
        : null
    if (reason === null || (reason === 'undeclared' && potential === 'listed')) breaking.push(entry)
    else unknown.push(unknownOf(entry, reason))
  }
  return {
    holds: breaking.length > 0 ? false : unknown.length > 0 ? 'unknown' : true,
    violations: [...distinct(breaking), ...entries.filter((entry) => !isDeciding(entry))],
    unknown,
  }
}

/** Somebody whom the question names may be looked at as such, and as somebody's federated user: what they may is told once. */
const distinct = (entries: readonly AccessEntry[]): readonly AccessEntry[] => [
  ...new Map(
    entries.map((entry) => {
      const { principals, actions, policy, sid, source, because, witness } = entry
      const told = [
        principals,
        actions,
        policy,
        sid,
        source,
        because,
        { ...witness, context: [...witness.context] },
      ]
      return [JSON.stringify(told), entry] as const
    }),
  ).values(),
]

const unknownOf = (
  { principals, policy, sid, source, witness }: AccessEntry,
  reason: UnknownReason,
): UnknownAccess => ({ principals, direction: 'gained', reason, policy, sid, source, witness })

/** Whether patterns are about one resource, or what lies in it, whose name doesn't tell its account. */
export const isAboutOneOwner = (resources: readonly string[]): boolean =>
  resources.length > 0 &&
  resources.every((pattern) => {
    const arn = parseArn(pattern)
    return arn !== null && arn.account === '' && !/[*?]/.test(arn.resource.split('/', 1)[0] ?? '')
  })
