import { type Diagnostic, DiagnosticError, type SourceTexts, warningOf } from '../diagnostics/index.ts'
import { isUnknown, parseArn, type ResourceFacts, type StateDocument } from '../model/index.ts'
import { isObject } from '../policy/parsing.ts'
import { besides } from './beside-policies.ts'
import { DocumentIntake } from './document-intake.ts'
import { inputText } from './input-text.ts'
import type { Intake, Source } from './intake.ts'
import { jsonValues } from './json-values.ts'

/** A file with policies of resources. */
export interface PolicyFile {
  /** As it is shown. */
  readonly file: string
  /** Within the folder, with `/`, and without `.json`: it may be the ARN of the resource. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Adds to what was read the policies of resources, which the input doesn't hold. Where each of them is one of a resource, they are taken
 * for all that matter, as those that a project declares are; otherwise those of other resources stay unknown.
 * @param texts takes the text of a document where somebody asks for its places
 */
export function withResourcePolicies(
  intake: Intake,
  files: readonly PolicyFile[],
  texts: SourceTexts,
): Intake {
  const reader = new PolicyFolder(intake, texts)
  for (const file of files) reader.read(file)
  const { estate } = intake
  const unseen = [...(estate.unseen ?? [])].filter((each) => each !== 'resourcePolicies' || !reader.isWhole)
  return {
    ...intake,
    estate: {
      ...estate,
      resources: new Map([...estate.resources, ...reader.resources]),
      unseen: new Set(unseen),
    },
    sources: new Map([...intake.sources, ...reader.sources]),
    findings: [...intake.findings, ...reader.findings],
  }
}

class PolicyFolder {
  readonly resources = new Map<string, ResourceFacts>()
  readonly sources = new Map<string, Source>()
  /** Whether it is known of each policy whose it is. */
  isWhole = true
  readonly #documents: DocumentIntake
  readonly #owners: readonly string[]
  readonly #found: Diagnostic[] = []

  readonly #undecidedIn: Intake['undecidedIn']
  readonly #there: Intake['estate']['resources']

  constructor({ estate: { accounts, resources }, undecidedIn }: Intake, texts: SourceTexts) {
    this.#there = resources
    this.#undecidedIn = undecidedIn
    this.#documents = new DocumentIntake(texts)
    this.#owners = accounts.map(({ account }) => account.id)
  }

  get findings(): readonly Diagnostic[] {
    return [...this.#documents.findings, ...this.#found]
  }

  read({ file, name, bytes }: PolicyFile): void {
    for (const value of this.#valuesIn(file, bytes)) {
      const arns = isObject(value) ? Object.keys(value).filter((key) => key.startsWith('arn:')) : []
      if (isObject(value) && arns.length > 0)
        for (const arn of arns) this.#add(arn, value[arn], { file, address: `["${arn}"]` })
      else {
        const arn = name.startsWith('arn:') ? name : arnIn(value)
        if (arn === null) this.#lose(file, 'says of no resource that it is its policy', NAMING)
        else this.#add(arn, value, { file, address: arn })
      }
    }
  }

  #valuesIn(file: string, bytes: Uint8Array): readonly unknown[] {
    try {
      return jsonValues(file, inputText(file, bytes))
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      this.#lose(file, 'can not be read', 'write it again, as JSON')
      return []
    }
  }

  #add(arn: string, value: unknown, source: Source): void {
    const account = this.#ownerOf(arn)
    if (account === null) {
      this.#lose(source.file, `doesn't say which account owns \`${arn}\``, 'export one account at a time')
      return
    }
    const there = this.#there.get(arn)?.policy ?? null
    const said = this.#policyIn(value, arn, source)
    // What lets in others besides still does.
    const isBeside = there !== null && isUnknown(there) && there.unknown === 'not-all'
    const policy = isBeside ? besides(said, there) : said
    this.resources.set(arn, { arn, account, policy, tags: new Map() })
    this.sources.set(arn, source)
  }

  /** null: it has none. */
  #policyIn(value: unknown, arn: string, source: Source): StateDocument | null {
    const held = isObject(value) && value.Statement === undefined ? heldIn(value) : value
    if (held === null || held === undefined) return null
    const open = this.#undecidedIn?.(held) ?? null
    if (open === null) return this.#documents.read(held, 'resource', source, arn)
    this.#found.push(
      warningOf({
        code: 'intake.unread-policy',
        message: `the policy of \`${arn}\`: \`${open.slice(0, 200)}\` may match a name that is made up`,
        help: 'it is taken to be unknown; give the name, or that of the stack with `--parameters FILE`',
      }),
    )
    return { unknown: 'not-yet', text: JSON.stringify(held), place: null }
  }

  #ownerOf(arn: string): string | null {
    const owner = parseArn(arn)?.account ?? ''
    const [only, second] = this.#owners
    return /^\d{12}$/.test(owner) ? owner : only !== undefined && second === undefined ? only : null
  }

  #lose(file: string, why: string, help: string): void {
    this.isWhole = false
    this.#found.push(
      warningOf({
        code: 'intake.unread-policy',
        message: `\`${file}\` ${why}`,
        help: `${help}; resource policies are taken to be unknown`,
      }),
    )
  }
}

const NAMING =
  'name the file by the ARN, as in `arn:aws:s3:::bucket.json`, or write a map of ARNs and policies'

/** What AWS's commands print beside a policy. */
const ARN_KEYS = ['ResourceArn', 'ResourceARN', 'ARN', 'Arn', 'QueueArn', 'TopicArn', 'FunctionArn']

function arnIn(value: unknown): string | null {
  if (!isObject(value)) return null
  for (const part of [value, value.Attributes])
    if (isObject(part))
      for (const key of ARN_KEYS) {
        const arn = part[key]
        if (typeof arn === 'string' && arn.startsWith('arn:')) return arn
      }
  return null
}

/** The policy in what a command of AWS prints (`get-bucket-policy`, `get-queue-attributes`, `get-resource-policy`, …). */
const heldIn = (value: Readonly<Record<string, unknown>>): unknown =>
  value.Policy ??
  value.ResourcePolicy ??
  value.resourcePolicy ??
  value.policy ??
  (isObject(value.Attributes) ? value.Attributes.Policy : undefined) ??
  (arnIn(value) === null && Object.keys(value).length > 0 ? value : undefined)
