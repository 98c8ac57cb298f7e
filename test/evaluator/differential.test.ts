import { describe, expect, it } from 'vitest'
import { requestProblem } from '../../src/evaluator/module/request-facts.ts'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { Question } from '../../src/evaluator/question.ts'
import { UnevaluablePolicyError } from '../../src/evaluator/unevaluable.ts'
import type { Given } from '../oracle/case.ts'
import { decideByOracle } from '../oracle/oracle.ts'
import { sampleOf } from '../sample-size.ts'
import { InvalidCaseError, questionOf } from './ask.ts'
import { Random, randomCase } from './random-cases.ts'
import { SEED } from './seed.ts'

const CASES = Number(process.env.EVALUATOR_FUZZ_CASES ?? sampleOf(12_000))
/** Cases decided together: their policies share one program. */
const BATCH = 250

describe('the evaluator and the oracle', () => {
  it(`decide ${CASES} random cases alike (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const random = new Random(SEED)
    const decisions = { allow: 0, explicit_deny: 0, implicit_deny: 0 }
    let refused = 0
    for (let done = 0; done < CASES; done += BATCH) {
      const evaluator = await createPolicyEvaluator()
      const asked: { readonly given: Given; readonly question: Question }[] = []
      while (asked.length < BATCH) {
        const given = randomCase(random)
        try {
          const question = questionOf(given)
          if (requestProblem(question.request) !== null)
            throw new InvalidCaseError(requestProblem(question.request) ?? '')
          evaluator.prepare([question.layers])
          asked.push({ given, question })
        } catch (error) {
          if (!(error instanceof InvalidCaseError || error instanceof UnevaluablePolicyError)) throw error
          refused++
        }
      }
      const decided = evaluator.evaluateMany(asked.map(({ question }) => question))
      for (const [index, { given, question }] of asked.entries()) {
        const expected = decideByOracle(given)
        const decision = decided[index]
        if (decision !== expected)
          throw new Error(
            `seed ${SEED}: the evaluator says ${decision}, the oracle ${expected}: ${JSON.stringify(given)}`,
          )
        decisions[expected]++
        // The way with reasons must not decide otherwise.
        if (index % 8 === 0) expect(evaluator.evaluate(question).decision).toBe(expected)
      }
    }
    console.info(`seed ${SEED}: ${JSON.stringify(decisions)}, ${refused} drawn cases refused as malformed`)
    // Random cases that all come to the same would prove little.
    for (const count of Object.values(decisions)) expect(count).toBeGreaterThan(CASES / 20)
  })
})
