import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import type { PlacedDocument, PolicyDocument } from '../../src/model/index.ts'
import { type Answer, evaluationText } from '../../src/report/decisions/evaluation.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'

const request = {
  principal: 'arn:aws:iam::111122223333:user/al',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::data/x',
  context: new Map(),
}
const actions = Array.from({ length: 40 }, (_, index) => `ec2:Action${index}`)

type Reason = Answer['reasons'][number]

const allowBy = (document: PlacedDocument, over: Partial<Reason> = {}): Reason => ({
  layer: 'identity',
  policy: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  effect: 'Allow',
  sid: 'Read',
  statement: 0,
  document,
  ...over,
})
const textOf = (reasons: readonly Reason[], texts = new SourceTexts([])) =>
  evaluationText({ request, decision: 'allow', note: null, reasons }, texts)

const documentOf = (statement: object): PolicyDocument =>
  ({ Version: '2012-10-17', Statement: [statement] }) as PolicyDocument

describe('of a long statement', () => {
  it('what the request matches is shown, wherever it stands in it', () => {
    const json = documentOf({
      Sid: 'Read',
      Effect: 'Allow',
      Action: [...actions, 's3:Get*', ...actions],
      Resource: ['arn:aws:s3:::other/*', 'arn:aws:s3:::data/*'],
    })
    const text = textOf([allowBy({ json, located: null })])
    expect(text).toContain('Action: s3:Get*')
    expect(text).toContain('Resource: arn:aws:s3:::data/*')
    expect(text).toContain('… 80 more actions')
    expect(text).not.toMatch(/ec2:Action|other/)
  })

  it('so are its lines in a file, with how many were left out', () => {
    const yaml = `Statement:
  - Sid: Read
    Effect: Allow
    Action:
${[...actions, 's3:Get*', ...actions].map((action) => `      - ${action}`).join('\n')}
    Resource: "*"
`
    const [located = null] = parseYaml('a.yaml', yaml).roots
    const json = documentOf({ Sid: 'Read', Effect: 'Allow', Action: ['s3:Get*'], Resource: '*' })
    const text = textOf([allowBy({ json, located })], new SourceTexts([['a.yaml', yaml]]))
    const lines = text.slice(text.indexOf('-->')).split('\n')
    expect(lines).toEqual([
      '--> a.yaml:2',
      '   2 |   - Sid: Read',
      '   3 |     Effect: Allow',
      '   4 |     Action:',
      '     | … 40 more lines',
      '  45 |       - s3:Get*',
      '     | … 40 more lines',
      '  86 |     Resource: "*"',
    ])
  })

  it('all is shown that is cut, where nothing is seen to match', () => {
    const json = documentOf({ Effect: 'Deny', NotAction: actions, Resource: '*' })
    const text = textOf([allowBy({ json, located: null }, { effect: 'Deny' })])
    expect(text).toContain('NotAction: ec2:Action0')
    expect(text).toMatch(/… \d+ more lines/)
  })
})

describe('full access by control policies', () => {
  const full = documentOf({ Effect: 'Allow', Action: '*', Resource: '*' })
  const control = (policy: string, json: PolicyDocument, layer: 'scp' | 'rcp' = 'scp') =>
    allowBy({ json, located: null }, { layer, policy, sid: null })
  const own = allowBy({ json: documentOf({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), located: null })

  it('is one line for all levels', () => {
    const text = textOf([
      own,
      control('FullAWSAccess', full),
      control('FullAWSAccess', full),
      control('RCPFullAWSAccess', full, 'rcp'),
    ])
    expect(text.match(/FullAWSAccess/g)).toHaveLength(2)
    expect(text).toContain(
      'Allow, as of everything, by FullAWSAccess (service control policies, at 2 levels) and by RCPFullAWSAccess (resource control policies)',
    )
  })

  it('is shown in full where it has a condition, or is of another layer', () => {
    const limited = documentOf({
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    })
    expect(textOf([own, control('limited', limited)])).toContain(
      'Allow by statement 1 of limited (service control policies)',
    )
    expect(textOf([allowBy({ json: full, located: null })])).toContain('Allow by `Read` of')
  })
})
