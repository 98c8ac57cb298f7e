import { expect, test } from 'vitest'
import { loadKnownNames } from '../../src/catalog/known-names.ts'
import { projectNameWarnings } from '../../src/checks/names/project-names.ts'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { load } from '../manifest/sample.ts'
import { INPUTS, type Place } from './mistyped.ts'

const q = JSON.stringify
const allow = (elements: string) => `{ Version: "2012-10-17", Statement: { Effect: Allow, ${elements} } }`
const condition = (operator: string, key: string, value: string) =>
  allow(`Action: "*", Resource: "*", Condition: { ${operator}: { ${q(key)}: ${q(value)} } }`)
const trust = (kind: string, principal: string, action: string) =>
  allow(`Principal: { ${kind}: ${q(principal)} }, Action: ${q(action)}`)

/** The document that a slip is written in, and the text that is to be underlined. */
function written(place: Place, input: string): { readonly document: string; readonly underlined: string } {
  switch (place) {
    case 'action':
      return { document: allow(`Action: ${q(input)}, Resource: "*"`), underlined: q(input) }
    case 'onResource': {
      const [action = '', resource = ''] = input.split(' ')
      return { document: allow(`Action: ${q(action)}, Resource: ${q(resource)}`), underlined: q(action) }
    }
    case 'resource':
      return { document: allow(`Action: "*", Resource: ${q(input)}`), underlined: q(input) }
    case 'key':
      return { document: condition('StringEquals', input, 'x'), underlined: q(input) }
    case 'value': {
      const equals = input.indexOf('=')
      const value = input.slice(equals + 1)
      return { document: condition('StringEquals', input.slice(0, equals), value), underlined: q(value) }
    }
    case 'operator': {
      const [operator = '', key = ''] = input.split(' ')
      return { document: condition(operator, key, VALUES[operator] ?? 'true'), underlined: q(key) }
    }
    case 'service':
      return { document: trust('Service', input, 'sts:AssumeRole'), underlined: q(input) }
    case 'trustAction': {
      const [kind = '', principal = '', action = ''] = input.split(' ')
      const isAction = /AssumRole|Get/.test(action)
      return { document: trust(kind, principal, action), underlined: q(isAction ? action : principal) }
    }
  }
}

/** What each operator can read, so that only its kind is wrong. */
const VALUES: Readonly<Record<string, string>> = {
  IpAddress: '10.0.0.0/8',
  NumericLessThan: '1',
  NumericEquals: '1',
  DateLessThan: '2026-01-01',
  ArnLike: 'arn:aws:s3:::b',
}

test('each mistyped name is told where it stands, with what may be meant', async () => {
  const rows = (Object.entries(INPUTS) as readonly [Place, readonly string[]][]).flatMap(([place, inputs]) =>
    inputs.map((input) => ({ place, input, ...written(place, input) })),
  )
  expect(rows.length).toBeGreaterThan(120)
  const isTrust = (place: Place) => place === 'service' || place === 'trustAction'
  const of = (wanted: boolean) => rows.filter(({ place }) => isTrust(place) === wanted)
  const lines = [
    'policies:',
    ...of(false).map(({ document }, index) => `  p${index}: { document: ${document} }`),
    'roles:',
    ...of(true).map(({ document }, index) => `  r${index}: { trustPolicy: ${document} }`),
  ]
  const { project, texts } = load({ 'main.yaml': `${lines.join('\n')}\n` })
  expect(project.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const accounts = project.accounts.flatMap(({ desired }) => (desired === null ? [] : [{ desired }]))
  const known = await loadKnownNames()
  const warnings = projectNameWarnings(project, accounts, known)
  const at = (line: number) =>
    warnings.filter(({ span }) => span !== null && texts.positionAt(span.file, span.start)?.line === line)
  const told = [...of(false), ...of(true)].map(({ place, input, underlined }, index) => {
    const line = index + 2 + (isTrust(place) ? 1 : 0)
    const [warning, second] = at(line)
    if (warning === undefined || second !== undefined) return `${place} ${input}\n  not told once`
    const { span } = warning
    const text = lines.join('\n').slice(span?.start, span?.end)
    expect(text, input).toBe(underlined)
    const [first = ''] = renderDiagnostic(warning, texts).split('\n')
    return `${place} ${input}\n  ${first}\n  help: ${warning.help}`
  })
  const dated = told.map((row) =>
    row.replaceAll(known.date, 'DATE').replaceAll(known.awsPolicies.date, 'DATE'),
  )
  await expect(`${dated.join('\n')}\n`).toMatchFileSnapshot('golden/mistyped-names.txt')
  expect(told.filter((row) => row.includes('not told once'))).toEqual([])
})
