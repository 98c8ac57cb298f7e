// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { plainOf } from '../../src/diagnostics/index.ts'
import { TEMPLATES } from '../../src/yaml/template-dialect.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'

const read = (text: string) => {
  const { roots, diagnostics } = parseYaml('t.yaml', text, TEMPLATES)
  expect(diagnostics).toEqual([])
  return roots.map(plainOf)[0]
}

describe('YAML of templates', () => {
  it.each([
    ['!Ref A', { Ref: 'A' }],
    ['!Condition A', { Condition: 'A' }],
    ['!GetAtt A.Arn', { 'Fn::GetAtt': 'A.Arn' }],
    ['!GetAtt [A, Arn]', { 'Fn::GetAtt': ['A', 'Arn'] }],
    ['!Sub "${A}-x"', { 'Fn::Sub': '${A}-x' }],
    ['!Join ["", [a, !Ref B]]', { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
    ['!If [C, !Ref A, !Sub "b"]', { 'Fn::If': ['C', { Ref: 'A' }, { 'Fn::Sub': 'b' }] }],
    ['!Select [0, !Split [",", "a,b"]]', { 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] }],
    ['!Not [!Equals [a, b]]', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }],
    ['!And\n- !Condition A\n- !Condition B', { 'Fn::And': [{ Condition: 'A' }, { Condition: 'B' }] }],
    ['!FindInMap [M, a, b]', { 'Fn::FindInMap': ['M', 'a', 'b'] }],
    ['!Transform { Name: AWS::Include }', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['Fn::Base64: !Sub x', { 'Fn::Base64': { 'Fn::Sub': 'x' } }],
  ])('has short forms: %s', (text, value) => expect(read(text)).toEqual(value))

  it.each([
    ['2012-10-17', '2012-10-17'],
    ['012345678901', '012345678901'],
    ['111122223333', 111122223333],
    ['1e3', '1e3'],
    ['yes', true],
    ['Off', false],
    ['"yes"', 'yes'],
  ])('reads %s as YAML 1.1 and as it is written', (text, value) => expect(read(text)).toEqual(value))

  it('keeps places, and shares what aliases stand for', () => {
    const text = 'a: &x !Sub "b"\nc: *x\n'
    const { roots } = parseYaml('t.yaml', text, TEMPLATES)
    expect(roots.map(plainOf)).toEqual([{ a: { 'Fn::Sub': 'b' }, c: { 'Fn::Sub': 'b' } }])
  })

  it('refuses a tag that is none of CloudFormation, at its place', () => {
    const { diagnostics } = parseYaml('t.yaml', 'a: !Nothing b\n', TEMPLATES)
    expect(diagnostics.map(({ code, span }) => [code, span?.start])).toEqual([
      ['manifest.yaml-unknown-tag', 3],
    ])
  })
})
