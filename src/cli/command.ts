import { type Diagnostic, SourceTexts } from '../diagnostics/index.ts'
import type { FormatName } from '../report/formats/formats.ts'
import type { Result } from '../report/result.ts'
import type { ExitCode } from './exit-code.ts'
import type { Streams } from './output/streams.ts'

/** What every command is told. */
export interface Invocation {
  /** The IAM folder as the user wrote it; `.` if nothing was. */
  readonly folder: string
  /** Names given with `--account`; empty: all. */
  readonly accounts: readonly string[]
  readonly format: FormatName
  /** Whether the format is a document: standard output takes nothing else, and nobody is asked. */
  readonly isDocument: boolean
  /** The command's own flags, by their name in camelCase. */
  readonly flags: Flags
  readonly streams: Streams
}

export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/**
 * What a command came to. It is printed in one place, so that stdout holds exactly one document where the format is one,
 * whatever happened.
 */
export interface CommandOutcome {
  readonly exitCode: ExitCode
  /** Why the exit code isn't 0, where it isn't for errors: counts and places, for the last line on stderr. */
  readonly why?: readonly string[]
  readonly result: Result
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: SourceTexts
  /** Diagnostics that the result for people says already, in words of its own. */
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
  run(invocation: Invocation): Promise<CommandOutcome | Said>
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
