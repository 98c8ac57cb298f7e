import type { SourceTexts } from '../../diagnostics/index.ts'
import {
  WEAKENED_SIGNS,
  type WeakenedSince,
  weakenedLines,
  weakenedPlace,
  weakenedTitle,
} from '../protections/weakened-since.ts'
import { PLAIN, placeIn } from './entry.ts'
import type { ReviewEntry } from './review.ts'

/** What no longer protects: what is gone, then what says less. */
export const weakenedEntries = (since: WeakenedSince, texts: SourceTexts): readonly ReviewEntry[] =>
  ['removed', 'changed'].flatMap((wanted) =>
    since.protections
      .filter(({ change }) => change === wanted)
      .map((each) => {
        const { change, kind, name, now, accounts } = each
        const lines = weakenedLines(each)
        const place = weakenedPlace(each, since, texts)
        const where = change === 'removed' && place !== '' ? `, at ${place}` : ''
        return {
          ...PLAIN,
          ...WEAKENED_SIGNS[change],
          account: accounts.length === 1 ? (accounts[0] ?? null) : null,
          who: weakenedTitle({ ...each, accounts: [] }),
          short: `${change === 'removed' ? 'no longer there' : 'changed'}${where}: ${lines.join('; ')}`,
          lines: lines.length > 1 ? lines : [],
          merge: { rule: `${kind} ${change}`, target: kind === 'guard' || kind === 'scope' ? name : '' },
          place: placeIn(now, texts),
        }
      }),
  )
