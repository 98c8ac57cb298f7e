import { type Diagnostic, DiagnosticError, type SourceTexts, warningOf } from '../diagnostics/index.ts'
import { isUnknown, type OrganizationPolicy, type PolicyDocument } from '../model/index.ts'
import { isObject } from '../policy/parsing.ts'
import { DocumentIntake } from './document-intake.ts'
import { inputText } from './input-text.ts'
import type { Intake, Source } from './intake.ts'
import { jsonValues } from './json-values.ts'

/** A file with service control policies. */
export interface ControlFile {
  /** As it is shown. */
  readonly file: string
  /** Files of one folder are one level: the root, a unit, the account. */
  readonly level: string
  readonly bytes: Uint8Array
}

/** @see AWS Organizations User Guide, "Service control policies": FullAWSAccess */
export const FULL_ACCESS: OrganizationPolicy = {
  name: 'FullAWSAccess',
  document: {
    json: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    located: null,
  },
}

/**
 * Adds to what was read the service control policies that bind its accounts, all of them alike. A level allows what one of its policies
 * allows, and every level must allow. What can't be read, or says nothing that a level could allow, is taken to allow everything: then
 * nothing is taken for denied that may be allowed.
 * @param texts takes the text of a document where somebody asks for its places
 */
export function withServiceControls(
  intake: Intake,
  files: readonly ControlFile[],
  texts: SourceTexts,
): Intake {
  const reader = new ControlReader(texts, intake.undecidedIn)
  for (const file of files) reader.read(file)
  const controls = reader.levels()
  const { estate } = intake
  return {
    ...intake,
    estate: {
      ...estate,
      accounts: estate.accounts.map((state) => ({ ...state, controls })),
      unseen: new Set(
        [...(estate.unseen ?? [])].filter((each) => each !== 'controlPolicies' || !reader.isWhole),
      ),
    },
    findings: [...intake.findings, ...reader.findings],
  }
}

class ControlReader {
  isWhole = true
  readonly #documents: DocumentIntake
  readonly #levels = new Map<string, OrganizationPolicy[]>()
  readonly #found: Diagnostic[] = []

  readonly #undecidedIn: Intake['undecidedIn']

  constructor(texts: SourceTexts, undecidedIn: Intake['undecidedIn']) {
    this.#undecidedIn = undecidedIn
    this.#documents = new DocumentIntake(texts)
  }

  get findings(): readonly Diagnostic[] {
    return [...this.#documents.findings, ...this.#found]
  }

  read({ file, level, bytes }: ControlFile): void {
    let values: readonly unknown[]
    try {
      values = jsonValues(file, inputText(file, bytes))
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      this.#lose(level, `\`${file}\` can not be read`)
      return
    }
    for (const [index, value] of values.entries()) {
      const at = values.length === 1 ? '' : `[${index}]`
      // A list of lists has a level in each, as the `scp` of a batch's line.
      if (Array.isArray(value) && value.length > 0 && value.every(Array.isArray))
        for (const [number, policies] of value.entries())
          this.#addAll(`${file} ${number}`, policies, { file, address: `${at}[${number}]` })
      else if (Array.isArray(value)) this.#addAll(level, value, { file, address: at })
      else this.#add(level, value, { file, address: at === '' ? '.' : at })
    }
  }

  levels(): readonly (readonly OrganizationPolicy[])[] {
    return [...this.#levels].map(([level, policies]) => {
      if (policies.some(({ document: { json } }) => allows(json))) return policies
      this.#found.push(
        warningOf({
          code: 'intake.no-full-access',
          message: `no service control policy of \`${level}\` allows anything: \`FullAWSAccess\` is taken to stand beside them`,
          help: 'if it does not, nobody in the account may do anything; otherwise add it to the others',
        }),
      )
      return [FULL_ACCESS, ...policies]
    })
  }

  #addAll(level: string, values: readonly unknown[], { file, address }: Source): void {
    if (values.length === 0) this.#level(level)
    for (const [index, value] of values.entries())
      this.#add(level, value, { file, address: `${address}[${index}]` })
  }

  #add(level: string, value: unknown, source: Source): void {
    const { name, content } = policyIn(value, source)
    const document = this.#documents.read(content, 'scp', source, `service control policy \`${name}\``)
    const open = this.#undecidedIn?.(content) ?? null
    if (isUnknown(document))
      this.#lose(level, deniesNothing(`service control policy \`${name}\``), MAY_BE_DENIED)
    else if (open !== null)
      this.#lose(
        level,
        `service control policy \`${name}\`: \`${open.slice(0, 200)}\` may match a name that is made up`,
        'it is taken to deny nothing; give the name, or that of the stack with `--parameters FILE`',
      )
    else this.#level(level).push({ name, document })
  }

  #lose(level: string, why: string, help = 'write it again, as JSON; it is taken to deny nothing'): void {
    this.isWhole = false
    this.#level(level).push(FULL_ACCESS)
    this.#found.push(warningOf({ code: 'intake.unread-policy', message: why, help }))
  }

  #level(level: string): OrganizationPolicy[] {
    const known = this.#levels.get(level) ?? []
    this.#levels.set(level, known)
    return known
  }
}

/** What is safe to take of a control policy that isn't known, for who asks whether nobody may do something. @param policy in words */
export const deniesNothing = (policy: string): string => `${policy} is not known, and taken to deny nothing`
export const MAY_BE_DENIED = 'what is said to be allowed may be denied by it'

const allows = ({ Statement }: PolicyDocument): boolean =>
  [Statement].flat().some(({ Effect }) => Effect === 'Allow')

/** A document, or what `aws organizations describe-policy` prints. */
function policyIn(
  value: unknown,
  { file, address }: Source,
): { readonly name: string; readonly content: unknown } {
  const fallback = address === '.' ? file.slice(file.lastIndexOf('/') + 1) : address
  if (!isObject(value) || value.Statement !== undefined) return { name: fallback, content: value }
  const policy = isObject(value.Policy) ? value.Policy : value
  const summary = isObject(policy.PolicySummary) ? policy.PolicySummary : policy
  return {
    name: typeof summary.Name === 'string' ? summary.Name : fallback,
    content: policy.Content ?? value,
  }
}
