/** What holding a policy does, before or after the plan: whether it lets more happen, less, or some of each. */
export type Effect = 'allows' | 'both' | 'denies'
