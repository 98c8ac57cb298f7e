import { OPERATORS } from '../../../policy/operators.ts'
import type { ParsedCondition } from '../../../policy/parsed.ts'
import { variableNames } from '../../../policy/variables.ts'
import type { Tests } from './open-keys.ts'
import { type KnownValues, textsWith, withKnownValues } from './open-texts.ts'
import { valuesFor } from './open-variables.ts'

/*
 * What conditions make of keys that stand as variables in their values: `"aws:PrincipalTag/x": "${aws:ResourceTag/x}"`.
 */

/** A dollar sign that begins no variable. */
export const DOLLAR = `\${$}`

/** Tests of one key, to be joined with the others of it. */
export type Test = Pick<Tests, 'key'> & Partial<Tests>

/** Texts for a variable, and others for what it is compared with. */
const GUESSES = ['', 'some-other-value', 'another-value']

/**
 * Where the key is known: a variable alone in a value has to be one text or another; beside wildcards or a second one, some
 * texts are tried.
 * @param condition one of a document of 2012-10-17
 * @param given what its key is known to be
 */
export function testsOfVariables(
  { operator, values }: ParsedCondition,
  given: readonly string[],
  known: KnownValues,
): readonly Test[] {
  const meaning = OPERATORS[operator]
  const isFolded = 'form' in meaning && meaning.form === 'folded'
  const takesWildcards = 'form' in meaning && (meaning.form === 'glob' || meaning.form === 'arn')
  return values.flatMap((value): readonly Test[] => {
    const text = withKnownValues(value, known)
    const names = variableNames(text).filter((name) => known(name) === undefined)
    const [name] = names
    if (name === undefined) return []
    if (names.length === 1 && !(takesWildcards && /[*?]/.test(text))) {
      const solutions = given.flatMap((each) => soleValue(text, each, isFolded))
      return [
        {
          key: name,
          conditions: [
            {
              operator: isFolded ? 'StringEqualsIgnoreCase' : 'StringEquals',
              quantifier: null,
              ifExists: false,
              key: name,
              // An empty text is no absent one: it takes no default.
              values: [...solutions, ''].map((each) => each.replaceAll('$', DOLLAR)),
            },
          ],
        },
      ]
    }
    const found = given.flatMap((each) => valuesFor(text, each))
    return names.map((each) => ({
      key: each,
      named: found
        .flatMap((one) => (one.name.toLowerCase() === each.toLowerCase() ? one.value : []))
        .concat(GUESSES),
      isEndless: true,
    }))
  })
}

/** What the only variable of a text without wildcards has to be for the text to be another. */
function soleValue(text: string, whole: string, isFolded: boolean): readonly string[] {
  const begins = text.slice(0, text.indexOf('${'))
  const ends = text.slice(text.lastIndexOf('}') + 1)
  const same = (one: string, other: string) =>
    isFolded ? one.toLowerCase() === other.toLowerCase() : one === other
  return whole.length >= begins.length + ends.length &&
    same(whole.slice(0, begins.length), begins) &&
    same(whole.slice(whole.length - ends.length), ends)
    ? [whole.slice(begins.length, whole.length - ends.length)]
    : []
}

/** Where neither the key nor a variable is known: one is tried with what the other is compared with. */
export function testsOfBoth(
  { key, values }: ParsedCondition,
  known: KnownValues,
  testedWith: (key: string) => readonly string[],
): readonly Test[] {
  return values.flatMap((value): readonly Test[] => {
    const text = withKnownValues(value, known)
    const names = variableNames(text).filter((name) => known(name) === undefined)
    if (names.length === 0) return []
    const guesses = new Map(
      names.map((name) => [name.toLowerCase(), [...testedWith(name), ...GUESSES].slice(0, 5)] as const),
    )
    const texts = textsWith(known, guesses)(value)
    const asTheyStand = /\$\{[*?]\}/.test(value) ? texts : []
    const readings = [...texts.map((each) => each.replace(/[*?]/g, 'x')), ...asTheyStand]
    const found = testedWith(key).flatMap((each) => valuesFor(text, each))
    return [
      { key, named: [...readings, ...GUESSES], isEndless: true },
      ...names.map((name) => ({
        key: name,
        named: [
          ...found.flatMap((one) => (one.name.toLowerCase() === name.toLowerCase() ? one.value : [])),
          ...(guesses.get(name.toLowerCase()) ?? []),
        ],
        isEndless: true,
      })),
    ]
  })
}
