import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { Symbols } from '../symbols.ts'
import {
  COLON,
  canonical,
  DIGIT,
  type Glob,
  literalGlob,
  ONE_IN_SEGMENT,
  SLASH,
  STAR,
  STAR_IN_SEGMENT,
} from '../tokens.ts'
import { accountGlobs } from './account-numbers.ts'
import { nameGlob, pairGlobs, segmentGlob } from './glob-parts.ts'
import { asksForMembers } from './member-axioms.ts'

type Axioms = readonly (readonly Literal[])[]

const ARN = 'aws:PrincipalArn'
const NAME = 'aws:username'
const TYPE = 'aws:PrincipalType'
const ID = 'aws:userid'
/** KMS has a key of its own for the caller's account. */
const ACCOUNTS: readonly string[] = ['aws:PrincipalAccount', 'kms:CallerAccount']
/** What its ARN tells of whoever asks. */
const TOLD: readonly string[] = [...ACCOUNTS, NAME, TYPE, ID]

const lower = (key: string): string => key.toLowerCase()

const WORD: Glob = [ONE_IN_SEGMENT, STAR_IN_SEGMENT]
const ACCOUNT: Glob = Array.from({ length: 12 }, () => DIGIT)

/** Kinds of principals that sign what they ask: their ARN from the account on, the type, and what their ids are like. */
const FORMS = {
  user: { service: 'iam', rest: 'user/', type: 'User', id: [...literalGlob('AIDA'), ...WORD] },
  role: {
    service: 'iam',
    rest: 'role/',
    type: 'AssumedRole',
    id: [...literalGlob('AROA'), ...WORD, COLON, ...WORD],
  },
  root: { service: 'iam', rest: 'root', type: 'Account', id: ACCOUNT },
  federatedUser: {
    service: 'sts',
    rest: 'federated-user/',
    type: 'FederatedUser',
    id: [...ACCOUNT, COLON, ...WORD],
  },
} as const
type Form = keyof typeof FORMS
const ALL = Object.keys(FORMS) as readonly Form[]

/** ARNs of a kind, of some accounts and with some names. */
const arnsOf = (form: Form, account: Glob, name: Glob): Glob =>
  canonical([
    ...literalGlob('arn:'),
    STAR_IN_SEGMENT,
    ...literalGlob(`:${FORMS[form].service}::`),
    ...account,
    COLON,
    ...literalGlob(FORMS[form].rest),
    ...(form === 'root' ? [] : name),
  ])

/**
 * Whether whoever asks has an ARN, which isn't settled: of those of whom only some things are known. What services say of
 * themselves isn't documented.
 */
const isOpen = ({ keyFacts }: Domain): boolean => {
  const { within, mayBeAbsent } = keyFacts(lower(ARN))
  return within !== undefined && !mayBeAbsent
}

/**
 * A request comes from one principal: its account, kind and name are those of its ARN, and its id is of that kind. Each test of
 * them is one of the ARN, so that what an ARN that suits tells suits as well.
 * @see IAM User Guide, "AWS global condition context keys": Properties of the principal; "IAM identifiers"
 */
export function principalAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  domain: Domain,
  symbols: Symbols,
): Axioms {
  const told = TOLD.filter((key) => byKey.has(lower(key)) || domain.settled.has(lower(key)))
  const isOfArn = byKey.has(lower(ARN)) || domain.settled.has(lower(ARN))
  const others = (isOfArn ? 1 : 0) + (asksForMembers(byKey, domain) ? 1 : 0)
  if (told.length === 0 || told.length + others < 2 || !isOpen(domain)) return []
  const axioms = new PrincipalAxioms(byKey, domain, symbols)
  return told.flatMap((key) => axioms.of(key))
}

class PrincipalAxioms {
  readonly #byKey: ReadonlyMap<string, readonly KeyAtom[]>
  readonly #settled: Domain['settled']
  readonly #symbols: Symbols

  constructor(byKey: ReadonlyMap<string, readonly KeyAtom[]>, { settled }: Domain, symbols: Symbols) {
    this.#byKey = byKey
    this.#settled = settled
    this.#symbols = symbols
  }

  of(key: string): Axioms {
    const value = this.#settled.get(lower(key))
    if (value === null) return key === NAME ? [[-this.#is('user')]] : []
    // What is settled is a test that is passed.
    if (value !== undefined)
      return [
        ...this.#sameTests(key, [literalGlob(value)]).map(({ unless, told }) => [...unless, told]),
        ...(key === ID ? [[this.#ofKindsWithId(value)]] : []),
      ]
    const isAbsent = absentLiteral(key, this.#symbols)
    const tests = (this.#byKey.get(lower(key)) ?? []).flatMap((atom): Axioms => {
      const globs = globsOf(atom, key)
      const holds = atom.id + 1
      return globs === null
        ? []
        : this.#sameTests(key, globs).flatMap(({ unless, told }) => [
            [isAbsent, ...unless, -holds, told],
            [isAbsent, ...unless, holds, -told],
          ])
    })
    return [...tests, ...this.#kinds(key, isAbsent)]
  }

  /** Tests of the ARN that come out as those of a key do, and kinds of which they don't tell. */
  #sameTests(
    key: string,
    globs: readonly Glob[],
  ): readonly { readonly unless: readonly Literal[]; readonly told: Literal }[] {
    switch (key) {
      case NAME:
        return [
          {
            unless: [],
            told: this.#arn(
              globs
                .flatMap(nameGlob)
                .flatMap((name) =>
                  [[], [STAR, SLASH]].map((path) => arnsOf('user', WORD, [...path, ...name])),
                ),
            ),
          },
        ]
      case TYPE: {
        const lang = this.#symbols.langs.of(globs)
        const forms = ALL.filter((form) => lang.has(FORMS[form].type))
        return [{ unless: [], told: this.#arn(forms.map((form) => arnsOf(form, WORD, [STAR]))) }]
      }
      case ID:
        return [
          {
            unless: [-this.#is('root')],
            told: this.#arn(globs.flatMap(segmentGlob).map((account) => arnsOf('root', account, []))),
          },
          {
            unless: [-this.#is('federatedUser')],
            told: this.#arn(
              globs.flatMap(pairGlobs).map(([account, name]) => arnsOf('federatedUser', account, name)),
            ),
          },
        ]
      default:
        return [
          {
            unless: [],
            told: this.#arn(
              globs
                .flatMap(segmentGlob)
                .flatMap((account) => ALL.map((form) => arnsOf(form, account, [STAR]))),
            ),
          },
        ]
    }
  }

  /** Only users have a name, and ids are those of a kind. */
  #kinds(key: string, isAbsent: Literal): Axioms {
    if (key === NAME)
      return [
        [isAbsent, this.#is('user')],
        [-isAbsent, -this.#is('user')],
      ]
    if (key !== ID) return []
    return ALL.flatMap((form) => {
      const lang = this.#symbols.langs.of([FORMS[form].id])
      const isOfForm = this.#key(ID, lang)
      return [
        [isAbsent, -this.#is(form), isOfForm],
        [isAbsent, this.#is(form), -isOfForm],
      ]
    })
  }

  #ofKindsWithId(id: string): Literal {
    const forms = ALL.filter((form) => this.#symbols.langs.of([FORMS[form].id]).has(id))
    return this.#arn(forms.map((form) => arnsOf(form, WORD, [STAR])))
  }

  #is(form: Form): Literal {
    return this.#arn([arnsOf(form, WORD, [STAR])])
  }

  #arn(globs: readonly Glob[]): Literal {
    return this.#key(ARN, this.#symbols.langs.of(globs))
  }

  #key(spelling: string, lang: ReturnType<Symbols['langs']['of']>): Literal {
    return (
      this.#symbols.atoms.keyAtom({
        key: lower(spelling),
        spelling,
        whenAbsent: false,
        predicate: { kind: 'text', lang, upper: lang, lower: lang },
        several: 'any',
        variables: [],
      }) + 1
    )
  }
}

/** null: what it takes isn't known, or is no matter of texts. */
function globsOf({ predicate, variables }: KeyAtom, key: string): readonly Glob[] | null {
  if (variables.length > 0) return null
  if (predicate?.kind === 'text') return predicate.lang.globs
  return predicate?.kind === 'number' && ACCOUNTS.includes(key) ? accountGlobs(predicate) : null
}

/** Gives whoever asks what its ARN tells. It passes the same tests. */
export function samePrincipal(context: Map<string, readonly string[]>, domain: Domain): void {
  const spellings = new Map([...context.keys()].map((key) => [lower(key), key]))
  const [arn] = context.get(spellings.get(lower(ARN)) ?? '') ?? []
  if (arn === undefined || !isOpen(domain)) return
  const [, , , , account = '', rest = ''] = arn.split(':')
  const set = (key: string, value: string) => {
    const spelling = spellings.get(lower(key))
    if (spelling !== undefined) context.set(spelling, [value])
  }
  const name = rest.slice(rest.lastIndexOf('/') + 1)
  const form = ALL.find((each) => rest.startsWith(FORMS[each].rest))
  if (form !== undefined) set(TYPE, FORMS[form].type)
  for (const key of ACCOUNTS) set(key, account)
  if (form === 'user') set(NAME, name)
  if (form === 'root') set(ID, account)
  if (form === 'federatedUser') set(ID, `${account}:${name}`)
}
