import { parseDate } from '../../../policy/condition-values.ts'
import type { OperatorComparison } from '../../../policy/operators.ts'
import type { KeyAtom, Literal } from '../atom.ts'
import { type Decimal, decimalText } from '../decimal.ts'
import type { Predicate } from '../predicate.ts'
import type { Symbols } from '../symbols.ts'

type Axioms = readonly (readonly Literal[])[]
type ByKey = ReadonlyMap<string, readonly KeyAtom[]>

const CURRENT = 'aws:currenttime'
const EPOCH = 'aws:epochtime'

/**
 * A request is made at one moment: `aws:EpochTime` counts the whole seconds until `aws:CurrentTime`. Each test of it is one of
 * that, so that the seconds of a moment that suits suit as well.
 * @see IAM User Guide, "AWS global condition context keys": aws:CurrentTime, aws:EpochTime
 */
export function timeAxioms(byKey: ByKey, symbols: Symbols): Axioms {
  const [current] = byKey.get(CURRENT) ?? []
  const isTime = (comparison: OperatorComparison, seconds: readonly number[]): Literal =>
    symbols.atoms.keyAtom({
      key: CURRENT,
      spelling: current?.spelling ?? 'aws:CurrentTime',
      whenAbsent: false,
      predicate: { kind: 'date', comparison, bounds: seconds.map((each) => each * 1000) },
      several: 'any',
      variables: [],
    }) + 1
  return (byKey.get(EPOCH) ?? []).flatMap(({ id, predicate }) => {
    const bounds = boundsOf(predicate)
    return bounds === null ? [] : sameTests(id + 1, bounds, isTime)
  })
}

/** What a test compares seconds with. */
interface Bounds {
  readonly comparison: OperatorComparison
  /** Any of them will do. */
  readonly seconds: readonly number[]
}

/** null: it is no test of a time. */
function boundsOf(predicate: Predicate | null): Bounds | null {
  if (predicate?.kind !== 'date' && predicate?.kind !== 'number') return null
  const seconds =
    predicate.kind === 'date' ? predicate.bounds.map((each) => each / 1000) : predicate.bounds.map(secondsOf)
  return seconds.every(Number.isFinite) ? { comparison: predicate.comparison, seconds } : null
}

const secondsOf = (decimal: Decimal): number => Number(decimalText(decimal))

function sameTests(
  holds: Literal,
  { comparison, seconds }: Bounds,
  isTime: (comparison: OperatorComparison, seconds: readonly number[]) => Literal,
): Axioms {
  const same = (other: Literal): Axioms => [
    [-holds, other],
    [holds, -other],
  ]
  const after = seconds.map((each) => Math.floor(each) + 1)
  const from = seconds.map(Math.ceil)
  switch (comparison) {
    case 'less':
      return same(isTime('less', from))
    case 'lessEquals':
      return same(isTime('less', after))
    case 'greater':
      return same(isTime('greaterEquals', after))
    case 'greaterEquals':
      return same(isTime('greaterEquals', from))
    case 'equals': {
      // In one of these seconds: not before the first, nor after one and before the next, nor after the last.
      const whole = [...new Set(seconds.filter(Number.isInteger))].sort((a, b) => a - b)
      const begun = (at: number) => whole.slice(at, at + 1).map((each) => isTime('greaterEquals', [each]))
      const notOver = (at: number) => whole.slice(at, at + 1).map((each) => isTime('less', [each + 1]))
      return [
        ...[...whole, null].map((_, at) => [-holds, ...(at === 0 ? [] : notOver(at - 1)), ...begun(at)]),
        ...whole.map((_, at) => [
          holds,
          ...begun(at).map((each) => -each),
          ...notOver(at).map((each) => -each),
        ]),
      ]
    }
  }
}

/** Gives the seconds until the moment that a request is made at. They pass the same tests, but for those of text. */
export function sameMoment(context: Map<string, readonly string[]>): void {
  const spellingOf = (key: string) => [...context.keys()].find((each) => each.toLowerCase() === key)
  const [current, epoch] = [spellingOf(CURRENT), spellingOf(EPOCH)]
  if (current === undefined || epoch === undefined) return
  const [moment = ''] = context.get(current) ?? []
  const time = parseDate(moment)
  if (time !== null) context.set(epoch, [String(Math.floor(time / 1000))])
}
