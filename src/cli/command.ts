import { type Diagnostic, SourceTexts } from '../diagnostics/index.ts'
import type { ExitCode } from './exit-code.ts'
import type { Streams } from './streams.ts'

/** What every command is told. */
export interface Invocation {
  /** The IAM folder as the user wrote it; `.` if nothing was. */
  readonly folder: string
  /** Names given with `--account`; empty: all. */
  readonly accounts: readonly string[]
  readonly json: boolean
  /** The command's own flags, by their name in camelCase. */
  readonly flags: Flags
  readonly streams: Streams
}

export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/**
 * What a command came to. It is printed in one place, so that stdout holds exactly one document under `--json`,
 * whatever happened.
 */
export interface Outcome {
  readonly exitCode: ExitCode
  /** Why the exit code isn't 0, where it isn't for errors: counts and places, for the last line on stderr. */
  readonly why?: readonly string[]
  /** The command's own keys of the JSON document. */
  readonly body: object
  /** The result for people; null: nothing to say, or said already. */
  readonly text: string | null
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: SourceTexts
  /** Diagnostics that stand in `text` already, in words of their own. */
  readonly shown?: ReadonlySet<Diagnostic>
}

/** A command that has printed everything itself. */
export interface Said {
  readonly said: 'everything'
  readonly exitCode: ExitCode
  /** Why it isn't 0. */
  readonly why?: readonly string[]
}

/** A module of `src/cli/commands`. */
export interface CommandModule {
  run(invocation: Invocation): Promise<Outcome | Said>
}

/** Texts that errors thrown on the way may point into. */
export class FailedWith extends Error {
  readonly texts: SourceTexts
  constructor(cause: unknown, texts: SourceTexts) {
    super('failed', { cause })
    this.texts = texts
  }
}

export const NO_TEXTS = new SourceTexts()

export const flagText = (flags: Flags, name: string): string | null => {
  const value = flags[name]
  return typeof value === 'string' ? value : null
}

export const flagList = (flags: Flags, name: string): readonly string[] => {
  const value = flags[name]
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}

export const flagSet = (flags: Flags, name: string): boolean => flags[name] === true
