import { expect, test } from 'vitest'
import { load } from './sample.ts'

const codesOf = (files: Readonly<Record<string, string>>) =>
  load(files).project.diagnostics.map(({ code }) => code)

test('keys that are short of a variable are not called equal', () => {
  const users = '"{{ account.nme }}": {}, "{{ x": {}, "{{ variables.y }}": {}, x: {}'
  expect(codesOf({ 'main.yaml': `users: { ${users} }\n` })).toEqual([
    'manifest.unknown-variable',
    'manifest.variable-syntax',
    'manifest.unknown-variable',
  ])
})

test('keys that become equal by a variable that there is still are', () => {
  expect(codesOf({ 'main.yaml': 'users: { "{{ account.id }}": {}, "111122223333": {} }\n' })).toEqual([
    'manifest.yaml-duplicate-key',
  ])
})

const STATEMENT = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","__proto__":{"a":1}}'

test.each([
  ['p.json', `{"Version":"2012-10-17","Version":"2012-10-17","Statement":[${STATEMENT}]}`],
  ['p.yaml', `Version: "2012-10-17"\nVersion: "2012-10-17"\nStatement: [${STATEMENT}]\n`],
])('a key twice in a document of its own hides nothing else that is wrong with it: %s', (file, text) => {
  const codes = codesOf({ 'main.yaml': `policies: { p: { document: { file: ${file} } } }\n`, [file]: text })
  expect(codes).toEqual(['manifest.yaml-duplicate-key', 'policy.unknown-element'])
})
