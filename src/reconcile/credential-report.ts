import type { IamReader } from '../target/ports.ts'

/** The values of a row, by the names of their columns. */
export type ReportRow = ReadonlyMap<string, string>

/**
 * What the account says of everybody's credentials at once. AWS makes it anew every four hours at most.
 * @throws IamError
 */
export async function readCredentialReport(reader: IamReader): Promise<readonly ReportRow[]> {
  await reader.read('GenerateCredentialReport', {})
  const { Content } = await reader.read('GetCredentialReport', {})
  return parseCredentialReport(new TextDecoder().decode(Content))
}

/** Whose credentials a row is about: the first of its columns has the name. */
export const whoseRow = (row: ReportRow): string => row.values().next().value ?? ''

/** Answers that for several who ask: a report is made once. */
export function withOneReport(reader: IamReader): IamReader {
  const answers = new Map<PropertyKey, Promise<unknown>>()
  return {
    read: (operation, input) => {
      if (operation !== 'GenerateCredentialReport' && operation !== 'GetCredentialReport')
        return reader.read(operation, input)
      const known = answers.get(operation)
      // Under an operation stands what it answered.
      if (known !== undefined) return known as ReturnType<typeof reader.read<typeof operation>>
      const answer = reader.read(operation, input)
      answers.set(operation, answer)
      return answer
    },
  }
}

/**
 * The rows of a credential report, each by the names of its columns. Fields with a comma stand in quotes.
 * @see IAM User Guide, "Getting credential reports for your AWS account"
 */
export function parseCredentialReport(text: string): readonly ReportRow[] {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const columns = fieldsIn(head)
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const fields = fieldsIn(line)
      return new Map(columns.map((column, at) => [column, fields[at] ?? '']))
    })
}

const fieldsIn = (line: string): readonly string[] =>
  line.includes('"')
    ? [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      )
    : line.split(',')
