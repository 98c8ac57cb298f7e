import type { Diagnostic, SourceTexts } from '../diagnostics/index.ts'
import type { Estate, Partition } from '../model/index.ts'

/** What others wrote, read as the estate that every question is asked of. */
export interface Intake {
  /** With `unseen`: what the input doesn't hold. */
  readonly estate: Estate
  /** Where each entity and each resource came from, by ARN. */
  readonly sources: ReadonlyMap<string, Source>
  /**
   * Warnings and notes with `intake.…` codes: what couldn't be read, and what speaks of access and isn't modelled, by name; what
   * else wasn't looked at, counted. None of them is an error: nothing that others wrote stops a run.
   */
  readonly findings: readonly Diagnostic[]
  /**
   * The first pattern in a document that is added to it (an object, or a text) that may match a name that is only made up later. null:
   * there is none; absent: all names are known.
   */
  readonly undecidedIn?: (document: unknown) => string | null
}

/** Where something stands in what others wrote. */
export interface Source {
  /** As the user named it. */
  readonly file: string
  /** In the input's own words: `RoleDetailList[3]`, `module.ci.aws_iam_role.deploy["x"]`. */
  readonly address: string
}

/** The name under which a place is shown: the file of a span. */
export const placeName = ({ file, address }: Source): string => `${file}#${address}`

/** A file that is given as a state. */
export interface GivenInput {
  /** As the user named it. */
  readonly file: string
  readonly bytes: Uint8Array
  /** What stood after `#`: one of the kind's `sides`; null: nothing did. */
  readonly side: string | null
  /** What the user says of the account, where the input doesn't. */
  readonly account: GivenAccount
  /** The account that a plan is put on; absent: none, the plan stands alone. */
  readonly on?: GivenExport
  /** What the user gives to the parameters of a template, by name; absent: nothing. */
  readonly parameters?: ReadonlyMap<string, string>
  /**
   * Takes the documents that places point into, each as a text of its own (`placeName`), when somebody asks where. Of the input itself
   * nothing is kept: it may hold secrets.
   */
  readonly texts: SourceTexts
}

/** An exported account, as it was read. */
export interface GivenExport {
  /** As the user named it. */
  readonly file: string
  readonly bytes: Uint8Array
  readonly intake: Intake
}

/** What the user says of an input, where it doesn't say it itself. */
export interface GivenAccount {
  /** Twelve digits; null: the user didn't say. */
  readonly id: string | null
  readonly partition: Partition | null
  /** Of resources that don't say theirs; absent, null: the user didn't say. */
  readonly region?: string | null
}
