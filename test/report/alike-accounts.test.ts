import { describe, expect, it } from 'vitest'
import { accountsText } from '../../src/report/plans/alike-accounts.ts'

const account = (name: string, id: string) => ({ name, id })
const production = account('production', '111122223333')
const staging = account('staging', '444455556666')
const sandbox = account('sandbox', '777788889999')

const plan = ({ name, id }: typeof production, change = 'ecs:DeleteService') => ({
  account: { name, id },
  text: `${name} (${id}): 1 to update\n\n~ role deployer  ${name}/roles.yaml:3\n    + Action: ${change}\n\n1 to update; ${name.length} unchanged`,
})

describe('several accounts', () => {
  it('in which the same changes are told once, with their names', () => {
    const text = accountsText([plan(production), plan(staging), plan(sandbox)])
    expect(text).toBe(
      `${plan(production).text}\n\nthe same, but for ids and places, of staging (444455556666), sandbox (777788889999)`,
    )
  })
  it('are told one by one where anything else differs', () => {
    const parts = [plan(production), plan(staging, 'ecs:CreateService')]
    expect(accountsText(parts)).toBe(parts.map(({ text }) => text).join('\n\n'))
  })
  it('are told one by one where there is little to tell', () => {
    const parts = [production, staging].map((each) => ({
      account: each,
      text: `${each.name} (${each.id})\n\nno changes`,
    }))
    expect(accountsText(parts)).toBe(parts.map(({ text }) => text).join('\n\n'))
  })
})
