import { describe, expect, test } from 'vitest'
import { didYouMean, nearest } from '../../src/diagnostics/index.ts'

const keys = ['groups', 'managedPolicies', 'inlinePolicies', 'permissionsBoundary', 'tags', 'path']

describe('the nearest word', () => {
  const meant: Readonly<Record<string, string | null>> = {
    gruops: 'groups',
    group: 'groups',
    Groups: 'groups',
    manageddPolicies: 'managedPolicies',
    permisionsBoundary: 'permissionsBoundary',
    tag: 'tags',
    inlinePolicy: 'inlinePolicies',
    unrelated: null,
    x: null,
    '': null,
  }
  for (const [word, expected] of Object.entries(meant))
    test(`to \`${word}\` is ${expected ?? 'none'}`, () => {
      expect(nearest(word, keys)).toBe(expected)
    })

  test('a word is not its own suggestion', () => {
    expect(nearest('tags', ['tags'])).toBeNull()
  })

  test('of equally near words the first by name is taken, whatever their order', () => {
    expect(nearest('cart', ['card', 'care', 'carb'])).toBe('carb')
    expect(nearest('cart', ['carb', 'care', 'card'])).toBe('carb')
  })

  test('swapped neighbours are one edit', () => {
    expect(nearest('pahtways', ['pathways'])).toBe('pathways')
    expect(nearest('abdc', ['abcd'])).toBe('abcd')
  })

  // A word that is given up on counts as farther than the limit, never as a tie with the best so far.
  for (const [word, known, meant] of [
    ['managedPolicys', keys, 'managedPolicies'],
    ['tgas', keys, 'tags'],
    ['StringLke', ['StringLike', 'ArnEquals'], 'StringLike'],
  ] as const)
    test(`a farther word never beats a nearer one: ${word}`, () => {
      expect(nearest(word, known)).toBe(meant)
    })
})

test('a suggestion becomes a help line, or else the alternative', () => {
  expect(didYouMean('gruops', keys, 'see the documentation')).toBe('did you mean `groups`?')
  expect(didYouMean('unrelated', keys, 'see the documentation')).toBe('see the documentation')
})
