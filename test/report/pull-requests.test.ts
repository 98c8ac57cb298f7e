import { beforeAll, describe, expect, test } from 'vitest'
import { type AccessAnalyzer, createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../src/catalog/managed-policies.ts'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredEstate } from '../../src/checks/declared-estate.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { accessChanges } from '../../src/cli/questions/access-changes.ts'
import { textWidth } from '../../src/diagnostics/index.ts'
import { planText } from '../../src/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { factChanges } from '../../src/plan/facts.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { fitted } from '../../src/report/layout/fitted.ts'
import { accountsText } from '../../src/report/plans/alike-accounts.ts'
import type { TextOptions } from '../../src/report/plans/plan-text.ts'
import { accessChangesText } from '../../src/report/plans/previewed-plan.ts'
import { type Files, PULL_REQUESTS, type PullRequest } from './pull-requests.ts'

const NOW = new Date('2026-06-01T12:00:00Z')

let facts: ManagedPolicyFacts
let analyzer: AccessAnalyzer
beforeAll(async () => {
  facts = await loadManagedPolicies()
  analyzer = await createAccessAnalyzer({ documentOf: (arn) => facts.document(arn), now: NOW })
})

function load(files: Files) {
  const loaded = loadProject({ kinds: MANIFEST_KINDS, files: new Map(Object.entries(files)), facts })
  const errors = loaded.project.diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return loaded
}

/** The plan of a pull request on what its base declares, as a reviewer reads it. */
async function textOf({ before, after }: PullRequest): Promise<(options: TextOptions) => string> {
  const [old, recent] = [load(before), load(after)]
  const ids = recent.project.accounts.map(({ account }) => account.id)
  const diffs = analyzer.diffEstates(declaredEstate(old.project), declaredEstate(recent.project), ids)
  const projectAccounts = new Set(ids)
  const parts = await Promise.all(
    recent.project.accounts.map(async ({ account, name, desired }) => {
      const earlier = old.project.accounts.find((each) => each.name === name)?.desired
      const diff = diffs.get(account.id)
      if (desired === null || earlier == null || diff === undefined) throw new Error(`no ${name}`)
      const { plan } = planChanges({
        kinds: PLAN_KINDS,
        settings: SETTING_PLANS,
        desired,
        observed: declaredState(earlier),
        declaredBefore: declarationsOf(earlier, PLAN_KINDS),
        scopes: recent.project.scopes,
        guard: recent.project.guard,
        quotas: DEFAULT_QUOTAS,
        facts: factChanges(old.project, recent.project, { account, projectAccounts }),
      })
      const states = { before: declaredState(earlier), after: declaredState(desired) }
      const changes = await accessChanges(diff, states)
      const shown = { ...changes, context: { ...changes.context, earlier: old.texts } }
      return { account: { id: account.id, name }, plan, shown }
    }),
  )
  return (options) =>
    accountsText(
      parts.map(({ account, plan, shown }) => ({
        account,
        text: planText(plan, recent.texts, {
          ...options,
          access: accessChangesText(shown, recent.texts, options),
        }),
      })),
    )
}

const fileOf = (name: string, layout: string) =>
  `golden/pull-requests/${name.replaceAll(' ', '-')}.${layout}.txt`

const WIDTHS = [60, 100, 160]

describe('a reviewer reads', () => {
  test.each(PULL_REQUESTS)('$name', async (pullRequest) => {
    const text = await textOf(pullRequest)
    await expect(`${text({ color: false })}\n`).toMatchFileSnapshot(fileOf(pullRequest.name, 'piped'))
    for (const width of WIDTHS) {
      const laid = fitted(text({ color: false, width }), width)
      await expect(`${laid}\n`).toMatchFileSnapshot(fileOf(pullRequest.name, String(width)))
      for (const line of laid.split('\n'))
        if (textWidth(line) > width) expect(line.trim().split(' '), `${width}: ${line}`).toHaveLength(1)
    }
  })
})
