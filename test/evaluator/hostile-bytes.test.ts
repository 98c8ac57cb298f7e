import { beforeAll, describe, expect, it } from 'vitest'
import { evaluatorWasm } from '#generated/evaluator-wasm'
import {
  BLOCK_HEADER_SIZE,
  DECISION_IMPLICIT_DENY,
  MALFORMED,
  OK,
  OUT_OF_MEMORY,
  PROGRAM_VERSION_AT,
  WIRE_VERSION,
} from '../../assembly/wire.ts'
import { BlockBuilder } from '../../src/evaluator/block.ts'
import { ProgramBuilder } from '../../src/evaluator/program/program-builder.ts'
import { webAssembly } from '../../src/evaluator/web-assembly.ts'
import { questionOf } from './ask.ts'
import { Random, randomCase } from './random-cases.ts'

const SEED = Date.now() % 1_000_000_000

interface Module {
  readonly memory: { readonly buffer: ArrayBuffer }
  wireVersion(): number
  reserveProgram(size: number): number
  loadProgram(size: number): number
  reserveBlock(size: number): number
  openBlock(size: number): number
  decide(number: number): number
  decideAll(): number
  explain(number: number): number
}

let compiled: Awaited<ReturnType<typeof webAssembly.compile>>
beforeAll(async () => {
  compiled = await webAssembly.compile(evaluatorWasm())
})

const fresh = async (): Promise<Module> =>
  (await webAssembly.instantiate(compiled, {})).exports as unknown as Module

/** A program of some random policies, and a block that asks about them. */
function soundBytes(random: Random): { readonly program: Uint8Array; readonly block: Uint8Array } {
  const builder = new ProgramBuilder()
  const policies: number[] = []
  while (policies.length < 6) {
    try {
      const { layers } = questionOf(randomCase(random))
      for (const { policy } of layers.identity ?? []) policies.push(builder.addPolicy(policy, 'identity'))
      if (layers.resource != null) policies.push(builder.addPolicy(layers.resource.policy, 'resource'))
    } catch {
      // A case whose policies are malformed: draw another.
    }
  }
  const block = new BlockBuilder('exact')
  for (let index = 0; index < 4; index++) {
    const first = block.groupCount
    block.addGroup(0, policies.slice(0, 3))
    block.addGroup(5, policies.slice(3))
    const key = block.keyCount
    for (let number = 0; number < builder.keys.size; number += 2) block.addKey(number, ['alice', '10'])
    block.addRequest(
      1,
      index,
      [
        's3:GetObject',
        'arn:aws:s3:::data/alice/x',
        '',
        '',
        'arn:aws:iam::111122223333:user/alice',
        '',
        '111122223333',
      ],
      [first, 2],
      [key, block.keyCount - key],
    )
  }
  const room = new Uint8Array(block.size)
  expect(block.writeTo({ bytes: room, words: new Uint32Array(room.buffer, 0, room.length >>> 2) })).toBe(true)
  return { program: builder.encode(), block: room }
}

function run(module: Module, program: Uint8Array, block: Uint8Array): number {
  const at = module.reserveProgram(program.length)
  if (at === 0) return OUT_OF_MEMORY
  new Uint8Array(module.memory.buffer).set(program, at)
  const loaded = module.loadProgram(program.length)
  if (loaded !== OK) return loaded
  const blockAt = module.reserveBlock(block.length)
  new Uint8Array(module.memory.buffer).set(block, blockAt)
  const opened = module.openBlock(block.length)
  if (opened !== OK) return opened
  const decided = module.decideAll()
  for (let number = 0; number < decided; number++)
    expect(module.explain(number)).toBeGreaterThanOrEqual(OUT_OF_MEMORY)
  return OK
}

/** Flips bits, writes numbers that hurt, cuts off. */
function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice(0, random.chance(0.1) ? random.below(bytes.length) : bytes.length)
  const words = new DataView(changed.buffer)
  for (let left = 1 + random.below(4); left > 0 && changed.length >= 8; left--) {
    const at = random.below(changed.length)
    if (random.chance(0.4)) changed[at] = random.below(256)
    else
      words.setUint32(
        Math.min(at & ~3, changed.length - 4),
        random.pick([
          0,
          1,
          7,
          0x7fffffff,
          0xffffffff,
          0x80000000,
          changed.length,
          changed.length - 1,
          random.below(64),
        ]),
        true,
      )
  }
  return changed
}

describe('the module', () => {
  it('has no imports and speaks the version of the wire format', async () => {
    const { WebAssembly } = globalThis as unknown as {
      WebAssembly: { Module: { imports(module: object): readonly unknown[] } }
    }
    expect(WebAssembly.Module.imports(compiled)).toEqual([])
    expect((await fresh()).wireVersion()).toBe(WIRE_VERSION)
  })

  it('takes what the host writes', async () => {
    const { program, block } = soundBytes(new Random(SEED))
    expect(run(await fresh(), program, block)).toBe(OK)
  })

  it('answers malformed before there is a program or a block', async () => {
    const module = await fresh()
    expect(module.reserveBlock(64)).toBe(0)
    expect(module.openBlock(64)).toBe(MALFORMED)
    expect(module.decide(0)).toBe(MALFORMED)
    expect(module.explain(0)).toBe(MALFORMED)
    expect(module.decideAll()).toBe(0)
    expect(module.loadProgram(4096)).toBe(MALFORMED)
    expect(module.reserveProgram(0xffffffff)).toBe(0)
  })

  it('refuses another version, a wrong size, and more than was reserved', async () => {
    const { program, block } = soundBytes(new Random(SEED + 1))
    const other = program.slice()
    new DataView(other.buffer).setUint32(PROGRAM_VERSION_AT, WIRE_VERSION + 1, true)
    const module = await fresh()
    expect(run(module, other, block)).toBe(MALFORMED)
    expect(run(module, program.slice(0, -1), block)).toBe(MALFORMED)
    expect(run(module, program, block.slice(0, BLOCK_HEADER_SIZE))).toBe(MALFORMED)
    expect(run(module, program, block)).toBe(OK)
    expect(module.loadProgram(program.length + 1)).toBe(MALFORMED)
    expect(module.decide(0)).toBe(MALFORMED)
  })

  it('refuses a request past the last one', async () => {
    const { program, block } = soundBytes(new Random(SEED + 2))
    const module = await fresh()
    expect(run(module, program, block)).toBe(OK)
    expect(module.decide(4)).toBe(MALFORMED)
    expect(module.decide(0xffffffff)).toBe(MALFORMED)
    expect(module.decide(3)).toBeGreaterThanOrEqual(0)
    expect(module.decide(3)).toBeLessThanOrEqual(DECISION_IMPLICIT_DENY)
  })

  it(`never traps on mutated bytes (seed ${SEED})`, async () => {
    const random = new Random(SEED)
    const module = await fresh()
    const answers = { ok: 0, malformed: 0 }
    for (let round = 0; round < 60; round++) {
      const { program, block } = soundBytes(random)
      for (let mutation = 0; mutation < 200; mutation++) {
        const hurtsProgram = random.chance(0.5)
        const code = run(
          module,
          hurtsProgram ? mutate(random, program) : program,
          hurtsProgram ? block : mutate(random, block),
        )
        if (code === OK) answers.ok++
        else answers.malformed++
      }
    }
    // Some changes only change a meaning; most break a number.
    expect(answers.ok).toBeGreaterThan(100)
    expect(answers.malformed).toBeGreaterThan(1000)
    // Nothing of all that makes it ask for much memory.
    expect(module.memory.buffer.byteLength).toBeLessThan(64 * 1024 * 1024)
  })

  it(`never traps on noise (seed ${SEED})`, async () => {
    const random = new Random(SEED)
    const module = await fresh()
    for (let round = 0; round < 2000; round++) {
      const noise = Uint8Array.from({ length: random.below(400) }, () => random.below(256))
      expect(run(module, noise, noise)).toBe(MALFORMED)
    }
  })
})
