import { beforeAll, describe, expect, it } from 'vitest'
import { evaluatorWasm } from '#generated/evaluator-wasm'
import {
  BLOCK_HEADER_SIZE,
  CONTEXT_NEEDED,
  KINDS,
  MALFORMED,
  NONE,
  OK,
  OUT_OF_MEMORY,
  PENDING,
  PROGRAM_VERSION_AT,
  WIRE_VERSION,
} from '../../assembly/wire.ts'
import { BlockBuilder } from '../../src/evaluator/module/block.ts'
import { webAssembly } from '../../src/evaluator/module/web-assembly.ts'
import { ProgramBuilder } from '../../src/evaluator/program/program-builder.ts'
import { questionOf } from './ask.ts'
import { Random, randomCase } from './random-cases.ts'
import { SEED } from './seed.ts'

interface Module {
  readonly memory: { readonly buffer: ArrayBuffer }
  wireVersion(): number
  reserveProgram(size: number): number
  loadProgram(size: number): number
  reserveBlock(size: number): number
  registerBlock(size: number): number
  openBlock(size: number): number
  decide(number: number): number
  decideAll(): number
  explain(number: number, mode: number): number
  decideEveryone(number: number): number
}

let compiled: Awaited<ReturnType<typeof webAssembly.compile>>
beforeAll(async () => {
  compiled = await webAssembly.compile(evaluatorWasm())
})

const fresh = async (): Promise<Module> =>
  (await webAssembly.instantiate(compiled, {})).exports as unknown as Module

interface Sound {
  readonly program: Uint8Array
  /** What requests name by number. */
  readonly registered: Uint8Array
  readonly requests: Uint8Array
}

/** A program of some random policies, whom it is about, and a block that asks. */
function soundBytes(random: Random): Sound {
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
  const someKeys = (block: BlockBuilder): readonly [number, number] => {
    const first = block.keyCount
    for (let number = 0; number < builder.keys.size; number += 2) block.addKey(number, ['alice', '10'])
    return [first, block.keyCount - first]
  }
  const registered = new BlockBuilder()
  registered.addSet([{ code: 0, numbers: policies.slice(0, 3) }])
  registered.addSet([{ code: 5, numbers: policies.slice(3) }])
  registered.addAction('s3:getobject', builder.serviceNumber('s3'), 0, 0, 0)
  registered.addAction('s3:listallmybuckets', builder.serviceNumber('s3'), 4, 1, 2)
  registered.addResource(1, someKeys(registered))
  registered.addContext(someKeys(registered))
  for (let kind = 0; kind < KINDS; kind++)
    registered.addPrincipal({
      kind,
      flags: 2,
      principal: 'arn:aws:iam::111122223333:user/alice',
      base: '',
      account: '111122223333',
      partition: 'aws',
      keys: someKeys(registered),
      set: 0,
    })
  const requests = new BlockBuilder()
  requests.addContext(someKeys(requests))
  for (let index = 0; index < 4; index++)
    requests.addRequest(
      index,
      index % 2 === 0 ? NONE : 0,
      index % 2,
      index === 3 ? '*' : 'arn:aws:s3:::data/alice/x',
      [NONE, 0, 1, PENDING][index] ?? NONE,
      index === 2 ? '111122223333' : '',
    )
  return { program: builder.encode(), registered: written(registered), requests: written(requests) }
}

function written(block: BlockBuilder): Uint8Array {
  const room = new Uint8Array(block.size)
  const words = new Uint32Array(room.buffer, 0, room.length >>> 2)
  expect(block.writeTo({ bytes: room, words, at: 0 })).toBe(true)
  return room
}

function run(module: Module, { program, registered, requests }: Sound): number {
  const at = module.reserveProgram(program.length)
  if (at === 0) return OUT_OF_MEMORY
  new Uint8Array(module.memory.buffer).set(program, at)
  const loaded = module.loadProgram(program.length)
  if (loaded !== OK) return loaded
  for (const [bytes, take] of [
    [registered, module.registerBlock],
    [requests, module.openBlock],
  ] as const) {
    const blockAt = module.reserveBlock(bytes.length)
    if (blockAt === 0) return OUT_OF_MEMORY
    new Uint8Array(module.memory.buffer).set(bytes, blockAt)
    const code = take(bytes.length)
    if (code !== OK) return code
  }
  const decided = module.decideAll()
  for (let number = 0; number < decided; number++) {
    expect(module.explain(number, number % 2)).toBeGreaterThanOrEqual(OUT_OF_MEMORY)
    expect(module.decideEveryone(number)).toBeGreaterThanOrEqual(OUT_OF_MEMORY)
  }
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
    expect(run(await fresh(), soundBytes(new Random(SEED)))).toBe(OK)
  })

  it('answers malformed before there is a program or a block', async () => {
    const module = await fresh()
    expect(module.reserveBlock(64)).toBe(0)
    expect(module.registerBlock(64)).toBe(MALFORMED)
    expect(module.openBlock(64)).toBe(MALFORMED)
    expect(module.decide(0)).toBe(MALFORMED)
    expect(module.explain(0, 0)).toBe(MALFORMED)
    expect(module.decideEveryone(0)).toBe(MALFORMED)
    expect(module.decideAll()).toBe(0)
    expect(module.loadProgram(4096)).toBe(MALFORMED)
    expect(module.reserveProgram(0xffffffff)).toBe(0)
  })

  it('refuses another version, a wrong size, and more than was reserved', async () => {
    const sound = soundBytes(new Random(SEED + 1))
    const other = sound.program.slice()
    new DataView(other.buffer).setUint32(PROGRAM_VERSION_AT, WIRE_VERSION + 1, true)
    const module = await fresh()
    expect(run(module, { ...sound, program: other })).toBe(MALFORMED)
    expect(run(module, { ...sound, program: sound.program.slice(0, -1) })).toBe(MALFORMED)
    expect(run(module, { ...sound, requests: sound.requests.slice(0, BLOCK_HEADER_SIZE) })).toBe(MALFORMED)
    expect(run(module, sound)).toBe(OK)
    expect(module.loadProgram(sound.program.length + 1)).toBe(MALFORMED)
    expect(module.decide(0)).toBe(MALFORMED)
  })

  it('refuses a request past the last one, and a block of requests as something to keep', async () => {
    const sound = soundBytes(new Random(SEED + 2))
    const module = await fresh()
    expect(run(module, sound)).toBe(OK)
    expect(module.decide(4)).toBe(MALFORMED)
    expect(module.decide(0xffffffff)).toBe(MALFORMED)
    expect(module.decide(3)).toBeGreaterThanOrEqual(0)
    expect(module.decide(3)).toBeLessThanOrEqual(CONTEXT_NEEDED)
    expect(run(module, { ...sound, registered: sound.requests })).toBe(MALFORMED)
  })

  it(`never traps on mutated bytes (seed ${SEED})`, { timeout: 120_000 }, async () => {
    const random = new Random(SEED)
    const module = await fresh()
    const answers = { ok: 0, malformed: 0 }
    for (let round = 0; round < 60; round++) {
      const sound = soundBytes(random)
      for (let mutation = 0; mutation < 200; mutation++) {
        const hurt = random.pick(['program', 'registered', 'requests'] as const)
        const code = run(module, { ...sound, [hurt]: mutate(random, sound[hurt]) })
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
      expect(run(module, { program: noise, registered: noise, requests: noise })).toBe(MALFORMED)
    }
  })
})
