import { hasUnseen, withoutUnseen } from '../../diagnostics/unseen.ts'
import { isSecretSource, type SecretSource, sourceText } from '../../model/secret.ts'
import { shellWord } from './shell-word.ts'

/** A call of the IAM API, as a plan's step has it. */
interface Call {
  readonly operation: string
  readonly input: object
}

/**
 * A call as one line for a POSIX shell. Texts are given as flags; those that the AWS CLI would take for something else, or that don't
 * fit a line, as JSON (`--cli-input-json`). In place of a secret stands an expansion that says where it comes from and fails
 * as long as nobody has set it.
 * @see AWS CLI User Guide, "Specifying parameter values in the AWS CLI", "Loading a parameter value from a file"
 */
export function awsCommand({ operation, input }: Call): string {
  const asJson: Record<string, unknown> = {}
  const words: string[] = []
  for (const [field, value] of Object.entries(input) as [string, unknown][]) {
    if (value === undefined) continue
    const flag = `--${kebabCase(field)}`
    if (isSecretSource(value)) words.push(flag, secretWord(field, value))
    else if (typeof value === 'boolean') words.push(value ? flag : `--no-${kebabCase(field)}`)
    else if (typeof value === 'number') words.push(flag, String(value))
    else if (typeof value !== 'string') words.push(flag, shellWord(jsonWord(value)))
    else if (isTakenAsItIs(value)) words.push(flag, shellWord(value))
    else asJson[field] = value
  }
  const json = Object.keys(asJson).length === 0 ? [] : ['--cli-input-json', shellWord(jsonWord(asJson))]
  return ['aws', 'iam', kebabCase(operation), ...json, ...words].join(' ')
}

/** JSON without anything that output hides or breaks a line at. */
const jsonWord = (value: unknown): string => withoutUnseen(JSON.stringify(value))

/** `file://…` and `https://…` are read from there, `-…` is a flag; half a character is none. */
const isTakenAsItIs = (text: string): boolean =>
  !hasUnseen(text) && !/\p{Surrogate}/u.test(text) && !/^(?:-|[a-z][a-z0-9+.-]*:\/\/)/i.test(text)

/** The message must not be expanded, wherever its words come from. */
function secretWord(field: string, source: SecretSource): string {
  const name =
    'env' in source && /^[A-Za-z_][A-Za-z0-9_]*$/.test(source.env) ? source.env : `SECRET_${snakeCase(field)}`
  const from = sourceText(source).replace(/[^A-Za-z0-9 ./_-]/g, '?')
  return `"\${${name}:?a secret, from ${from}}"`
}

const snakeCase = (name: string): string => kebabCase(name).replaceAll('-', '_').toUpperCase()

/**
 * How the AWS CLI spells the name of an operation or a field.
 * @see botocore, `xform_name`
 */
const kebabCase = (name: string): string =>
  name
    .replace(/[A-Z]{2,}s$/, (plural) => `-${plural.toLowerCase()}`)
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
