import { readFileSync } from 'node:fs'
import type { PolicyDocument } from '../../src/model/index.ts'

/** A policy, and whether AWS's documentation calls it public. */
export interface PublicCase {
  readonly name: string
  /** A resource's ARN, or `role`: the policy is a role's trust policy. */
  readonly attachedTo: string
  readonly policy: PolicyDocument
  readonly public: boolean
  /** The page, by its title, and why. */
  readonly source: string
  readonly why?: string
}

/** @param file beside this one */
export const casesOf = (file: string): readonly PublicCase[] =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
