import { PASSED_ALONG } from '../../evaluator/estate/call-rules.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { PrincipalSide } from './side.ts'
import type { PlacedStatement } from './statement-compiler.ts'

type Statements = readonly PlacedStatement[]

/** Whether a statement bears on what an allow is about. */
type Bearing = (statement: PlacedStatement) => boolean

/** One allow of a side that has one way, with what bears on it. */
interface SidePart {
  readonly side: PrincipalSide
  readonly bears: Bearing
  /** Whether other allows are among those that grant: they let through what its calls pass along. */
  readonly hasOthers: boolean
}

const ASSUMING = { negated: false, entries: ['sts:AssumeRole*'] }
const PASSING = { negated: false, entries: PASSED_ALONG.map(({ action }) => action) }

/**
 * Of a side all that decides whether one allow grants something.
 *
 * INVARIANT: a request that the allow matches, and one for what its call passes along, are decided by the part as by the side:
 * of no statement that is left out the action is one of them.
 * @param isWanted of statements: whether they are about an action that is asked about; absent: all are
 */
export function partOf(
  allow: PlacedStatement,
  { ways: [[granting = [], ...limits] = []], denies }: PrincipalSide,
  table: ActionTable,
  isWanted: Bearing = () => true,
): SidePart {
  const isAbout = (each: PlacedStatement) => table.haveCommon(each.actions, allow.actions) && isWanted(each)
  const plain = {
    side: {
      ways: [[[allow], ...limits.map((layer) => layer.filter(isAbout))]],
      denies: denies.filter(isAbout),
    },
    bears: isAbout,
    hasOthers: false,
  }
  const assuming = table.setOf(ASSUMING)
  if (
    !table.haveCommon(allow.actions, assuming) ||
    ![allow, ...plain.side.ways.flat(2), ...plain.side.denies].some(
      (each) => table.haveCommon(each.actions, assuming) && speaksOfPassed(each),
    )
  )
    return plain
  const passing = table.setOf(PASSING)
  const passes = ({ actions }: PlacedStatement) => table.haveCommon(actions, passing)
  const bears = (each: PlacedStatement) => isAbout(each) || passes(each)
  const others = granting.filter((each) => each !== allow && passes(each))
  return {
    side: {
      ways: [[[allow, ...others], ...limits.map((layer) => layer.filter(bears))]],
      denies: denies.filter(bears),
    },
    bears,
    hasOthers: others.length > 0,
  }
}

/** The same of another side: what bears on the allow there. */
export const bearingIn = ({ ways, denies }: PrincipalSide, bears: Bearing): PrincipalSide => ({
  ways: ways.map((layers) => layers.map((layer: Statements) => layer.filter(bears))),
  denies: denies.filter(bears),
})

/** Whether a statement asks for something that is passed along, or holds a variable of it. */
const speaksOfPassed = ({ symbolic }: PlacedStatement): boolean =>
  [...symbolic.source.conditions.map(({ key }) => key), ...symbolic.variables].some((key) =>
    PASSED_ALONG.some(({ isFor }) => isFor.test(key.toLowerCase())),
  )
