import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../../src/diagnostics/index.ts'
import { isUnknown, type StateDocument } from '../../../src/model/index.ts'
import { shown } from '../tfplan/read-plan.ts'
import { accountIn, readTemplate } from './read-template.ts'

const folder = join(import.meta.dirname, 'fixtures')

/** Everything that is read of a template, with where it stands in it. */
function summary(file: string, parameters: Readonly<Record<string, string>>): string {
  const texts = new SourceTexts()
  const { estate, findings } = readTemplate(readFileSync(join(folder, file), 'utf8'), {
    file,
    parameters,
    texts,
  })
  const { entities } = accountIn(estate)
  const placed = (document: StateDocument | null) => {
    if (document === null) return null
    const span = isUnknown(document) ? document.place : document.located
    const line = span === null ? null : (texts.positionAt(span.file, span.start)?.line ?? null)
    return { line: span?.file === file ? line : 'of its own', says: shown(document) }
  }
  const read = {
    roles: [...entities.role.values()].map((role) => ({
      arn: role.arn,
      trust: placed(role.trustPolicy),
      managed: role.managedPolicies,
      inline: [...role.inlinePolicies].map(([name, document]) => [name, placed(document)]),
    })),
    resources: [...estate.resources.values()].map(({ arn, policy, tags, publicAccessBlock }) => ({
      arn,
      policy: placed(policy),
      tags: [...tags],
      publicAccessBlock,
    })),
    findings: findings.map(({ code, message, span }) => ({
      code,
      message,
      line: span == null ? null : texts.positionAt(span.file, span.start)?.line,
    })),
  }
  return `${JSON.stringify(read, null, 2)}\n`
}

describe('a whole template', () => {
  it.each([
    ['site.template.json', {}, 'site'],
    ['orders.sam.yaml', {}, 'orders'],
    ['orders.sam.yaml', { Stage: 'prod', AuditAccount: '444455556666' }, 'orders-prod'],
  ])('is read as its golden file says: %s %j', (file, parameters, golden) =>
    expect(summary(file, parameters)).toMatchFileSnapshot(join(folder, `${golden}.golden.json`)),
  )
})
