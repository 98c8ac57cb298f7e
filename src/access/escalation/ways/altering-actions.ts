/** Puts tags on users and roles, which conditions of others may ask for. */
export const TAGGING_ACTIONS = { user: 'iam:TagUser', role: 'iam:TagRole' } as const

/** Gives users and groups other names and paths, which policies may tell them by. */
export const RENAMING_ACTIONS = { user: 'iam:UpdateUser', group: 'iam:UpdateGroup' } as const
