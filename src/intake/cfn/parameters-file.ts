import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { isObject } from '../../policy/parsing.ts'
import { inputText } from '../input-text.ts'
import { jsonValues } from '../json-values.ts'

/**
 * What a file gives to parameters, by name: as the AWS CLI takes it (`[{"ParameterKey", "ParameterValue"}]`), as CodePipeline does
 * (`{"Parameters": {…}}`), or an object of values. What stands there may be secret, and is in no message.
 * @param file as the user named it
 * @throws DiagnosticError `intake.…`
 */
export function parametersIn(file: string, bytes: Uint8Array): ReadonlyMap<string, string> {
  const [value, more] = jsonValues(file, inputText(file, bytes))
  const found = new Map<string, string>()
  const entries = more === undefined ? entriesOf(value) : null
  if (entries === null) return refuse(file, 'it is no list of parameters, and no object of values')
  for (const [name, given] of entries) {
    if (typeof name !== 'string') return refuse(file, 'an element has no `ParameterKey`')
    const text = textOf(given)
    if (text === null)
      return refuse(file, `the value of \`${name.slice(0, 100)}\` is neither a text nor a list of texts`)
    if (text !== undefined) found.set(name, text)
  }
  return found
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] | null {
  if (Array.isArray(value))
    return value.every(isObject) ? value.map((each) => [each.ParameterKey, each.ParameterValue]) : null
  if (!isObject(value)) return null
  return Object.entries(isObject(value.Parameters) ? value.Parameters : value)
}

/** undefined: it says nothing, as with `UsePreviousValue`. null: it is none. */
function textOf(value: unknown): string | null | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value))
    return value.every((each) => typeof each === 'string' || typeof each === 'number')
      ? value.join(',')
      : null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
}

function refuse(file: string, why: string): never {
  throw new DiagnosticError(
    errorOf({
      code: 'intake.parameters-file',
      message: `\`${file}\` says nothing of parameters: ${why}`,
      help: 'write `[{"ParameterKey": "Env", "ParameterValue": "prod"}]`, as the AWS CLI takes it, or `{"Env": "prod"}`',
    }),
  )
}
