import { describe, expect, test } from 'vitest'
import { lastCommonCommit } from '../../src/source/git/git.ts'
import { type CommitLinks, mergeBaseOf } from '../../src/source/git/merge-base.ts'
import fc from '../fixed-seed.ts'
import { temporaryFolder } from './folders.ts'
import { git } from './real-git.ts'

type History = ReadonlyMap<string, CommitLinks>

/** `b: a` is `b`, which follows `a`; each is made a second after the one before. */
const historyOf = (...lines: readonly string[]): History =>
  new Map(
    lines.map((line, time) => {
      const [name = '', parents = ''] = line.split(':')
      return [name, { parents: parents.trim().split(' ').filter(Boolean), time }]
    }),
  )

const baseIn = (history: History, one: string, other: string) =>
  mergeBaseOf(one, other, async (oid) => history.get(oid) ?? null)

const ancestors = (history: History, of: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const open = [of]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...(history.get(next)?.parents ?? []))
  }
  return found
}

/** By what it is, not by how it is found. */
const bestBases = (history: History, one: string, other: string): readonly string[] => {
  const ofOther = ancestors(history, other)
  const common = [...ancestors(history, one)].filter((oid) => ofOther.has(oid))
  return common.filter((oid) => !common.some((each) => each !== oid && ancestors(history, each).has(oid)))
}

describe('where two commits went apart', () => {
  test.each([
    ['a branch', historyOf('a', 'b: a', 'm: b', 'x: b', 'y: x'), 'y', 'm', 'b'],
    ['the target is behind', historyOf('a', 'b: a'), 'b', 'a', 'a'],
    ['the merge that a forge makes', historyOf('a', 'x: a', 'b: a', 'merge: b x'), 'merge', 'b', 'b'],
    ['histories of their own', historyOf('a', 'b'), 'a', 'b', null],
    // A way that is shorter leads past the commit that is meant.
    [
      'an old branch that the target took in',
      historyOf('old', 'side: old', 'f1: old', 'fork: f1', 't1: fork', 't2: t1', 'top: t2 side', 'x: fork'),
      'x',
      'top',
      'fork',
    ],
  ])('%s', async (_, history, one, other, base) => {
    expect(await baseIn(history, one, other)).toBe(base)
  })

  test('what is cut off by a shallow clone is not known', async () => {
    const cut = new Map([
      ['x', { parents: ['gone'], time: 5 }],
      ['m', { parents: ['b'], time: 4 }],
      ['b', { parents: [], time: 1 }],
    ])
    expect(await baseIn(cut, 'x', 'm')).toBeNull()
  })

  test('it is one that no other common one follows, whatever the history', async () => {
    const histories = fc
      .array(fc.tuple(fc.nat(2), fc.nat(), fc.nat(), fc.nat(2)), { minLength: 2, maxLength: 14 })
      .map((drawn): History => {
        let time = 0
        return new Map(
          drawn.map(([count, first, second, later], at) => {
            time += later
            const parents = [first, second].slice(0, Math.min(count, at)).map((nth) => String(nth % at))
            return [String(at), { parents: [...new Set(parents)], time }]
          }),
        )
      })
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), fc.nat(), async (history, a, b) => {
        const [one, other] = [String(a % history.size), String(b % history.size)]
        const found = await baseIn(history, one, other)
        const best = bestBases(history, one, other)
        expect(best.length === 0 ? [null] : best).toContain(found)
      }),
      { numRuns: 300 },
    )
  })

  test('in a repository: by the branch of a remote, from a merge that nobody made; null where it is cut off', async () => {
    const origin = temporaryFolder({ 'iam-sync.yaml': 'version: 1\n' })
    git(origin, 'init -q', 'add .', 'commit -q -m fork')
    const fork = git(origin, 'rev-parse HEAD').trim()
    git(origin, 'checkout -q -b change', 'commit -q --allow-empty -m change', 'checkout -q main')
    const clone = temporaryFolder()
    git(clone, `clone -q ${origin} .`, 'checkout -q change')
    expect(await lastCommonCommit(clone, 'origin/main')).toBe(fork)
    git(origin, 'commit -q --allow-empty -m later')
    const later = git(origin, 'rev-parse HEAD').trim()
    git(clone, 'fetch -q', 'checkout -q --detach origin/main', 'merge -q --no-ff -m merge origin/change')
    expect(await lastCommonCommit(clone, 'origin/main')).toBe(later)
    expect(await lastCommonCommit(clone, 'origin/none')).toBeNull()
    expect(await lastCommonCommit(temporaryFolder(), 'main')).toBeNull()
    const shallow = temporaryFolder()
    git(shallow, `clone -q --depth=1 --no-single-branch file://${origin} .`, 'checkout -q change')
    expect(await lastCommonCommit(shallow, 'origin/main')).toBeNull()
  })
})
