import type { ResultType } from '../../report/result.ts'
import type { FlagSpec } from './flag-specs.ts'

/**
 * Every command with its flags, as data: the parser, the help, and shell completion are made from it.
 */
export interface CommandSpec {
  /** Of one word, or two: the first is then that of a family of commands. */
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly flags: readonly FlagSpec[]
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  /**
   * `folder`: the IAM folder is the only positional. `file`: a file that is written or read. `shell`: a shell's name. `request`: an action and a resource.
   * `comparison`: what is before and what after. `entities`: any number of declared ones, as `user/alice`.
   * `person`: the name of a user, and after it the IAM folder.
   */
  readonly positional: 'folder' | 'file' | 'shell' | 'request' | 'comparison' | 'entities' | 'person'
  /** What it may come to, besides a failure: what `--format` takes are the forms that all of these have. */
  readonly results: readonly ResultType[]
  /** The command's own keys of the JSON document when it failed before it had anything to say. */
  readonly emptyBody: object
}
