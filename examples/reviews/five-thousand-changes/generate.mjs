// Writes the two sides of a pull request of 5,000 changes: a new cost centre for everybody, and, somewhere in it, one action more for
// twelve people and three users less. `node generate.mjs FOLDER` writes FOLDER/before and FOLDER/after.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PROJECT = `version: 1
accounts:
  production: { id: "111122223333" }
scope: { users: all, groups: all, roles: all, policies: all }
`

const operators = (actions) => `groups:
  operators:
    inlinePolicies:
      operate:
        Version: "2012-10-17"
        Statement:
          - { Sid: Operate, Effect: Allow, Action: [${actions.join(', ')}], Resource: "*" }
`

/** @param {number} index from 1 */
const user = (index, centre) =>
  `  user-${String(index).padStart(4, '0')}: { ${index <= 12 ? 'groups: [operators], ' : ''}tags: { cost-centre: "${centre}" } }\n`

/** @param count changed entities, all told */
export function fiveThousandChanges(count = 5000) {
  const indexes = Array.from({ length: count - 1 }, (_, index) => index + 1)
  const people = (side) =>
    `users:\n${indexes
      .filter((index) => side === 'before' || index < count - 3)
      .map((index) => user(index, side === 'before' ? index : `k-${index}`))
      .join('')}`
  const files = (side, actions) => ({
    'iam-sync.yaml': PROJECT,
    'iam/operators.yaml': operators(actions),
    'iam/people.yaml': people(side),
  })
  return {
    before: files('before', ['ec2:DescribeInstances']),
    after: files('after', ['ec2:DescribeInstances', 'ec2:TerminateInstances']),
  }
}

const [, script, folder] = process.argv
if (folder !== undefined && script?.endsWith('generate.mjs'))
  for (const [side, files] of Object.entries(fiveThousandChanges()))
    for (const [file, text] of Object.entries(files)) {
      const path = join(folder, side, file)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, text)
    }
