import { expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { loadSdk } from '../../src/target/aws/load-sdk.ts'

const failing = (code: string) => async () => {
  throw Object.assign(new Error('no'), { code })
}

test('a client of AWS’s that is not installed is said with the command that installs it', async () => {
  const error = await loadSdk('@aws-sdk/client-sts', failing('ERR_MODULE_NOT_FOUND')).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DiagnosticError)
  expect((error as DiagnosticError).diagnostics).toMatchObject([
    { code: 'aws.no-sdk', help: 'install it beside iam-sync: `npm install @aws-sdk/client-sts`' },
  ])
})

test('any other failure of loading it is no such thing', async () => {
  await expect(loadSdk('@aws-sdk/client-sts', failing('ERR_OTHER'))).rejects.toThrow('no')
})
