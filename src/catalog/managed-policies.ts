import type { Partition, PolicyDocument } from '../model/index.ts'
import { openShards, type Shards } from './shards.ts'

/** The policies that AWS itself manages, as of `date`. */
export interface ManagedPolicyFacts {
  /** The day of the newest change among them, `YYYY-MM-DD`. */
  readonly date: string
  /** @param name without its path; exact, as IAM compares policy ARNs by case */
  arnOf(name: string, partition: Partition): string | null
  /** In the order of code units. */
  names(): Iterable<string>
  has(arn: string): boolean
  /**
   * The default version's document. The catalogue has partition `aws` only; for the others, the ARNs inside a
   * document are moved to that partition, which is where AWS's own documents differ first.
   */
  document(arn: string): PolicyDocument | null
  /** The default version's id: `v12`. */
  versionOf(arn: string): string | null
}

interface Entry {
  readonly path: string
  readonly version: string
  /** Its line among the documents. */
  readonly line: number
}

const ARN = /^arn:(aws|aws-cn|aws-us-gov):iam::aws:policy(\/(?:.*\/)?)([^/]+)$/

let loaded: Promise<ManagedPolicyFacts> | null = null

/** Takes about 7 ms at its first call; documents are decompressed when they are asked for. */
export function loadManagedPolicies(): Promise<ManagedPolicyFacts> {
  loaded ??= import('#generated/managed-policies').then(({ date, index, documents }) =>
    managedPolicyFacts(date, index, documents),
  )
  return loaded
}

function managedPolicyFacts(date: string, index: string, documents: Shards): ManagedPolicyFacts {
  const entries = new Map<string, Entry>()
  for (const [line, text] of index.split('\n').entries()) {
    const space = text.lastIndexOf(' ')
    const slash = text.lastIndexOf('/')
    entries.set(text.slice(slash + 1, space), {
      path: text.slice(0, slash + 1),
      version: text.slice(space + 1),
      line,
    })
  }
  const readDocument = openShards(documents)
  const parsed = new Map<string, PolicyDocument>()

  const find = (arn: string): (Entry & { readonly partition: string }) | null => {
    const [, partition, path, name] = ARN.exec(arn) ?? []
    const entry = name === undefined ? undefined : entries.get(name)
    return entry === undefined || partition === undefined || entry.path !== path
      ? null
      : { ...entry, partition }
  }

  return {
    date,
    arnOf: (name, partition) => {
      const entry = entries.get(name)
      return entry === undefined ? null : `arn:${partition}:iam::aws:policy${entry.path}${name}`
    },
    names: () => entries.keys(),
    has: (arn) => find(arn) !== null,
    document: (arn) => {
      const known = parsed.get(arn)
      if (known !== undefined) return known
      const entry = find(arn)
      if (entry === null) return null
      const text = readDocument(entry.line)
      const document: PolicyDocument = JSON.parse(
        entry.partition === 'aws' ? text : text.replaceAll('"arn:aws:', `"arn:${entry.partition}:`),
      )
      parsed.set(arn, document)
      return document
    },
    versionOf: (arn) => find(arn)?.version ?? null,
  }
}
