import type { PasswordPolicy } from '../model/index.ts'
import { readSecret } from './input.ts'
import { refused, validationError } from './refusals.ts'

/** @see IAM API Reference, CreateLoginProfile: the length and the pattern of Password */
const LENGTHS = { least: 1, most: 128 } as const
const CHARACTERS = /^[\t\n\r\u0020-\u00ff]+$/

/**
 * A password as the API takes it. No refusal quotes it.
 * @throws IamError ValidationError
 */
export function readPassword(field: string, value: unknown): string {
  const password = readSecret(field, value, LENGTHS)
  if (!CHARACTERS.test(password))
    throw validationError(
      field,
      value,
      'Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
    )
  return password
}

/** @see IAM User Guide, "Setting an account password policy": which characters count as symbols */
const SYMBOLS = /[!@#$%^&*()_+\-=[\]{}|']/
const CLASSES = [
  { field: 'requireUppercaseCharacters', of: /[A-Z]/, told: 'uppercase letter' },
  { field: 'requireLowercaseCharacters', of: /[a-z]/, told: 'lowercase letter' },
  { field: 'requireSymbols', of: SYMBOLS, told: 'symbol' },
  { field: 'requireNumbers', of: /[0-9]/, told: 'number' },
] as const satisfies readonly {
  readonly field: keyof PasswordPolicy
  readonly of: RegExp
  readonly told: string
}[]

/** Of the policy that AWS has where an account has none of its own. */
const DEFAULT_LEAST = 8
const DEFAULT_CLASSES = 3

/**
 * Holds a password against the password policy of the account; null: against AWS's default one. The account's name is not
 * looked for in it, which the default one forbids: accounts of an embedded IAM have none. Texts of refusals are not verified.
 * @throws IamError PasswordPolicyViolation
 * @see IAM User Guide, "Setting an account password policy": default and custom password policy
 */
export function requireAllowedPassword(password: string, policy: PasswordPolicy | null): void {
  const least = policy?.minimumPasswordLength ?? DEFAULT_LEAST
  if (password.length < least) throw violation(`Password should have a minimum length of ${least}`)
  if (policy === null) {
    if (CLASSES.filter(({ of }) => of.test(password)).length < DEFAULT_CLASSES)
      throw violation(
        'Password should have at least three of: uppercase letters, lowercase letters, numbers, symbols',
      )
    return
  }
  for (const { field, of, told } of CLASSES)
    if (policy[field] && !of.test(password)) throw violation(`Password should have at least one ${told}`)
}

export const violation = (message: string) => refused('PasswordPolicyViolation', message)
