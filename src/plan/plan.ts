import type { Span } from '../diagnostics/index.ts'
import type { Detail } from '../model/detail.ts'
import type { EntityKind, Kind } from '../model/index.ts'
import type { Step } from '../model/step.ts'

/** `+` create, `~` update in place, `-` delete, `±` delete and create again. */
export type ChangeAction = 'create' | 'update' | 'delete' | 'replace'
export type ChangeKind = Kind

/** What a reviewer thinks of as one change: everything that happens to one entity. */
export interface Change {
  readonly action: ChangeAction
  readonly kind: ChangeKind
  /** Of what is named under an entity, after that one's name: `alice/laptop`. */
  readonly name: string
  /** null: AWS gives it none. */
  readonly arn: string | null
  /** The entity that it is named under. Absent: none. */
  readonly parent?: ParentRef
  /** Where it is declared; null for a deletion. */
  readonly span: Span | null
  readonly details: readonly Detail[]
  /** Numbers into `Plan.steps`, ascending. */
  readonly steps: readonly number[]
  /** What one of its steps lets somebody do until a later one, and nobody could before or can after; null: nothing. */
  readonly brieflyWider: BrieflyWider | null
}

export interface ParentRef {
  readonly kind: EntityKind
  readonly name: string
  readonly arn: string
}

/** What a change is about, as guard and journal call it. No two changes of a plan are about the same. */
export const subjectOf = ({ kind, name }: Pick<Change, 'kind' | 'name'>): string => `${kind}/${name}`

/** Somebody may do something between two steps that they may do neither before the plan nor after it. */
export interface BrieflyWider {
  /** `user/NAME`, `role/NAME`. */
  readonly principal: string
  /** null: nobody could tell whether there is such a request, for so many patterns meet. */
  readonly request: {
    /** In lower case. */
    readonly action: string
    readonly resource: string
    /** What conditions ask for that it has: each an operator, a key and values, in canonical spelling. */
    readonly conditions: readonly string[]
  } | null
}

/**
 * What is different in a fact that decisions go by and that nothing is applied of.
 * `target`: where in the organization a control policy stands (an account's id, or names from the root down:
 * `Root/Workloads`), the organization's id, or a resource's ARN.
 */
export interface FactChange {
  readonly kind: 'scp' | 'rcp' | 'organization' | 'resourcePolicy'
  readonly target: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly details: readonly Detail[]
  /** Where it is declared; null: it isn't any more, or belongs to AWS. */
  readonly span: Span | null
}

/** What exists and is left alone: an undeclared entity, or a grant on a declared principal. */
export interface Unmanaged {
  readonly kind: ChangeKind
  readonly name: string
  readonly arn: string
  readonly why: string
}

/** The same where its declaration says that it may be there for a while. Whose access that is, is told all the same. */
export interface Ignored extends Unmanaged {
  readonly reason: string
  /** The last day of it. */
  readonly until: string
}

/** What AWS shows in place of a user or role that was deleted. @see IAM User Guide, "AWS JSON policy elements: Principal" */
export interface Orphan {
  readonly id: string
  /** The ARN that it had, by the journal; null: that doesn't know it. */
  readonly formerly: string | null
  /** Whose policy names it: `role/ci`, or the ARN of a resource. */
  readonly namedBy: string
}

/** What a plan brings to a quota of AWS, or near to it. */
export interface Headroom {
  /** `kind/name`; null: the account. */
  readonly entity: string | null
  /** Its `QuotaName`; of credentials, which no account may have more of, a name that is like those. */
  readonly quota: string
  /** What several of it are called. */
  readonly what: string
  /** Once the plan is carried out. */
  readonly used: number
  readonly limit: number
}

/** Why the guard blocks an apply. It never blocks the rendering of a plan. */
export interface GuardRefusal {
  readonly rule: 'maxDeletePercent' | 'protect' | 'quota' | 'brieflyWider' | 'lastAdministrator' | 'deployer'
  readonly message: string
  readonly help: string
  /** `kind/name` of each entity concerned. */
  readonly entities: readonly string[]
  /** Where what is refused is declared. Absent: in no single place. */
  readonly span?: Span
}

/**
 * What would be done to one account, and why. Pure data: the same input gives the same plan, byte for byte.
 * INVARIANT: carrying out `steps` in order brings `observed` to a state in which a second plan is empty.
 */
export interface Plan {
  readonly account: { readonly id: string; readonly name: string }
  /** `sha256:` and hex, over the account, what was observed of everything the plan touches, and the changes. */
  readonly digest: string
  /** The same over what the digest is of besides the account, the changes and the steps. */
  readonly basis: string
  readonly changes: readonly Change[]
  readonly steps: readonly Step[]
  /** Declared entities without a change. */
  readonly unchanged: number
  readonly unmanaged: readonly Unmanaged[]
  /** Absent: nothing is. */
  readonly ignored?: readonly Ignored[]
  readonly refusals: readonly GuardRefusal[]
  /** What is different in the facts since the last apply. Nobody carries it out. */
  readonly facts: readonly FactChange[]
  /** Whom policies name by a unique id that nobody has any more, as they are stored or declared now. Absent: nobody. */
  readonly orphans?: readonly Orphan[]
  /** Absent: it brings nothing near to a quota. */
  readonly headroom?: readonly Headroom[]
}
