/**
 * The rows of a credential report, each by the names of its columns. Fields with a comma stand in quotes.
 * @see IAM User Guide, "Getting credential reports for your AWS account"
 */
export function parseCredentialReport(text: string): readonly ReadonlyMap<string, string>[] {
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
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
