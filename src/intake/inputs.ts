import { loadManagedPolicies } from '../catalog/managed-policies.ts'
import type { GivenInput, Intake } from './intake.ts'

/** A kind of input that others write. */
interface InputKind {
  /** What stands before the file: `gaad:FILE`. */
  readonly word: string
  /** What it is, for help texts. */
  readonly noun: string
  /** What may stand after the file (`FILE#before`), beside nothing; the first is what the input was before, for what holds two states. */
  readonly sides: readonly string[]
  /** Whether it may be named as a commit has it: `cfn:git:REF:PATH`. */
  readonly isInCommits: boolean
  /** Whether `--parameters` is about it. */
  readonly hasParameters: boolean
  /** `account`: what `--on` takes; `change`: what may be put on it; `alone`: neither. */
  readonly on: 'account' | 'change' | 'alone'
  /** Loaded when it is first asked for. Reading throws a DiagnosticError (`intake.…`) for what is no such input at all. */
  readonly load: () => Promise<(input: GivenInput) => Intake>
}

/** All kinds, in the order of help texts. */
const INPUT_KINDS: readonly InputKind[] = [
  {
    word: 'gaad',
    noun: 'what `aws iam get-account-authorization-details` printed',
    sides: [],
    isInCommits: false,
    hasParameters: false,
    on: 'account',
    load: async () => (await import('./gaad/read-gaad.ts')).readGaad,
  },
  {
    word: 'tfplan',
    noun: 'what `terraform show -json` printed of a plan',
    sides: ['before'],
    isInCommits: false,
    hasParameters: false,
    on: 'change',
    load: async () => (await import('./tfplan/read-tfplan.ts')).readTfplan,
  },
  {
    word: 'cfn',
    noun: 'a template of CloudFormation, in JSON or YAML; `cfn:git:REF:PATH`: as a commit has it',
    sides: [],
    isInCommits: true,
    hasParameters: true,
    on: 'alone',
    load: async () => {
      const [{ readCfn }, awsPolicies] = await Promise.all([
        import('./cfn/read-cfn.ts'),
        loadManagedPolicies(),
      ])
      return (input) => readCfn(input, awsPolicies)
    },
  },
]

/** `gaad:FILE` and its like, as help texts show them. */
export const INPUT_WORDS: readonly string[] = INPUT_KINDS.map(
  ({ word, sides }) => `${word}:FILE${sides.map((side) => `[#${side}]`).join('')}`,
)

/** The words of those that `--on` takes, and of those that are put on them. */
export const accountWords = (): readonly string[] => wordsOf('account')
export const changeWords = (): readonly string[] => wordsOf('change')

const wordsOf = (on: InputKind['on']): readonly string[] =>
  INPUT_KINDS.filter((each) => each.on === on).map(({ word }) => `${word}:FILE`)

/** `gaad:` and its like: what a file follows. */
export const INPUT_PREFIXES: readonly string[] = INPUT_KINDS.map(({ word }) => `${word}:`)

/** How an input is named on the command line. */
export interface InputName {
  readonly kind: InputKind
  readonly file: string
  readonly side: string | null
}

/** null: no kind of input begins so. A side that the kind doesn't have is part of the file's name. */
export function inputNamed(word: string): InputName | null {
  const kind = INPUT_KINDS.find((each) => word.startsWith(`${each.word}:`))
  if (kind === undefined) return null
  const named = word.slice(kind.word.length + 1)
  const side = kind.sides.find((each) => named.endsWith(`#${each}`)) ?? null
  return { kind, file: side === null ? named : named.slice(0, -side.length - 1), side }
}

/** Whether an input holds two states, so that it is a comparison alone. */
export const holdsTwoStates = ({ kind: { sides }, side }: InputName): boolean =>
  side === null && sides.includes('before')
