import { REGION_NAMES } from '../../catalog/regions.ts'
import { DiagnosticError, didYouMean, errorOf } from '../../diagnostics/index.ts'
import { accountWords, changeWords, INPUT_WORDS, type InputName, inputNamed } from '../../intake/inputs.ts'
import type { GivenAccount } from '../../intake/intake.ts'
import { PARTITIONS, type Partition } from '../../model/index.ts'
import { type Flags, flagText } from '../command.ts'

/** How a state is named on the command line. */
export type StateName =
  /** What the YAML says, and what is applied. */
  | { readonly type: 'desired' | 'observed' }
  | { readonly type: 'git'; readonly ref: string }
  | { readonly type: 'input'; readonly input: InputName }

const GIT = 'git:'

/** OLD and NEW of `access diff`. null: it names no state, and so a file. */
export function stateNamed(word: string): StateName | null {
  if (word === 'desired' || word === 'observed') return { type: word }
  if (word.startsWith(GIT)) return { type: 'git', ref: word.slice(GIT.length) }
  const input = inputNamed(word)
  return input === null ? null : { type: 'input', input: withFile(word, input) }
}

const AS_OF_WORDS = ['plan', 'target'] as const

/**
 * What a question is asked of: `--as-of` and `--ref`.
 * @throws DiagnosticError `cli.invalid-value`, `cli.conflicting-flags`
 */
export function askedState(flags: Flags): StateName {
  const [asOf, ref] = [flagText(flags, 'asOf') ?? 'plan', flagText(flags, 'ref')]
  const state = asOfNamed(asOf)
  if (ref !== null && state.type !== 'desired' && state.type !== 'observed')
    throw refusal(
      'cli.conflicting-flags',
      `\`--ref ${ref}\` and \`--as-of ${asOf}\` name two states`,
      'leave one of them out',
    )
  return state
}

function asOfNamed(word: string): StateName {
  if (word === 'plan') return { type: 'desired' }
  if (word === 'target') return { type: 'observed' }
  const state = stateNamed(word)
  if (state !== null && (state.type === 'git' || state.type === 'input')) return state
  throw refusal(
    'cli.invalid-value',
    `\`--as-of ${word}\` is no state`,
    didYouMean(
      word,
      AS_OF_WORDS,
      `write ${[...AS_OF_WORDS, 'git:REF', ...INPUT_WORDS].map((each) => `\`${each}\``).join(', ')}`,
    ),
  )
}

function withFile(word: string, input: InputName): InputName {
  if (input.file !== '') return input
  throw refusal(
    'cli.invalid-value',
    `\`${word}\` names no file`,
    `write \`${input.kind.word}:FILE\`: ${input.kind.noun}`,
  )
}

/** What flags say of what others wrote. */
export interface InputOptions {
  readonly account: GivenAccount
  /** A folder; null: none is named. */
  readonly resourcePolicies: string | null
  /** A file or a folder; null: none is named. */
  readonly scps: string | null
  /** Of an exported account: a file; null: none is named. */
  readonly credentialReport: string | null
  /** What parameters of a template are: a file; null: none is named. */
  readonly parameters: string | null
  /** The exported account that a plan is put on; null: none is named. */
  readonly on: InputName | null
}

/** @throws DiagnosticError `cli.invalid-value` */
export const inputOptions = (flags: Flags): InputOptions => ({
  account: givenAccount(flags),
  resourcePolicies: flagText(flags, 'resourcePolicies'),
  scps: flagText(flags, 'scps'),
  credentialReport: flagText(flags, 'credentialReport'),
  parameters: flagText(flags, 'parameters'),
  on: accountNamed(flagText(flags, 'on')),
})

/** @throws DiagnosticError `cli.invalid-value` */
function accountNamed(word: string | null): InputName | null {
  if (word === null) return null
  const input = inputNamed(word)
  if (input?.kind.on === 'account') return withFile(word, input)
  throw refusal(
    'cli.invalid-value',
    `\`--on ${word}\` is no exported account`,
    `write ${ticked(accountWords())}: what a plan is put on`,
  )
}

/** What `--account-id`, `--partition` and `--region` say of the account of an input. @throws DiagnosticError `cli.invalid-value` */
function givenAccount(flags: Flags): GivenAccount {
  const [id, partition] = [flagText(flags, 'accountId'), flagText(flags, 'partition')]
  if (id !== null && !/^\d{12}$/.test(id))
    throw refusal(
      'cli.invalid-value',
      `\`--account-id ${id}\` is not an account id`,
      'an account id has twelve digits',
    )
  const region = flagText(flags, 'region')
  if (region !== null && !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    throw refusal(
      'cli.invalid-value',
      `\`--region ${region}\` is no region`,
      didYouMean(region, REGION_NAMES, 'write it as `eu-west-1`'),
    )
  return { id, partition: partition === null ? null : partitionIn(partition), region }
}

function partitionIn(text: string): Partition {
  const partition = PARTITIONS.find((each) => each === text)
  if (partition !== undefined) return partition
  throw refusal(
    'cli.invalid-value',
    `\`--partition ${text}\` is no partition`,
    didYouMean(text, PARTITIONS, `write ${PARTITIONS.map((each) => `\`${each}\``).join(', ')}`),
  )
}

/** Flags that say something of an input, where there is none. @throws DiagnosticError `cli.missing-flag` */
export function refuseWithoutInput(flags: Flags, states: readonly (StateName | null)[]): void {
  const inputs = states.flatMap((state) => (state?.type === 'input' ? [state.input] : []))
  const on = flagText(flags, 'on')
  if (on !== null) {
    accountNamed(on)
    if (!inputs.some(({ kind }) => kind.on === 'change'))
      throw refusal(
        'cli.missing-flag',
        `\`--on ${on}\` is what a plan is put on, and no plan is named`,
        `name one: ${ticked(changeWords())}; to ask of the export itself write \`--as-of ${on}\``,
      )
  }
  if (
    flagText(flags, 'credentialReport') !== null &&
    on === null &&
    !inputs.some(({ kind }) => kind.on === 'account')
  )
    throw refusal(
      'cli.missing-flag',
      '`--credential-report` is about an exported account, and none is named',
      `name one: ${ticked(accountWords())}`,
    )
  if (flagText(flags, 'parameters') !== null && !inputs.some(({ kind }) => kind.hasParameters))
    throw refusal(
      'cli.missing-flag',
      '`--parameters` is about a template of CloudFormation, and none is named',
      'name one: `cfn:FILE`',
    )
  if (inputs.length > 0) return
  const [flag] = [
    ['accountId', '--account-id'],
    ['partition', '--partition'],
    ['region', '--region'],
    ['resourcePolicies', '--resource-policies'],
    ['scps', '--scps'],
  ].flatMap(([name = '', spelled = '']) => (flagText(flags, name) === null ? [] : [spelled]))
  if (flag !== undefined)
    throw refusal(
      'cli.missing-flag',
      `\`${flag}\` is about what others wrote, and no such input is named`,
      `name one: ${INPUT_WORDS.map((each) => `\`${each}\``).join(', ')}`,
    )
}

const ticked = (words: readonly string[]): string => words.map((each) => `\`${each}\``).join(', ')

const refusal = (code: string, message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code, message, help }))
