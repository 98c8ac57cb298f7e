import { describe, expect, it } from 'vitest'
import { document, HOME, projectOf, statement } from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const written = (key: 'Action' | 'NotAction', action: string, effect: 'Allow' | 'Deny' = 'Allow') =>
  projectOf({
    users: {
      alice: { inlinePolicies: { own: document(statement(effect, { [key]: action, Resource: '*' })) } },
      bob: { managedPolicies: ['AmazonS3ReadOnlyAccess'] },
    },
  })
const codesOf = async (...args: readonly string[]): Promise<readonly string[]> =>
  jsonOf(await runHere(...args, '--json')).diagnostics.map(({ code }: { readonly code: string }) => code)

/** What `validate` accepts, every other command takes as well. */
async function isTaken(folder: string): Promise<void> {
  const checked = await runHere('validate', '--dir', folder, '--json')
  for (const command of [
    ['plan'],
    ['who-can', 's3:*', '*'],
    ['access', 'check', '--not-granted', 's3:PutObject'],
    ['access', 'check', '--no-public-access'],
  ]) {
    const codes = await codesOf(...command, '--dir', folder)
    expect(codes, command.join(' ')).not.toContain('internal')
    expect(codes.includes('policy.action-syntax'), command.join(' ')).toBe(
      jsonOf(checked).diagnostics.some(
        ({ code }: { readonly code: string }) => code === 'policy.action-syntax',
      ),
    )
  }
}

/** With a wildcard: what looks for an action of the pattern finds a name that is none. */
const STOPPING = ['s3:Get*,Put*', 's3:G\u00e9t*', 's3:{Get}*', 's3:Get\u00b2*']
const ODD = ['s3:Get Object', 's3:GetObject;', 's3:Get/Object', 's3:$x', 's3:Get+', 's3:"Get"']

describe('an action with a character that no action has', () => {
  it.each(STOPPING)('matches nothing, and ends no command: %s', (action) =>
    isTaken(written('Action', action)),
  )
  it.each(ODD)('matches nothing, and ends no command: %s', (action) => isTaken(written('Action', action)))
  it('in a deny', () => isTaken(written('Action', 's3:Get*,Put*', 'Deny')))
  it('in NotAction', () => isTaken(written('NotAction', 's3:Get*,Put*')))
  it('in the policy of a resource', () =>
    isTaken(
      projectOf({
        resources: {
          'arn:aws:s3:::b': {
            policy: document(
              statement('Allow', {
                Principal: { AWS: HOME },
                Action: 's3:Get*,Put*',
                Resource: 'arn:aws:s3:::b/*',
              }),
            ),
          },
        },
      }),
    ))
  it('ends no command where it is well formed', () => isTaken(written('Action', 's3:Get*')))
})
