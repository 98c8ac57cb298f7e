import type { Located } from '../../diagnostics/index.ts'

/** What is written for an API's own ARN in its policy. */
const OWN = 'execute-api:/'

/**
 * The policy of an API with its resources written out: `execute-api:/prod/GET/pets` is that path of the API that has the policy.
 * @param arn of what has the policy; of anything else nothing is changed
 * @see API Gateway Developer Guide, "API Gateway resource policy examples"
 */
export function withWholePaths(document: Located, arn: string): Located {
  return /^arn:[^:]*:execute-api:/.test(arn) ? inStatements(document, (node) => whole(node, arn)) : document
}

function inStatements(document: Located, rewrite: (node: Located) => Located): Located {
  return inEntries(document, /^Statement$/, (statements) =>
    inItems(statements, (statement) =>
      inEntries(statement, /^(?:Not)?Resource$/, (of) => inItems(of, rewrite)),
    ),
  )
}

const whole = (node: Located, arn: string): Located =>
  node.kind === 'scalar' && typeof node.value === 'string' && node.value.startsWith(OWN)
    ? { ...node, value: `${arn}/${node.value.slice(OWN.length)}` }
    : node

const inEntries = (node: Located, keys: RegExp, rewrite: (node: Located) => Located): Located =>
  node.kind === 'map'
    ? {
        ...node,
        entries: node.entries.map((entry) =>
          keys.test(entry.key) ? { ...entry, value: rewrite(entry.value) } : entry,
        ),
      }
    : node

/** A list may be left out around one. */
const inItems = (node: Located, rewrite: (node: Located) => Located): Located =>
  node.kind === 'list' ? { ...node, items: node.items.map(rewrite) } : rewrite(node)
