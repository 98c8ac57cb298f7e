import { DIGIT, type Glob } from './symbolic/tokens.ts'

/** What the id of an account is like: twelve digits. */
export const ACCOUNT_ID: Glob = Array.from({ length: 12 }, () => DIGIT)
