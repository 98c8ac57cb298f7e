import { describe, expect, test } from 'vitest'
import { nodeAt, plainOf } from '../../src/diagnostics/index.ts'
import { substitute } from '../../src/manifest/project/variables.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'
import { load } from './sample.ts'

const VARIABLES = new Map([
  ['account.id', '111122223333'],
  ['variables.region', 'eu-west-1'],
])

function substituted(text: string) {
  const [root] = parseYaml('x.yaml', text).roots
  if (root === undefined) throw new Error('nothing was parsed')
  const result = substitute(root, text, VARIABLES)
  return { root, result, plain: plainOf(result.root) }
}

describe('variables', () => {
  test('are substituted in quoted keys and values, as often as they stand there', () => {
    const { plain } = substituted(
      '"k-{{account.id}}": ["{{ account.id }}-{{  variables.region  }}", \'{{ account.id }}\']',
    )
    expect(plain).toEqual({ 'k-111122223333': ['111122223333-eu-west-1', '111122223333'] })
  })

  test('are substituted in block scalars', () => {
    expect(substituted('a: |\n  in {{ variables.region }}\n').plain).toEqual({ a: 'in eu-west-1\n' })
  })

  test('four braces are two', () => {
    expect(substituted('a: "{{{{ account.id }} {{{{{{ account.id }}"').plain).toEqual({
      a: '{{ account.id }} {{111122223333',
    })
  })

  test("IAM's own are left to IAM", () => {
    const policy = `arn:aws:s3:::home/\${aws:username}/*`
    expect(substituted(`a: "{{ account.id }} ${policy}"`).plain).toEqual({ a: `111122223333 ${policy}` })
  })

  test('a tree without any is returned as it is, and unchanged parts are shared', () => {
    const none = substituted('a: { b: [c] }')
    expect(none.result.root).toBe(none.root)
    const some = substituted('a: { b: [c] }\nd: "{{ account.id }}"')
    expect(nodeAt(some.result.root, ['a'])).toBe(nodeAt(some.root, ['a']))
  })

  test('an undefined one is underlined alone, or with its whole string where that has escapes', () => {
    const underlined = (text: string) =>
      substituted(text).result.diagnostics.map(({ code, span }) => [code, text.slice(span?.start, span?.end)])
    expect(underlined('a: "x {{ nope }} y"')).toEqual([['manifest.unknown-variable', '{{ nope }}']])
    expect(underlined('a: "\\u0041 {{ nope }}"')).toEqual([
      ['manifest.unknown-variable', '"\\u0041 {{ nope }}"'],
    ])
  })

  test('each account has its own values, and may use its own id in them', () => {
    const { project } = load({
      'iam-sync.yaml': `version: 1
accounts:
  one: { id: "111122223333", variables: { bucket: "logs-{{ account.id }}" }, alias: "acme-{{ account.name }}" }
  two:
    id: "444455556666"
    partition: aws-cn
    target: { kind: local, database: ".iam-sync/{{ account.partition }}.db" }
    variables: { bucket: other }
`,
      'main.yaml': 'users:\n  "{{ account.name }}-ci": { tags: { bucket: "{{ variables.bucket }}" } }\n',
    })
    expect(project.diagnostics).toEqual([])
    const [one, two] = project.accounts
    expect(one?.desired?.settings.accountAlias?.value).toBe('acme-one')
    expect(one?.desired?.entities.user.get('one-ci')).toMatchObject({
      arn: 'arn:aws:iam::111122223333:user/one-ci',
      tags: new Map([['bucket', 'logs-111122223333']]),
    })
    expect(two?.target).toMatchObject({ database: '.iam-sync/aws-cn.db' })
    expect(two?.desired?.entities.user.get('two-ci')).toMatchObject({
      arn: 'arn:aws-cn:iam::444455556666:user/two-ci',
      tags: new Map([['bucket', 'other']]),
    })
  })
})
