/** `undecided`: a policy that takes part isn't known, or nobody can be asked about. */
export type Decided = 'allow' | 'deny' | 'undecided'

export type StateName = 'before' | 'after'
