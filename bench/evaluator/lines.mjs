// A workload as lines of bytes that name sets of policies, and two ways to answer them.
import { createLineDecider } from '../../dist/src/evaluator/batch/line-decider.js'
import { CarefulEvaluator } from './careful/evaluator.mjs'

const LINE_FEED = 0x0a
/** So many bytes come at a time, as the command reads them from a file. */
const CHUNK = 256 * 1024
const DECISIONS = ['allow', 'explicit_deny', 'implicit_deny']

const documentsOf = (policies) => policies.map(({ document }) => document)

/** The workload's requests as lines, and the sets of policies that they name: one for each list of layers. */
function linesOf({ principals, questions }) {
  const names = new Map(principals.map(({ layers }, number) => [layers, `set-${number}`]))
  const sets = new Map(
    principals.map(({ layers: { identity, boundary = [] } }, number) => [
      `set-${number}`,
      { identity: documentsOf(identity), boundary: documentsOf(boundary) },
    ]),
  )
  const lines = questions.map(({ layers, request }, number) => {
    const context = Object.fromEntries(
      [...request.context].map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
    )
    const line = { id: `${number}`, request: { ...request, context }, policies: names.get(layers) }
    return `${JSON.stringify(line)}\n`
  })
  return {
    sets,
    input: Buffer.from(lines.join('')),
    layersOf: new Map([...names].map(([layers, name]) => [name, layers])),
  }
}

/** The chunks of an input, each ending where a line does. */
function chunksOf(input) {
  const chunks = []
  for (let at = 0; at < input.length; ) {
    const end = at + CHUNK >= input.length ? input.length : input.lastIndexOf(LINE_FEED, at + CHUNK) + 1
    chunks.push(input.subarray(at, end))
    at = end
  }
  return chunks
}

/** What somebody would write who has the careful evaluator. */
function parsingAnswerer(workload, layersOf) {
  const careful = new CarefulEvaluator(workload.principals)
  return (chunk) => {
    let answers = ''
    for (const text of chunk.toString().split('\n')) {
      if (text === '') continue
      const { id, request, policies } = JSON.parse(text)
      const context = new Map()
      for (const key in request.context) {
        const value = request.context[key]
        context.set(key, Array.isArray(value) ? value : [value])
      }
      const decision = careful.decide({
        layers: layersOf.get(policies),
        request: {
          principal: request.principal,
          action: request.action,
          resource: request.resource,
          context,
        },
      })
      answers += `${JSON.stringify({ id, decision: DECISIONS[decision] })}\n`
    }
    return Buffer.from(answers)
  }
}

/** @returns for each way a function that answers all lines */
export async function answerersFor(workload) {
  const { sets, input, layersOf } = linesOf(workload)
  const chunks = chunksOf(input)
  const decider = await createLineDecider({ sets })
  const careful = parsingAnswerer(workload, layersOf)
  return {
    size: input.length,
    parsing: () => chunks.map(careful),
    ours: () => chunks.map((chunk) => decider.decideLines(chunk).answers),
  }
}
