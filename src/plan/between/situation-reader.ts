import {
  type AccountState,
  isAwsManagedPolicyArn,
  isPrincipalEntityKind,
  isUnknown,
  jsonOf,
  type PolicyDocument,
  type PrincipalEntity,
  type PrincipalEntityKind,
  parseEntityArn,
  type StateOf,
} from '../../model/index.ts'
import type { KindsWith } from '../../model/step-effect.ts'
import type { Effects } from '../grants/effects.ts'
import { isUnopened } from '../principals/unopened-role.ts'
import type { AccountDraft } from '../steps/carry-out.ts'
import { type Rule, type RulePrincipal, RuleReader } from './rules.ts'
import { type Situation, Situations } from './situation.ts'

const DENY_ALL: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
}

/** The text of one of AWS's own policies; null: it isn't known. */
type AwsDocuments = (arn: string) => PolicyDocument | null

/** Reads what decides somebody's requests out of a view. */
export class SituationReader {
  readonly #rules = new RuleReader()
  readonly #situations = new Situations()
  readonly #aws: AwsDocuments
  readonly #effects: Effects
  /** Of policies by ARN. */
  readonly #names = new Map<string, string>()

  constructor(aws: AwsDocuments, effects: Effects) {
    this.#aws = aws
    this.#effects = effects
  }

  /** This tool attaches one itself, and so knows it without being told. */
  #awsDocument(arn: string): PolicyDocument | null {
    return arn.endsWith('/AWSDenyAll') ? DENY_ALL : this.#aws(arn)
  }

  /** What is known of the policies that somebody holds, or groups do for them; not of a boundary. @param key as for `situationOf` */
  documentsOf(key: string, { entities }: Pick<AccountDraft, 'entities'>): readonly PolicyDocument[] {
    const principal = principalIn(entities, key)
    if (principal === undefined) return []
    return holdersOf(principal, entities).flatMap(({ managedPolicies, inlinePolicies }) => [
      ...managedPolicies.flatMap((arn) => {
        const document = this.#documentOf(arn, entities)
        return document == null || document === 'unknown' ? [] : [document]
      }),
      ...[...inlinePolicies.values()].flatMap((document) => jsonOf(document) ?? []),
    ])
  }

  /** @param key `user/NAME` or `role/NAME` */
  situationOf(key: string, { entities }: Pick<AccountDraft, 'entities'>): Situation {
    const principal = principalIn(entities, key)
    if (principal === undefined) return this.#situations.nothing
    if ('trustPolicy' in principal && isUnopened(principal.trustPolicy)) return this.#situations.nothing
    const asked: RulePrincipal = principal
    const managed = (arn: string): readonly Rule[] => {
      const document = this.#documentOf(arn, entities)
      if (document === 'unknown') return this.#unknown(arn)
      if (document == null) return [this.#rules.unknown(arn, this.#effects.ofPolicy(arn) === 'allows')]
      return this.#rules.read(document, asked)
    }
    const held = ({ name, managedPolicies, inlinePolicies }: Holder) => [
      ...managedPolicies.flatMap(managed),
      ...[...inlinePolicies].flatMap(([policy, document]) =>
        isUnknown(document) ? this.#unknown(`${policy} of ${name}`) : this.#rules.read(document.json, asked),
      ),
    ]
    const { permissionsBoundary: boundary } = principal
    return this.#situations.of(
      holdersOf(principal, entities).flatMap(held),
      boundary === null ? null : managed(boundary),
    )
  }

  /** A document that nobody can read: it may allow as well as deny. */
  #unknown(name: string): readonly Rule[] {
    return [this.#rules.unknown(name, true), this.#rules.unknown(name, false)]
  }

  #documentOf(
    arn: string,
    entities: AccountDraft['entities'],
  ): PolicyDocument | 'unknown' | null | undefined {
    return isAwsManagedPolicyArn(arn) ? this.#awsDocument(arn) : this.#ownDocument(arn, entities)
  }

  #ownDocument(arn: string, { policy }: AccountDraft['entities']): PolicyDocument | 'unknown' | undefined {
    let name = this.#names.get(arn)
    if (name === undefined) {
      name = parseEntityArn(arn)?.name ?? ''
      this.#names.set(arn, name)
    }
    const found = policy.get(name)
    return found?.arn === arn ? (jsonOf(found.document) ?? 'unknown') : undefined
  }
}

type Holder = StateOf<KindsWith<'managedPolicies'>>

const holdersOf = (principal: PrincipalEntity, entities: AccountDraft['entities']): readonly Holder[] => [
  principal,
  ...('groups' in principal ? principal.groups.flatMap((name) => entities.group.get(name) ?? []) : []),
]

/** Whoever has a key, if it makes requests. */
export const principalIn = (
  entities: Pick<AccountState['entities'], PrincipalEntityKind>,
  key: string,
): PrincipalEntity | undefined => {
  const end = key.indexOf('/')
  const kind = key.slice(0, end)
  return isPrincipalEntityKind(kind) ? entities[kind].get(key.slice(end + 1)) : undefined
}
