import { readdirSync, readFileSync } from 'node:fs'
import type { PolicyDocument } from '../../src/model/index.ts'

/** What a policy of the corpus is written as. */
type PolicyType = 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'resource' | 'trust' | 'endpoint'

export interface CorpusPolicy {
  /** What it is about; unique in its file. */
  readonly name: string
  readonly type: PolicyType
  /** Of a resource policy: whose. */
  readonly attachedTo?: string
  readonly policy: PolicyDocument
}

const folder = new URL('./', import.meta.url)

/** All policies of this folder, by file and name. */
export const policyCorpus: readonly CorpusPolicy[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .flatMap((file) =>
    (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly CorpusPolicy[]).map((each) => ({
      ...each,
      name: `${file.replace('.json', '')}: ${each.name}`,
    })),
  )

type Texts = string | number | boolean | readonly (string | number | boolean)[]

/** A statement as it stands in a document, read without the parser of `src/`. */
export interface WrittenStatement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, Texts>>
  readonly NotPrincipal?: '*' | Readonly<Record<string, Texts>>
  readonly Action?: Texts
  readonly NotAction?: Texts
  readonly Resource?: Texts
  readonly NotResource?: Texts
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>
}

export const textsOf = (value: Texts | undefined): readonly string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String)

export const statementsOf = ({ policy }: CorpusPolicy): readonly WrittenStatement[] => {
  const { Statement } = policy as unknown as {
    readonly Statement: WrittenStatement | readonly WrittenStatement[]
  }
  return Array.isArray(Statement) ? Statement : [Statement as WrittenStatement]
}
