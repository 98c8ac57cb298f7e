import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Decision, Given } from '../oracle/case.ts'
import { decisionIn, simulationOf } from './simulation.ts'

interface CorpusCase {
  readonly name: string
  readonly rule: number | string
  readonly source: string
  readonly given: Given
  readonly expect: Decision
}

const folder = new URL('../corpus/', import.meta.url)
const observed = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly CorpusCase[])
  .filter(({ source }) => /^observed/i.test(source))

const asked = observed.flatMap((each) => {
  const simulation = simulationOf(each.given)
  return 'args' in simulation ? [{ ...each, args: simulation.args }] : []
})

describe('what was observed on AWS', () => {
  it('are rules that can be asked again', () => {
    expect(new Set(observed.map(({ rule }) => rule))).toEqual(new Set([5, 24]))
    for (const rule of [5, 24]) expect(asked.filter((each) => each.rule === rule).length).toBeGreaterThan(0)
  })

  it('a case becomes a call of the simulator', () => {
    const { args } = asked.find(({ given }) => given.policies.resource != null) ?? { args: [] }
    expect(args.slice(0, 2)).toEqual(['iam', 'simulate-custom-policy'])
    expect(args).toEqual(
      expect.arrayContaining(['--policy-input-list', '--action-names', '--caller-arn', '--resource-policy']),
    )
    expect(
      simulationOf({ request: asked[0]?.given.request as Given['request'], policies: { scp: [[]] } }),
    ).toEqual({ leftOut: 'the simulator takes no layer scp' })
  })

  it.each<[string, Decision]>([
    ['allowed', 'allow'],
    ['explicitDeny', 'explicit_deny'],
    ['implicitDeny', 'implicit_deny'],
  ])('its answer %s is the decision %s', (answer, expected) => {
    expect(decisionIn(JSON.stringify({ EvaluationResults: [{ EvalDecision: answer }] }))).toBe(expected)
    expect(() => decisionIn('{}')).toThrow(TypeError)
  })

  // Needs credentials of AWS, and the network: only where somebody asks for it.
  it.skipIf(process.env.AWS_ORACLE !== '1').each(asked)(
    'AWS decides so (skipped without AWS_ORACLE=1): $rule: $name',
    ({ args, expect: expected }) => {
      expect(decisionIn(execFileSync('aws', args, { encoding: 'utf8' }))).toBe(expected)
    },
    60_000,
  )
})
