import type { EscalationSeverity } from '../../access/escalation/escalation.ts'

/** What a box of the graph stands for. */
export type NodePlace =
  /** Somebody or something of the account. */
  | 'inside'
  /** Another account, a service, a provider, everybody. */
  | 'outside'
  /** No entity but what is come to: administrator, somebody who isn't known here. */
  | 'power'

export interface PowerNode {
  /** An ARN, or another name that is its own. */
  readonly id: string
  readonly label: string
  readonly place: NodePlace
  /** Of the heaviest escalation that ends here; null: none does. */
  readonly severity: EscalationSeverity | null
}

/** `assumes`: may assume a role. `comes to`: may come to act as it, to have its permissions, or to change them. */
export type EdgeKind = 'assumes' | 'comes to'

/** `part`: of a way that is new; whether this step of it is new is not known. */
export type EdgeChange = 'gained' | 'lost' | 'part'

export interface PowerEdge {
  readonly from: string
  readonly to: string
  readonly kind: EdgeKind
  readonly change: EdgeChange
  /** For people, after the name of whom it begins with: `joins group/admins`. */
  readonly does: string
}

/** Who may come to be whom: nothing of it is laid out. */
export interface PowerGraph {
  readonly nodes: readonly PowerNode[]
  /** Both ends are among the nodes; no two of one kind between the same two nodes. */
  readonly edges: readonly PowerEdge[]
  /** What there was no room for. */
  readonly left: { readonly nodes: number; readonly edges: number }
}
