import type { Result, ResultOf, ResultType } from '../result.ts'
import type { Format, FormatKind } from './format.ts'

interface NamedFormat {
  readonly kind: FormatKind
  /** The types of result that it is a form of, besides failures; null: all. */
  readonly of: readonly ResultType[] | null
  /** Each is loaded when it is asked for: texts for people need much that no document does. */
  load(): Promise<Format>
}

/** A form that not every result has. What is loaded has an entry for each type of `of`, or doesn't compile. */
const formOf = <T extends ResultType>(
  of: readonly T[],
  load: () => Promise<Format<NoInfer<T>>>,
): NamedFormat => ({
  kind: 'document',
  of,
  load: async () => {
    const { render } = await load()
    const isOf = (result: Result): result is ResultOf<T | 'failed'> =>
      result.type === 'failed' || of.some((type) => type === result.type)
    return {
      render: (result, given) => {
        // INVARIANT: whoever renders a result has asked `formatsOf` whether it has this form.
        if (!isOf(result)) throw new Error(`results of type ${result.type} have no such form`)
        return render(result, given)
      },
    }
  },
})

/** Every form of a result, by its name after `--format`. Another one is a file beside these, and a line here. */
export const FORMATS = {
  text: { kind: 'people', of: null, load: async () => (await import('./text.ts')).text },
  json: { kind: 'document', of: null, load: async () => (await import('./json.ts')).json },
  markdown: formOf(
    ['plan', 'access diff', 'access check', 'access escalations', 'test'],
    async () => (await import('./markdown.ts')).markdown,
  ),
  'aws-cli': formOf(['plan', 'access diff'], async () => (await import('./aws-cli.ts')).awsCli),
  html: formOf(['plan', 'access diff'], async () => (await import('./html.ts')).html),
  junit: formOf(['test'], async () => (await import('./junit.ts')).junit),
} as const satisfies Readonly<Record<string, NamedFormat>>

export type FormatName = keyof typeof FORMATS

const REVIEW_FORMATS: ReadonlySet<FormatName> = new Set(['markdown', 'html'])

const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]

export const isFormat = (name: string): name is FormatName => Object.hasOwn(FORMATS, name)

/** Whether it is a page that goes with a change: whoever reads it wants to know which one it is. */
export const isForReviewers = (name: FormatName): boolean => REVIEW_FORMATS.has(name)

/** The forms that results of all these types have, in the order of the table. */
export const formatsOf = (types: readonly ResultType[]): readonly FormatName[] =>
  FORMAT_NAMES.filter((name) => {
    const { of }: NamedFormat = FORMATS[name]
    return of === null || types.every((type) => of.includes(type))
  })
