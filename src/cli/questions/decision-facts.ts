import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import type { OpenedProject } from '../opening/project.ts'

/** What decisions about a project go by, beside its YAML. */
export const decisionFacts = ({ facts }: Pick<OpenedProject, 'facts'>, now: Date): AccountFacts => ({
  documentOf: facts.document,
  now,
  // The catalogue takes a moment to load, and few projects declare tagged resources.
  openTagKeys: async () => (await import('../../catalog/resource-tag-keys.ts')).loadTagKeys(),
})
