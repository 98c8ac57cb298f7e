import { expect, it } from 'vitest'
import type { AccessDiff } from '../../../src/access/access-diff.ts'
import { createEvaluator, type Evaluator } from '../../../src/evaluator/estate/evaluator.ts'
import type { Estate } from '../../../src/model/index.ts'
import { HOME, OTHER, OUTSIDE } from '../../evaluator/estate-world.ts'
import { Random } from '../../evaluator/random-cases.ts'
import { sampleOf } from '../../sample-size.ts'
import {
  ACTIONS,
  ASKERS,
  CONTEXTS,
  changedEstate,
  RESOURCES,
  randomControls,
  randomEstate,
} from '../random-estates.ts'
import { analysisForTests, NOW } from './estate-diffs.ts'

const estates = Number(process.env.ESTATE_FUZZ_PAIRS ?? sampleOf(30))
/** The same unless told, so that what fails fails again. */
const seed = Number(process.env.ESTATE_FUZZ_SEED ?? 1)
const analysis = analysisForTests()

/** Where there are resources of the right type, an entry doesn't tell of odd ones. */
const TYPES: Readonly<Record<string, RegExp>> = {
  's3:GetObject': /^arn:aws:s3:::.*\//,
  's3:PutObject': /^arn:aws:s3:::.*\//,
  'kms:Decrypt': /:key\//,
  'sts:AssumeRole': /:role\//,
  'ec2:RunInstances': /:instance\//,
}

const FACTS = { documentOf: () => null, now: NOW }
const labelsOf = (principal: string): readonly string[] =>
  principal === '*'
    ? ['anonymous']
    : principal.includes(OUTSIDE)
      ? [`account:${OUTSIDE}`, 'account:*', principal]
      : principal.startsWith('arn:')
        ? [principal]
        : [`service:${principal}`, 'service:*']

/** null: the question can't be decided, or the principal isn't there. */
function isAllowed(
  evaluator: Evaluator,
  principal: string,
  action: string,
  resource: string,
  context: ReadonlyMap<string, readonly string[]>,
  resourceAccount?: string,
) {
  const owner = resourceAccount === undefined ? {} : { resourceAccount }
  const { answer } = evaluator.evaluate({ principal, action, resource, context, ...owner })
  return answer === null ? null : answer.decision === 'allow'
}

function covers(
  { gained, lost, unknown }: AccessDiff,
  direction: 'gained' | 'lost',
  principal: string,
  action: string,
): boolean {
  const labels = labelsOf(principal)
  const isTold = (principals: readonly string[]) => principals.some((label) => labels.includes(label))
  return (
    (direction === 'gained' ? gained : lost).some(
      (entry) => isTold(entry.principals) && entry.actions.includes(action),
    ) || unknown.some((each) => each.direction === direction && isTold(each.principals))
  )
}

async function check(
  before: Estate,
  after: Estate,
  counts: { told: number; asked: number },
): Promise<string | null> {
  const diffs = [...analysis().analyzer.diffEstates(before, after, [HOME, OTHER]).values()]
  const all: AccessDiff = {
    verdict: 'none',
    gained: diffs.flatMap(({ gained }) => gained),
    lost: diffs.flatMap(({ lost }) => lost),
    unknown: diffs.flatMap(({ unknown }) => unknown),
    escalations: [],
  }
  const [old, now] = [await createEvaluator(before, FACTS), await createEvaluator(after, FACTS)]
  for (const direction of ['gained', 'lost'] as const)
    for (const entry of all[direction]) {
      counts.told++
      const { principal, action, resource, context, resourceAccount } = entry.witness
      // Of a chain the witness is its last hop, which may have been there before.
      if (entry.via.length > 0 || entry.isPotential || principal.includes('999999999999')) continue
      // Whose federated user it is, a request by itself doesn't say.
      if (principal.includes(':federated-user/')) continue
      const [from, to] = direction === 'gained' ? [old, now] : [now, old]
      // Tags of the principal are those of the side that allows; those of outsiders are whatever they say.
      const isOwn = [HOME, OTHER].some((account) => principal.includes(`:${account}:`))
      const others = new Map([...context].filter(([key]) => !isOwn || !key.startsWith('aws:PrincipalTag/')))
      const was = isAllowed(from, principal, action, resource, others, resourceAccount)
      const is = isAllowed(to, principal, action, resource, context, resourceAccount)
      if (is !== true || was === true)
        return `${direction} ${principal} ${action} ${resource} ${JSON.stringify([...context])}: ${was} then ${is}`
    }
  for (const principal of ASKERS)
    for (const action of ACTIONS)
      for (const resource of RESOURCES.filter((each) => TYPES[action]?.test(each)))
        for (const context of CONTEXTS) {
          counts.asked++
          const [was, is] = [old, now].map((each) => isAllowed(each, principal, action, resource, context))
          if (is === true && was !== true && !covers(all, 'gained', principal, action) && was !== null)
            return `missed: gained ${principal} ${action} ${resource} ${JSON.stringify([...context])}`
          if (was === true && is !== true && !covers(all, 'lost', principal, action))
            return `missed: lost ${principal} ${action} ${resource} ${JSON.stringify([...context])} (${was}, ${is})`
        }
  return null
}

async function checkAll(pairOf: (random: Random) => readonly [Estate, Estate], count: number): Promise<void> {
  const random = new Random(seed)
  const counts = { told: 0, asked: 0 }
  for (let index = 0; index < count; index++) {
    const [before, after] = pairOf(random)
    const problem = await check(before, after, counts)
    expect(
      problem,
      `estate ${index}: ${JSON.stringify([before, after], (_, value) => (value instanceof Map ? Object.fromEntries(value) : value)).slice(0, 30000)}`,
    ).toBe(null)
  }
  console.log(JSON.stringify(counts))
}

it(`tells of every change that the evaluator shows in ${estates} random estates, and of no other (seed ${seed})`, () =>
  checkAll((random) => {
    const before = randomEstate(random)
    return [before, changedEstate(before, random)]
  }, estates))

it('the same where resource control policies bind, and where they change', () =>
  checkAll((random) => {
    const before = { ...randomEstate(random), organization: randomControls(random) }
    return [
      before,
      random.chance(0.5)
        ? { ...before, organization: randomControls(random) }
        : changedEstate(before, random),
    ]
  }, estates))
