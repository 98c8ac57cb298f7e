import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { evaluatorWasm } from '#generated/evaluator-wasm'
import * as wire from '../../assembly/wire.ts'
import { webAssembly } from '../../src/evaluator/module/web-assembly.ts'
import { operatorNumber } from '../../src/evaluator/program/operators.ts'
import { ProgramBuilder } from '../../src/evaluator/program/program-builder.ts'
import { CONDITION_OPERATORS, OPERATORS } from '../../src/policy/operators.ts'
import { parsePolicy } from '../../src/policy/parse.ts'

/** Operators of the wire format, by number. */
const NUMBERS = new Map(
  Object.entries(wire).flatMap(([name, value]) =>
    name.startsWith('OPERATOR_') && typeof value === 'number' ? [[value, name] as const] : [],
  ),
)

interface Module {
  readonly memory: { readonly buffer: ArrayBuffer }
  reserveProgram(size: number): number
  loadProgram(size: number): number
}

/** @returns what the module says of a program whose only condition has this operator */
async function loaderOf(wasm: Uint8Array<ArrayBuffer>): Promise<(operator: number) => number> {
  const { exports } = await webAssembly.instantiate(await webAssembly.compile(wasm), {})
  const module = exports as unknown as Module
  const Statement = [
    {
      Effect: 'Allow',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    },
  ]
  const { policy } = parsePolicy({ Statement }, null, 'identity', 'evaluate')
  if (policy === null) throw new Error('the test has a malformed policy')
  const builder = new ProgramBuilder()
  builder.addPolicy(policy, 'identity')
  const sound = builder.encode()
  const condition = new DataView(sound.buffer).getUint32(wire.PROGRAM_CONDITIONS, true)
  return (operator) => {
    const bytes = sound.slice()
    const view = new DataView(bytes.buffer)
    view.setUint32(condition + wire.CONDITION_OPERATOR, operator, true)
    // Values of one operator mean nothing to another.
    view.setUint32(condition + wire.CONDITION_VALUES + 4, 0, true)
    const at = module.reserveProgram(bytes.length)
    new Uint8Array(module.memory.buffer).set(bytes, at)
    return module.loadProgram(bytes.length)
  }
}

describe('operators of the module', () => {
  it('are those of the wire format; a program with any other number is malformed', async () => {
    const load = await loaderOf(evaluatorWasm())
    const asked = [...Array(300).keys(), 0x7fffffff, 0x80000000, 0xffffffff, 0x80000001]
    expect(asked.filter((number) => load(number) === wire.OK)).toEqual(
      [...NUMBERS.keys()].sort((a, b) => a - b),
    )
    expect(asked.every((number) => [wire.OK, wire.MALFORMED].includes(load(number)))).toBe(true)
  })

  it('a number that has its place in the wire format alone is malformed', async () => {
    const free = Math.max(...NUMBERS.keys()) + 1
    const wasm = await compiledWith((name, text) =>
      name === 'assembly/wire.ts'
        ? text.replace(/export const OPERATOR_NULL = .*\n(?:export const OPERATORS = .*\n)?/, (found) => {
            const toy = `export const OPERATOR_TOY = ${free}\n`
            return `${found.replace(/(OPERATORS = ).*/, `$1${free + 1}`)}${toy}`
          })
        : text,
    )
    expect((await loaderOf(wasm))(free)).toBe(wire.MALFORMED)
  })

  it('each operator of IAM has one, and those that compare otherwise have another', () => {
    const told = new Map<string, number>()
    for (const operator of CONDITION_OPERATORS) {
      const meaning = OPERATORS[operator]
      const number = operatorNumber(meaning)
      expect(NUMBERS.has(number), operator).toBe(true)
      const test = `${meaning.family} ${'comparison' in meaning ? meaning.comparison : ''}`
      expect(told.get(test) ?? number, operator).toBe(number)
      told.set(test, number)
    }
    expect(new Set(told.values()).size).toBe(told.size)
    expect(told.size).toBe(NUMBERS.size)
  })
})

/** The module as it would be with other sources. */
async function compiledWith(
  changed: (name: string, text: string) => string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc } = await import('assemblyscript/asc')
  const root = fileURLToPath(new URL('../../', import.meta.url))
  let wasm: Uint8Array<ArrayBuffer> | null = null
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--enable',
      'simd',
      '-O0',
      '--outFile',
      'toy.wasm',
    ],
    {
      readFile: (name) => {
        try {
          return changed(name, readFileSync(`${root}${name}`, 'utf8'))
        } catch {
          return null
        }
      },
      writeFile: (_, contents) => {
        wasm = Uint8Array.from(contents as Uint8Array)
      },
      listFiles: () => [],
    },
  )
  if (error !== null || wasm === null) throw new Error(`it doesn't compile: ${stderr.toString()}`)
  return wasm
}
