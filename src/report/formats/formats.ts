import type { Format, FormatKind } from './format.ts'

interface NamedFormat {
  readonly kind: FormatKind
  /** Each is loaded when it is asked for: texts for people need much that no document does. */
  load(): Promise<Format>
}

/** Every form of a result, by its name after `--format`. Another one is a file beside these, and a line here. */
export const FORMATS = {
  text: { kind: 'people', load: async () => (await import('./text.ts')).text },
  json: { kind: 'document', load: async () => (await import('./json.ts')).json },
} as const satisfies Readonly<Record<string, NamedFormat>>

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]
