import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { isObject } from '../../policy/parsing.ts'
import { inputText } from '../input-text.ts'

/** What a row of a credential report says of a user, or of the root user. */
export interface CredentialRow {
  readonly arn: string
  readonly hasPassword: boolean
  readonly hasMfa: boolean
  readonly activeKeys: number
  readonly inactiveKeys: number
}

/** Columns that are read, by name: AWS appends others. @see IAM User Guide, "Get credential reports": report format */
const COLUMNS = [
  'user',
  'arn',
  'password_enabled',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_2_active',
  'access_key_2_last_rotated',
] as const
type Column = (typeof COLUMNS)[number]

const HOW =
  'write it with `aws iam get-credential-report > report.json`, after `aws iam generate-credential-report`'

/**
 * The rows of a credential report: the CSV itself, or what the AWS CLI prints it in. No message shows any of it but line numbers.
 * @param file as the user named it
 * @throws DiagnosticError `intake.…` when it is something else, cut, or malformed
 */
export function credentialRows(file: string, bytes: Uint8Array): readonly CredentialRow[] {
  const refuse = (code: string, message: string, help: string): never => {
    throw new DiagnosticError(errorOf({ code, message, help }))
  }
  const notOne = (): never =>
    refuse('intake.not-a-credential-report', `\`${file}\` is no credential report of IAM`, HOW)
  const text = csvIn(inputText(file, bytes)) ?? notOne()
  const [header, ...lines] = text.split(/\r?\n/)
  const names = fieldsOf(header ?? '') ?? []
  const places = COLUMNS.map((column) => names.indexOf(column))
  if (places.includes(-1)) return notOne()
  // AWS ends the last line with nothing.
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line, index) => {
    const fields = fieldsOf(line) ?? []
    const field = (column: Column): string => fields[places[COLUMNS.indexOf(column)] ?? -1] ?? ''
    const isCut = fields.length < names.length && index === lines.length - 1
    const row = fields.length === names.length ? rowOf(field) : null
    return (
      row ??
      (isCut
        ? refuse('intake.truncated', `\`${file}\` ends in the middle of line ${index + 2}`, 'write it again')
        : refuse('intake.malformed-report', `\`${file}\` is malformed in line ${index + 2}`, HOW))
    )
  })
}

/** null: something in it is of another form than AWS writes. */
function rowOf(field: (column: Column) => string): CredentialRow | null {
  const arn = field('arn')
  if (!/^arn:[a-z-]+:iam::\d{12}:(?:root|user\/[!-~]{1,576})$/.test(arn)) return null
  const isRoot = arn.endsWith(':root')
  const [password, mfa] = [field('password_enabled'), field('mfa_active')]
  const keys = ([1, 2] as const).map((at) => ({
    active: field(`access_key_${at}_active`),
    // Of a key that was never there AWS says that it isn't active, too.
    isThere: field(`access_key_${at}_last_rotated`) !== 'N/A',
  }))
  const known = [mfa, ...keys.map(({ active }) => active)]
  if (!known.every(isTruth) || !(isTruth(password) || (isRoot && password === 'not_supported'))) return null
  return {
    arn,
    hasPassword: isRoot || password === 'true',
    hasMfa: mfa === 'true',
    activeKeys: keys.filter(({ active }) => active === 'true').length,
    inactiveKeys: keys.filter(({ active, isThere }) => active === 'false' && isThere).length,
  }
}

const isTruth = (text: string): boolean => text === 'true' || text === 'false'

/** The report in what `aws iam get-credential-report` prints; a text that is no JSON as it is. null: it is JSON of something else. */
function csvIn(text: string): string | null {
  if (!/^\s*\{/.test(text)) return text
  try {
    const printed: unknown = JSON.parse(text)
    return isObject(printed) && typeof printed.Content === 'string'
      ? new TextDecoder().decode(Buffer.from(printed.Content, 'base64'))
      : null
  } catch {
    return null
  }
}

/** Fields of a line: what has a comma in it, as names of users may, stands in quotes. null: a quote isn't closed. */
function fieldsOf(line: string): readonly string[] | null {
  const fields: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y
  for (;;) {
    const found = field.exec(line)
    if (found === null) return null
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '') return fields
  }
}
