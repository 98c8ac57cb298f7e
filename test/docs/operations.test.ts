import { expect, test } from 'vitest'
import { openEphemeral } from '../../src/cli/serving/ephemeral-account.ts'
import { openProviderKeys } from '../../src/cli/serving/provider-keys.ts'
import { servedApi } from '../../src/cli/serving/served-api.ts'
import { LEFT_OUT, PARTIAL } from '../../src/server/calls/operation-notes.ts'
import { SERVICES } from '../../src/server/protocol/shapes.ts'

const HEAD = `# Operations

What \`iam-sync serve\` has of the operations of IAM and STS, as AWS's client for JavaScript has them in the version that this was built with. This page is
written by \`test/docs/operations.test.ts\`.

- **done**: as AWS documents it.
- **partial**: with what is said of it.
- **left out**: answers \`InvalidAction\`, status 400, whoever asks.

Constraints of inputs (length, range, pattern) are AWS's public models'. Texts of errors are those that AWS documents or that were recorded. Not verified: which code AWS has for a number, boolean
or time that is none (here \`ValidationError\`), and in which order it names several problems of one input (here that of the model).
`

test('docs/operations.md has every operation of the models, and what is done of it', async () => {
  const opened = await openEphemeral({ providerKeys: openProviderKeys(null) })
  const { services } = servedApi(opened.current(), () => {})
  await opened.close()
  const sections = SERVICES.map(({ name, version, model }) => {
    const rows = Object.keys(model.operations)
      .sort()
      .map((operation) => {
        const isServed = services[name].names.has(operation)
        const why = LEFT_OUT[name][operation]
        // An operation that is served is not left out, and the other way round.
        expect([operation, isServed]).toEqual([operation, why === undefined])
        const partial = PARTIAL[name][operation]
        const state = !isServed ? 'left out' : partial === undefined ? 'done' : 'partial'
        return { state, row: `| \`${operation}\` | ${state} | ${why ?? partial ?? ''} |` }
      })
    const count = (wanted: string) => rows.filter(({ state }) => state === wanted).length
    return `## ${name.toUpperCase()}, ${version}

${rows.length} operations: ${count('done')} done, ${count('partial')} partial, ${count('left out')} left out.

| operation | | |
|---|---|---|
${rows.map(({ row }) => row).join('\n')}
`
  })
  await expect([HEAD, ...sections].join('\n')).toMatchFileSnapshot('../../docs/operations.md')
})

test('notes are of operations that there are', () => {
  for (const { name, model } of SERVICES)
    for (const notes of [LEFT_OUT[name], PARTIAL[name]])
      expect(Object.keys(notes).filter((operation) => !(operation in model.operations))).toEqual([])
})
