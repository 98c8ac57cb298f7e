import { OPERATORS } from '../../../policy/operators.ts'
import type { ParsedCondition } from '../../../policy/parsed.ts'
import { firstPlaces, type Places, placesAfter } from './pattern-places.ts'

/*
 * Which accounts conditions tell apart without naming them. All texts of twelve digits are walked at once: beginnings that no
 * test tells apart are one (the subset construction over the product of the tests), so that one account is left for each way
 * that the tests can come out.
 */

/** Whatever a test knows of the digits so far; equal ones go on alike. */
interface Walker {
  readonly state: string
  after(digit: string): Walker
}

const DIGITS = '1234567890'
/** Beginnings that are told apart; more are not followed. */
const MOST_BEGINNINGS = 1024
/** Accounts that are tried. */
const MOST_ACCOUNTS = 48

const OF_ACCOUNT = /^(?:aws:principalaccount|kms:calleraccount)$/i
const OF_ARN = /^aws:principalarn$/i

/**
 * An account for each way that patterns and bounds of conditions tell accounts apart.
 * @param named ids that stand for themselves: none of them is returned
 */
export function accountsToldApart(
  conditions: readonly ParsedCondition[],
  partition: string,
  named: ReadonlySet<string>,
): readonly string[] {
  const walkers = conditions.flatMap((condition) => walkersOf(condition, partition))
  if (walkers.length === 0) return []
  let beginnings = new Map([['', [...walkers, nameWalker('', beginningsOf(named))]]])
  for (let length = 0; length < 12; length++) {
    const longer = new Map<string, { readonly text: string; readonly walkers: Walker[] }>()
    for (const [text, each] of beginnings)
      for (const digit of DIGITS) {
        const next = each.map((walker) => walker.after(digit))
        const state = next.map((walker) => walker.state).join(' ')
        if (!longer.has(state)) longer.set(state, { text: text + digit, walkers: next })
      }
    beginnings = new Map(
      [...longer.values()].slice(0, MOST_BEGINNINGS).map((each) => [each.text, each.walkers]),
    )
  }
  return [...beginnings.keys()].filter((account) => !named.has(account)).slice(0, MOST_ACCOUNTS)
}

function walkersOf({ operator, key, values }: ParsedCondition, partition: string): readonly Walker[] {
  const meaning = OPERATORS[operator]
  if (meaning.family === 'number' && OF_ACCOUNT.test(key)) return values.flatMap(boundWalkers)
  const takesWildcards = 'form' in meaning && (meaning.form === 'glob' || meaning.form === 'arn')
  if (!takesWildcards) return []
  const patterns = values.filter((value) => /[*?]/.test(value) && !value.includes('${'))
  if (OF_ACCOUNT.test(key)) return patterns.map((pattern) => patternWalker(pattern, ''))
  if (!OF_ARN.test(key)) return []
  return patterns.flatMap((pattern) =>
    ['iam', 'sts'].map((service) => patternWalker(pattern, `arn:${partition}:${service}::`)),
  )
}

/** Where in a pattern one can be. @param before what stands before the digits */
function patternWalker(pattern: string, before: string): Walker {
  const at = (places: Places): Walker => ({
    state: [...places].sort((a, b) => a - b).join(),
    after: (digit) => at(placesAfter(pattern, places, digit)),
  })
  return at(placesAfter(pattern, firstPlaces(pattern), before))
}

/** Ids are compared as numbers. */
function boundWalkers(value: string): readonly Walker[] {
  const bound = Math.floor(Number(value))
  return Number.isFinite(bound) && bound >= 0 && bound < 1e12
    ? [boundWalker('equal', String(bound).padStart(12, '0'), 0)]
    : []
}

function boundWalker(state: 'less' | 'equal' | 'more', bound: string, place: number): Walker {
  return {
    state,
    after: (digit) => {
      const next = state !== 'equal' ? state : compared(digit, bound[place] ?? '0')
      return boundWalker(next, bound, place + 1)
    },
  }
}

const compared = (digit: string, of: string): 'less' | 'equal' | 'more' =>
  digit < of ? 'less' : digit > of ? 'more' : 'equal'

/** Tells the ids that are named from the others. @param text null: none of them begins so */
function nameWalker(text: string | null, beginnings: ReadonlySet<string>): Walker {
  return {
    state: text ?? '-',
    after: (digit) =>
      nameWalker(text !== null && beginnings.has(text + digit) ? text + digit : null, beginnings),
  }
}

const beginningsOf = (ids: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...ids].flatMap((id) => [...id].map((_, index) => id.slice(0, index + 1))))
