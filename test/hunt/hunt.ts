// The hunt: estates drawn one after the other, each with its questions; faults are counted by kind, so that one doesn't hide
// another.
import { type AccessAnalyzer, createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import { Random } from '../evaluator/random-cases.ts'
import { checkPair } from './check-pair.ts'
import { corpusPair } from './corpus-estates.ts'
import { withChain } from './draw-chains.ts'
import { withDoubt } from './draw-doubts.ts'
import { withEntityTags } from './draw-entity-tags.ts'
import { drawPair } from './draw-estates.ts'
import { drawFocused } from './draw-focused.ts'
import { withHolders } from './draw-holders.ts'
import { withNamedSession } from './draw-named-sessions.ts'
import { withNested } from './draw-nested.ts'
import { withOtherKeys } from './draw-other-keys.ts'
import { withRareKeys } from './draw-rare-keys.ts'
import { withSending } from './draw-sending.ts'
import { withControls, withShapes } from './draw-shapes.ts'
import { withSignIn } from './draw-sign-in.ts'
import { withSource } from './draw-source.ts'
import { withoutIds } from './draw-units.ts'
import { withVariables } from './draw-variables.ts'
import type { EstatePair } from './estate-spec.ts'
import { familyOf } from './families.ts'
import { type Fault, kindOf } from './faults.ts'
import { withIssuers } from './federated-sessions.ts'
import { type Counts, noCounts } from './findings.ts'
import { drawQuestions } from './questions.ts'

export interface HuntTools {
  readonly analyzer: AccessAnalyzer
  readonly facts: AccountFacts
}

export async function huntTools(): Promise<HuntTools> {
  const managed = await loadManagedPolicies()
  const facts = {
    documentOf: (arn: string) => managed.document(arn),
    now: new Date('2026-06-01T12:00:00Z'),
  }
  return { analyzer: await createAccessAnalyzer(facts), facts }
}

/** Everything that was found of one kind. */
export interface FoundKind {
  readonly kind: string
  readonly family: string
  readonly count: number
  readonly first: Fault
  /** Of the estate of the first: `hunt` asks about it again. */
  readonly seed: number
}

interface HuntResult {
  readonly estates: number
  readonly counts: Counts
  /** The most frequent first. */
  readonly kinds: readonly FoundKind[]
}

/** Seeds of the estates of a run, without end; several runs share them. */
export function* seedsOf(seed: number, first = 0, step = 1): Iterable<number> {
  for (let index = first; ; index += step) yield (Math.imul(seed, 0x9e3779b1) + index * 7919) >>> 0
}

/**
 * The estates of some seeds, and at most so many questions of each.
 * @param enough ends once there were as many questions in all; absent: when there are no more seeds
 */
export async function hunt(
  seeds: Iterable<number>,
  questions: number,
  { analyzer, facts }: HuntTools,
  enough = Number.POSITIVE_INFINITY,
): Promise<HuntResult> {
  const counts = noCounts()
  const kinds = new Map<string, FoundKind>()
  let estates = 0
  for (const seed of seeds) {
    if (counts.questions >= enough) break
    estates++
    const { pair, asked } = drawHunted(seed, questions)
    for (const fault of await checkPair(pair, asked, analyzer, facts, counts)) {
      const kind = kindOf(fault)
      const known = kinds.get(kind)
      kinds.set(kind, {
        kind,
        family: familyOf(fault),
        count: (known?.count ?? 0) + 1,
        first: known?.first ?? fault,
        seed: known?.seed ?? seed,
      })
    }
  }
  return { estates, counts, kinds: [...kinds.values()].sort((a, b) => b.count - a.count) }
}

/**
 * Some have chains of roles, some ask how somebody signed in, some hang on what AWS's documentation leaves open, some have
 * federated users, some ask how requests are sent.
 */
function withMore(pair: EstatePair, random: Random): EstatePair {
  const chained = random.chance(0.15) ? withChain(pair, random) : pair
  const signed = random.chance(0.15) ? withSignIn(chained, random) : chained
  const drawn = random.chance(0.12) ? withDoubt(signed, random) : signed
  const issued = random.chance(0.12) ? withIssuers(drawn, random) : drawn
  const placed = random.chance(0.25) ? withoutIds(issued, random) : issued
  return random.chance(0.15) ? withSending(placed, random) : placed
}

/** Some have holders of policies, control policies, keys and shapes of statements that are rare, or declare what lies in a resource. */
function withRare(pair: EstatePair, random: Random): EstatePair {
  const held = random.chance(0.08) ? withHolders(pair, random) : pair
  const controlled = random.chance(0.06) ? withControls(held, random) : held
  const keyed = random.chance(0.15) ? withRareKeys(controlled, random) : controlled
  const shaped = random.chance(0.1) ? withShapes(keyed, random) : keyed
  return random.chance(0.1) ? withNested(shaped, random) : shaped
}

/** One in five is about one resource or role, and of the others one in eight made of the decision corpus. */
export function drawHunted(seed: number, questions: number) {
  const focused = new Random(seed ^ 0x51ed270b)
  const variables = new Random(seed ^ 0x3c6ef372)
  const others = new Random(seed ^ 0x1b873593)
  const sessions = new Random(seed ^ 0x7ed558cc)
  const sources = new Random(seed ^ 0x5bd1e995)
  const entities = new Random(seed ^ 0x27d4eb2f)
  if (focused.chance(0.2)) return drawFocused(focused, { variables, others, sessions }, questions)
  const random = new Random(seed)
  if (random.chance(0.88)) {
    const drawn = withMore(drawPair(random), new Random(seed ^ 0x2f6e2b1))
    const named = variables.chance(0.1) ? withVariables(drawn, variables) : drawn
    const told = others.chance(0.12) ? withOtherKeys(named, others) : named
    const called = sessions.chance(0.06) ? withNamedSession(told, sessions) : told
    const sent = sources.chance(0.06) ? withSource(called, sources) : called
    const kept = entities.chance(0.08) ? withEntityTags(sent, entities) : sent
    const pair = withRare(kept, new Random(seed ^ 0x165667b1))
    return { pair, asked: drawQuestions(pair, random, questions) }
  }
  const { pair, questions: known } = corpusPair(random)
  return { pair, asked: [...known, ...drawQuestions(pair, random, Math.ceil(questions / 4))] }
}
