import { type Diagnostic, infoOf, type SourceTexts, warningOf } from '../diagnostics/index.ts'
import type { EntityKind } from '../model/index.ts'
import {
  type Account,
  type AccountState,
  byKind,
  type Estate,
  entityRef,
  type Organization,
  type ResourceFacts,
  SETTING_KINDS,
  type StateDocument,
  type StateOf,
  tableOf,
  type Unseen,
} from '../model/index.ts'
import { DocumentIntake } from './document-intake.ts'
import type { Intake, Source } from './intake.ts'
import { notHeld } from './not-held.ts'

type AnyState = { readonly [K in EntityKind]: StateOf<K> }[EntityKind]

/** What an input has, put together entity by entity. */
export class EstateDraft {
  readonly documents: DocumentIntake
  readonly #accounts = new Map<string, DraftedAccount>()
  readonly #awsPolicies = new Map<string, StateDocument>()
  readonly #resources = new Map<string, ResourceFacts>()
  readonly #uniqueIds = new Map<string, string>()
  readonly #instanceProfiles = new Map<string, string>()
  readonly #withoutProfile = new Set<string>()
  readonly #sources = new Map<string, Source>()
  readonly #notModelled = new Map<string, number>()
  readonly #alsoThere = new Map<string, number>()
  readonly #findings: Diagnostic[] = []
  #organization: Organization | null = null

  /** @param texts takes the text of a document where somebody asks for its places */
  constructor(texts: SourceTexts) {
    this.documents = new DocumentIntake(texts)
  }

  /** Says that an account is there, whatever it holds. */
  account(account: Account): void {
    if (!this.#accounts.has(account.id))
      this.#accounts.set(account.id, { account, entities: byKind(() => new Map()) })
  }

  /** The accounts so far. */
  get accounts(): readonly Account[] {
    return [...this.#accounts.values()].map(({ account }) => account)
  }

  /** @returns false: it is there already, which is a finding; the first one stands */
  entity(account: Account, state: AnyState, source: Source): boolean {
    this.account(account)
    const ofKind = this.#accounts.get(account.id)?.entities[state.kind]
    const first = this.#sources.get(state.arn)
    if (ofKind === undefined || ofKind.has(state.name)) {
      this.find(
        warningOf({
          code: 'intake.twice',
          message: `${entityRef(state.kind, state.name)} is there twice: at \`${source.address}\`${first === undefined ? '' : ` and at \`${first.address}\``}`,
          help: 'the first one is taken',
        }),
      )
      return false
    }
    ofKind.set(state.name, state)
    this.#sources.set(state.arn, source)
    return true
  }

  /** The same resource again takes the place of what was there. */
  resource(facts: ResourceFacts, source: Source): void {
    this.#resources.set(facts.arn, facts)
    this.#sources.set(facts.arn, source)
  }

  /** What a resource has so far; null: it isn't there. */
  resourceAt(arn: string): ResourceFacts | null {
    return this.#resources.get(arn) ?? null
  }

  get resourceArns(): readonly string[] {
    return [...this.#resources.keys()]
  }

  /** One of AWS's own policies, as the accounts of the input have it. */
  awsPolicy(arn: string, document: StateDocument): void {
    this.#awsPolicies.set(arn, document)
  }

  uniqueId(arn: string, id: string): void {
    this.#uniqueIds.set(arn, id)
  }

  /** @param role ARN of the one that is in it */
  instanceProfile(arn: string, role: string): void {
    if (!this.#instanceProfiles.has(arn)) this.alsoThere('instance profiles')
    this.#instanceProfiles.set(arn, role)
  }

  /** @param role ARN of one that is in no instance profile */
  withoutProfile(role: string): void {
    this.#withoutProfile.add(role)
  }

  organization(organization: Organization): void {
    this.#organization = organization
  }

  find(finding: Diagnostic): void {
    this.#findings.push(finding)
  }

  /** Something that speaks of access, and isn't modelled. @param what in the plural: `instance profiles` */
  notModelled(what: string, source: Source): void {
    this.find(
      warningOf({
        code: 'intake.not-modelled',
        message: `\`${source.address}\` speaks of access and is not looked at: ${what} are not modelled yet`,
        help: 'what it grants or denies is left out of every answer',
      }),
    )
  }

  /** Something that is there and says nothing of access. @param what in the plural */
  passedOver(what: string): void {
    this.#notModelled.set(what, (this.#notModelled.get(what) ?? 0) + 1)
  }

  /** Something of the account that grants nothing by itself. @param what in the plural */
  alsoThere(what: string): void {
    this.#alsoThere.set(what, (this.#alsoThere.get(what) ?? 0) + 1)
  }

  /**
   * @param file as the user named it
   * @param unseen what the input doesn't hold
   * @param whole whether it has all principals, groups and policies of its accounts
   */
  finish(file: string, unseen: readonly Unseen[], whole: boolean): Intake {
    const accounts = [...this.#accounts.values()].map(
      ({ account, entities }): AccountState => ({
        account,
        // Each entity was put under its own kind, which a table by kind can't say.
        entities: entities as unknown as AccountState['entities'],
        children: {},
        settings: tableOf(SETTING_KINDS, () => null),
        ...(this.#awsPolicies.size === 0 ? {} : { awsPolicies: this.#awsPolicies }),
      }),
    )
    const estate: Estate = {
      accounts,
      organization: this.#organization,
      resources: this.#resources,
      uniqueIds: this.#uniqueIds,
      instanceProfiles: this.#instanceProfiles,
      withoutProfile: this.#withoutProfile,
      providers: new Set(),
      inventories: new Set(whole ? accounts.map(({ account }) => account.id) : []),
      unseen: new Set([...unseen, ...(whole ? [] : (['principals'] as const))]),
    }
    return {
      estate,
      sources: this.#sources,
      findings: [
        ...notHeld(file, unseen),
        ...this.documents.findings,
        ...this.#findings,
        ...countedIn(this.#alsoThere, 'intake.also-there', 'there, and grants nothing by itself'),
        ...countedIn(this.#notModelled, 'intake.passed-over', 'not looked at'),
      ],
    }
  }
}

const countedIn = (counts: ReadonlyMap<string, number>, code: string, says: string): readonly Diagnostic[] =>
  counts.size === 0
    ? []
    : [
        infoOf({
          code,
          message: `${says}: ${[...counts].map(([what, count]) => `${what} (${count})`).join(', ')}`,
        }),
      ]

interface DraftedAccount {
  readonly account: Account
  readonly entities: { readonly [K in EntityKind]: Map<string, AnyState> }
}
