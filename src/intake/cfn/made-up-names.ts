import { answerOf, answersOf, type NamePart } from './pattern-answers.ts'

/** Something that CloudFormation makes up a name for, or a service an id. */
export interface MadeUp {
  readonly id: string
  readonly type: string
  /** What stands for the name. */
  readonly name: string
  readonly arn: string
}

const STANDS_FOR = 'known-after-apply'

/** The name of what CloudFormation makes up a name for: unlike any that there is, and the same in each run. */
export const generatedName = (id: string): string => `${STANDS_FOR}.${id.replace(/[^\w.-]+/g, '-')}`

/**
 * The same in a stack whose name is known: it begins as the real one will.
 * @param stack null: nobody says it
 */
export function nameInStack(stack: string | null, type: string, id: string): string {
  const beginning = beginningOf(stack, type, id)
  if (beginning === null) return generatedName(id)
  // Of buckets the case is lost, by which two may differ.
  const cases = beginning.includes(id) ? '' : `.${id.replace(/[^A-Z]/g, '0').replace(/[A-Z]/g, '1')}`
  return `${beginning}${STANDS_FOR}${cases}`
}

/** How long names may be of which CloudFormation makes up `STACK-LOGICALID-RANDOM`; what is longer it cuts somewhere. */
const LENGTHS: Readonly<Record<string, number>> = {
  'AWS::IAM::User': 64,
  'AWS::IAM::Role': 64,
  'AWS::IAM::Group': 128,
  'AWS::IAM::ManagedPolicy': 128,
  'AWS::S3::Bucket': 63,
  'AWS::Lambda::Function': 64,
  'AWS::Serverless::Function': 64,
  'AWS::SQS::Queue': 80,
  'AWS::SNS::Topic': 256,
  'AWS::DynamoDB::Table': 255,
}

const RANDOM = 13

/**
 * What comes before the random part. null: it isn't known.
 * @see AWS CloudFormation User Guide, "Name Type"
 */
function beginningOf(stack: string | null, type: string, id: string): string | null {
  const most = Object.hasOwn(LENGTHS, type) ? LENGTHS[type] : undefined
  if (stack === null || most === undefined) return null
  const beginning = `${stack}-${id}-`
  if (beginning.length + RANDOM > most) return null
  return type === 'AWS::S3::Bucket' ? beginning.toLowerCase() : beginning
}

const one = (of: NamePart['of']): NamePart => ({ of, many: false })

/** Of its characters a pattern may hit some by chance, at either end: not four and more. */
const RANDOM_PART: readonly NamePart[] = [
  ...[0, 1, 2].map(() => one(/[A-Za-z0-9]/)),
  ...[0, 1, 2, 3, 4, 5].map(() => one(null)),
  ...[0, 1, 2].map(() => one(/[A-Za-z0-9]/)),
]

const WORD: NamePart = { of: /[\w.@+=,-]/, many: true }

const MADE_UP: readonly NamePart[] = [WORD, ...RANDOM_PART]

/** What a service makes up. */
const ID: readonly NamePart[] = [WORD, one(null), ...RANDOM_PART.slice(0, 3)]

/** The random part as somebody copies it: letters and digits, not the number of an account. */
const COPIED = /^(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{12,13}$/i

/** Tells patterns in the documents of a template that match a name or don't, by what is made up of it. */
export class MadeUpNames {
  readonly #stack: string | null
  readonly #all: readonly MadeUp[]
  readonly #byText = new Map<string, MadeUp | null>()
  readonly #answers = new Map<string, ReadonlySet<string> | null>()
  /** By what stands for their names, the longest first: one may begin another. */
  readonly #signs: readonly (readonly [name: string, sign: string])[]

  readonly #signOf: ReadonlyMap<string, string>
  readonly #signedTexts = new Map<string, string>()

  constructor(stack: string | null, all: readonly MadeUp[]) {
    this.#stack = stack
    this.#all = all
    this.#signs = all
      .map(({ name }, index) => [name, String.fromCodePoint(0xf0000 + index)] as const)
      .sort(([a], [b]) => b.length - a.length)
    this.#signOf = new Map(this.#signs)
  }

  /**
   * Something that a text of a policy may match or not, depending on what is made up of its name, or that it matches only by what
   * stands for that. null: the answer is the same whatever the name is.
   * @param areNames whether the text is compared with names, too
   */
  undecided(text: string, areNames: boolean): MadeUp | null {
    const key = `${areNames} ${text}`
    const known = this.#byText.get(key)
    if (known !== undefined) return known
    const found = /^\**$/.test(text)
      ? null
      : (this.#all.find((each) => this.#dependsOn(text, each, areNames)) ?? null)
    this.#byText.set(key, found)
    return found
  }

  #dependsOn(text: string, made: MadeUp, areNames: boolean): boolean {
    const pattern = text.replace(/\$\{[^}]*\}/g, '*')
    const places = [made.arn.slice(0, made.arn.lastIndexOf(made.name))]
    if (made.type === 'AWS::IAM::Role')
      places.push(`${(places[0] ?? '').replace(':iam:', ':sts:').replace(/:role\/.*$/, ':assumed-role/')}`)
    if (areNames && Object.hasOwn(LENGTHS, made.type)) places.push('')
    return places.some(
      (before) => this.#isCopied(pattern, before, made) || this.#variesOn(pattern, before, made),
    )
  }

  #variesOn(pattern: string, before: string, made: MadeUp): boolean {
    const beginning = /^[^*?]*/.exec(pattern)?.[0] ?? ''
    if (beginning === pattern) return false
    if (!beginning.startsWith(before) && !before.startsWith(beginning)) return false
    const signed = this.#signed(pattern)
    const own = this.#signOf.get(made.name)
    const form = own !== undefined && signed.includes(own) ? [one(own)] : this.#formOf(made)
    const key = JSON.stringify([signed, before, form.map(({ of }) => String(of))])
    const behind = before.includes(':iam:') || before === '' ? [] : ['/', ':']
    let answers = this.#answers.get(key)
    if (answers === undefined) {
      answers = answersOf(signed, before, form, behind)
      this.#answers.set(key, answers)
    }
    if (answers === null || answers.size !== 1) return true
    const given = answerOf(pattern, `${before}${made.name}`, behind)
    return !answers.has(this.#signed(given))
  }

  /** With one character in place of each name. */
  #signed(text: string): string {
    if (!text.includes(STANDS_FOR)) return text
    const known = this.#signedTexts.get(text)
    if (known !== undefined) return known
    let signed = text
    for (const [name, sign] of this.#signs) signed = signed.replaceAll(name, sign)
    this.#signedTexts.set(text, signed)
    return signed
  }

  #formOf({ id, type }: MadeUp): readonly NamePart[] {
    const beginning = beginningOf(this.#stack, type, id)
    if (beginning === null) return Object.hasOwn(LENGTHS, type) ? MADE_UP : ID
    return [...[...beginning].map(one), ...RANDOM_PART]
  }

  /** Whether a text without wildcards in it may be the very name that will be made up, as it is in a stack that is there. */
  #isCopied(text: string, before: string, { id, type }: MadeUp): boolean {
    if (!text.startsWith(before) || !Object.hasOwn(LENGTHS, type)) return false
    const name = /^[^/:]*/.exec(text.slice(before.length))?.[0] ?? ''
    const random = name.slice(name.lastIndexOf('-') + 1)
    const beginning = beginningOf(this.#stack, type, id)
    return COPIED.test(random) && (beginning === null || name === `${beginning}${random}`)
  }
}
