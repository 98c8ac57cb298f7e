import { type Diagnostic, infoOf, warningOf } from '../../diagnostics/index.ts'
import {
  type Account,
  type AccountState,
  byKind,
  type EntityKind,
  entityRef,
  type IdentityState,
  isIdentity,
  isIdentityKind,
  parseArn,
  type StateOf,
  type Unseen,
} from '../../model/index.ts'
import { type BesidePolicy, withBeside } from '../beside-policies.ts'
import type { GivenExport, Intake, Source } from '../intake.ts'
import { noting } from '../not-held.ts'
import { type SaidThings, withThings } from '../running-things.ts'
import { type Holding, type Holdings, isSetRole, keyOfEntity } from './holdings.ts'
import { MANAGED, MEMBERS } from './kinds.ts'
import { type ControlLevels, withControls } from './organization-controls.ts'
import { overIdentity } from './over-identity.ts'
import { overResources } from './over-resources.ts'
import type { PlanContext } from './plan-context.ts'

/** One side of a plan, as it was read: what identities hold is in its draft as well. */
interface ReadSide {
  readonly context: PlanContext
  readonly holdings: Holdings
  readonly things: SaidThings
}

interface Put {
  /** As the user named the plan. */
  readonly file: string
  readonly on: GivenExport
  /** What lets in others on this side and is no policy. */
  readonly beside: readonly BesidePolicy[]
  /** Service control policies of this side. */
  readonly controls: ControlLevels
  /** Whether the other side has others. */
  readonly changesControls: boolean
  /** Whether the plan does something else than what was read of it. */
  readonly isOpen: boolean
  readonly sameBeyond: string
}

type AnyState = { readonly [K in EntityKind]: StateOf<K> }[EntityKind]

/**
 * Puts one side of a plan on an exported account. What the plan speaks of is as this side has it: replaced, added, or gone where
 * only the other side has it; what it attaches and takes away changes what the exported identities hold; all else is as exported.
 * Accounts that the export doesn't have stay as the plan alone has them.
 */
export function onAccount(own: ReadSide, other: ReadSide, put: Put): Intake {
  const { file, on, controls, sameBeyond } = put
  const { context } = own
  const [plan, opposite] = [
    context.draft.finish(file, [], false),
    other.context.draft.finish(file, [], false).estate,
  ]
  const { estate: exported } = on.intake
  const sources = new Map([...on.intake.sources, ...plan.sources])
  const uniqueIds = new Map(exported.uniqueIds)
  const findings: Diagnostic[] = []
  const accounts = exported.accounts.map((state): AccountState => {
    const planned = plan.estate.accounts.find(({ account }) => account.id === state.account.id)
    if (planned === undefined) return state
    const past = opposite.accounts.find(({ account }) => account.id === state.account.id)
    const account = new PutAccount(state, own, other, {
      sources,
      exported: on.intake.sources,
      uniqueIds,
      findings,
    })
    account.policies(planned, past)
    account.identities(planned)
    return account.state
  })
  const beyond = plan.estate.accounts.filter(
    ({ account: { id } }) => !exported.accounts.some(({ account }) => account.id === id),
  )
  const unseen = new Set<Unseen>(exported.unseen)
  // What `--scps` gives is whole, and the plan's are not put over it.
  const isBound = exported.accounts.some((state) => state.controls !== undefined)
  if (put.isOpen || (isBound && put.changesControls)) unseen.add('changes')
  if (beyond.length > 0) unseen.add('principals')
  const intake: Intake = {
    estate: {
      ...exported,
      accounts: [...accounts, ...beyond].map((state) => withControls(state, controls)),
      resources: overResources(exported.resources, plan.estate.resources, opposite.resources),
      uniqueIds,
      unseen,
      sameBeyond,
    },
    sources,
    findings: [
      ...on.intake.findings,
      ...plan.findings,
      ...findings,
      ...beyond.map(({ account }) => beyondOf(account, on)),
    ],
  }
  return noting(`${file} on ${on.file}`, withThings(withBeside(intake, put.beside), own.things, other.things))
}

const beyondOf = ({ id }: Account, { file }: GivenExport) =>
  warningOf({
    code: 'intake.beyond-export',
    message: `the plan speaks of account ${id} too, of which \`${file}\` holds nothing`,
    help: 'what Terraform manages there is all that is known of it, and nothing that needs more is proved',
  })

/** What is told by ARN. */
interface Told {
  readonly sources: Map<string, Source>
  /** Those of the export. */
  readonly exported: Intake['sources']
  readonly uniqueIds: Map<string, string>
  readonly findings: Diagnostic[]
}

/** An exported account, while a plan is put on it. */
class PutAccount {
  readonly #exported: AccountState
  readonly #own: ReadSide
  readonly #other: ReadSide
  readonly #told: Told
  readonly #entities: { readonly [K in EntityKind]: Map<string, AnyState> }
  /** The names of those of the export, by their keys. */
  readonly #names = new Map<string, string>()

  constructor(exported: AccountState, own: ReadSide, other: ReadSide, told: Told) {
    this.#exported = exported
    this.#own = own
    this.#other = other
    this.#told = told
    this.#entities = byKind((kind) => new Map<string, AnyState>(exported.entities[kind]))
    for (const states of Object.values(this.#entities))
      for (const each of states.values()) this.#names.set(this.#keyOf(each), each.name)
  }

  get state(): AccountState {
    // Each entity stands under its own kind, which a table by kind can't say.
    return { ...this.#exported, entities: this.#entities as unknown as AccountState['entities'] }
  }

  policies(planned: AccountState, past: AccountState | undefined): void {
    const kept = new Set<string>()
    for (const policy of planned.entities[MANAGED].values()) {
      const key = this.#keyOf(policy)
      kept.add(key)
      // What is only looked up the export knows better.
      if (this.#names.has(key) && this.#own.context.lookedUp.has(policy.arn)) this.#keepSource(policy.arn)
      else this.#put(policy)
    }
    for (const policy of past?.entities[MANAGED].values() ?? [])
      if (!kept.has(this.#keyOf(policy)) && !this.#other.context.lookedUp.has(policy.arn))
        this.#remove(policy)
  }

  identities(planned: AccountState): void {
    const { account } = this.#exported
    const gone = [...this.#other.holdings].filter(
      (each) => each.account.id === account.id && this.#isGone(each),
    )
    for (const each of gone) this.#remove(each)
    for (const holding of this.#own.holdings) {
      if (holding.account.id !== account.id) continue
      const { kind, name } = holding
      const alone = planned.entities[kind].get(name)
      const there = this.#exportedOf(holding)
      if (there === undefined) {
        if (alone !== undefined) this.#put(alone)
        continue
      }
      const other = this.#other.holdings.get(account, kind, name)
      const put = overIdentity(there, {
        holding,
        other,
        separate: this.#other.context.separate,
        key: keyOfEntity(account, kind, name),
        takesAway: this.#own.context.side.name === 'after',
      })
      if (holding.manner !== 'managed' || isSetRole(holding)) this.#keepSource(there.arn)
      if (this.#isMadeAnew(holding, other)) this.#findThere(holding)
      this.#put(put)
    }
    this.#leaveGroups(gone)
  }

  /** Whether the resource that somebody is isn't on this side. A permission set's role may be there for others whom it is assigned to. */
  #isGone(each: Holding): boolean {
    const here = this.#own.holdings.get(each.account, each.kind, each.name)
    return each.manner === 'managed' && !isSetRole(each) && here?.manner !== 'managed'
  }

  #isMadeAnew(holding: Holding, other: Holding | undefined): boolean {
    return (
      this.#own.context.side.name === 'after' &&
      holding.manner === 'managed' &&
      !isSetRole(holding) &&
      other?.manner !== 'managed'
    )
  }

  #findThere({ kind, name, address }: Holding): void {
    this.#told.findings.push(
      infoOf({
        code: 'intake.there-already',
        message: `the plan creates ${entityRef(kind, name)} (\`${address}\`), which the export has already`,
        help: 'what it holds there is taken to stay',
      }),
    )
  }

  /** Nobody is in a group that is no more: IAM deletes none that has members. */
  #leaveGroups(gone: readonly Holding[]): void {
    const left = new Set(gone.filter(({ kind }) => kind === MEMBERS).map(({ name }) => name.toLowerCase()))
    if (left.size === 0) return
    for (const states of Object.values(this.#entities))
      for (const each of states.values())
        if ('groups' in each && each.groups.some((group) => left.has(group.toLowerCase())))
          states.set(each.name, {
            ...each,
            groups: each.groups.filter((group) => !left.has(group.toLowerCase())),
          })
  }

  #exportedOf({ account, kind, name, path }: Holding): IdentityState | undefined {
    const key = keyOfEntity(account, kind, nameOfSet({ kind, name, path }))
    const found = this.#entities[kind].get(this.#names.get(key) ?? '')
    return found !== undefined && isIdentity(found) ? found : undefined
  }

  #put(state: AnyState): void {
    const key = this.#keyOf(state)
    const there = this.#names.get(key)
    const old = there === undefined ? undefined : this.#entities[state.kind].get(there)
    if (old !== undefined && old.name !== state.name) this.#entities[state.kind].delete(old.name)
    if (old !== undefined && old.arn !== state.arn) this.#forget(old.arn)
    this.#entities[state.kind].set(state.name, state)
    this.#names.set(key, state.name)
  }

  #remove(entity: Pick<AnyState, 'kind' | 'name' | 'path' | 'arn'>): void {
    const key = this.#keyOf(entity)
    const states = this.#entities[entity.kind]
    const old = states.get(this.#names.get(key) ?? '')
    // Of what is deleted no plan says in which of its accounts it was, but the ARN.
    if (old === undefined || parseArn(entity.arn)?.account !== this.#exported.account.id) return
    states.delete(old.name)
    this.#names.delete(key)
    this.#forget(old.arn)
  }

  #forget(arn: string): void {
    this.#told.sources.delete(arn)
    this.#told.uniqueIds.delete(arn)
  }

  /** What the export has is where it stands there. */
  #keepSource(arn: string): void {
    const source = this.#told.exported.get(arn)
    if (source !== undefined) this.#told.sources.set(arn, source)
  }

  #keyOf({ kind, name, path }: Pick<AnyState, 'kind' | 'name' | 'path'>): string {
    return keyOfEntity(this.#exported.account, kind, nameOfSet({ kind, name, path }))
  }
}

/** The roles of permission sets are told by what their names have before the suffix, which no plan has. */
const nameOfSet = ({ kind, name, path }: Pick<AnyState, 'kind' | 'name' | 'path'>): string =>
  isIdentityKind(kind) && isSetRole({ kind, path }) ? name.replace(/_[0-9a-f]{16}$/, '') : name
