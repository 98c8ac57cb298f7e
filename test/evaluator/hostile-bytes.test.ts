import { beforeAll, describe, expect, it } from 'vitest'
import { evaluatorWasm } from '#generated/evaluator-wasm'
import {
  BLOCK_HEADER_SIZE,
  CONTEXT_NEEDED,
  KINDS,
  MALFORMED,
  NAME_ACTION,
  NAME_ASKER,
  NAME_KEY,
  NAME_TEXT,
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
  registerNames(size: number): number
  reserveLines(size: number): number
  decideLines(size: number): number
  answersAddress(): number
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
  /** Of what is registered, and lines that ask by them. */
  readonly names: Uint8Array
  readonly lines: Uint8Array
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
  return {
    program: builder.encode(),
    registered: written(registered),
    requests: written(requests),
    names: Buffer.concat([
      nameOf(NAME_ASKER, 'alice', 'set', 0, NONE),
      nameOf(NAME_ASKER, 'bob', 'set', 1, 0),
      nameOf(NAME_ACTION, 's3:GetObject', '', 0, 0),
      nameOf(NAME_ACTION, 's3:ListAllMyBuckets', '', 1, 1),
      ...Array.from({ length: 2 + builder.keys.size }, (_, key) =>
        nameOf(NAME_KEY, `key:${key}`, '', key, key < builder.keys.size ? key : NONE),
      ),
    ]),
    lines: Buffer.from(linesBy(['alice', 'bob', 'carol'], builder.keys.size + 1)),
  }
}

function written(block: BlockBuilder): Uint8Array {
  const room = new Uint8Array(block.size)
  const words = new Uint32Array(room.buffer, 0, room.length >>> 2)
  expect(block.writeTo({ bytes: room, words, at: 0 })).toBe(true)
  return room
}

function nameOf(kind: number, text: string, more: string, first: number, second: number): Uint8Array {
  const name = Buffer.alloc((NAME_TEXT + text.length + more.length + 3) & ~3)
  for (const [at, word] of [kind, text.length, more.length, first, second].entries())
    name.writeUInt32LE(word, at * 4)
  name.write(text + more, NAME_TEXT)
  return name
}

const linesBy = (principals: readonly string[], keys: number): string =>
  principals
    .flatMap((principal) =>
      ['s3:GetObject', 's3:ListAllMyBuckets'].flatMap((action) =>
        ['arn:aws:s3:::data/alice/x', '*', 'nothing'].map((resource, id) => {
          const context = Object.fromEntries(
            Array.from({ length: keys }, (_, key) => [`key:${key}`, key % 2 === 0 ? 'alice' : ['10', 'x']]),
          )
          const request = { principal, action, resource, context }
          return `${JSON.stringify({ id: `${id}`, request, policies: 'set' })}\n`
        }),
      ),
    )
    .join('')

function run(module: Module, { program, registered, requests, names, lines }: Sound): number {
  const at = module.reserveProgram(program.length)
  if (at === 0) return OUT_OF_MEMORY
  new Uint8Array(module.memory.buffer).set(program, at)
  const loaded = module.loadProgram(program.length)
  if (loaded !== OK) return loaded
  for (const [bytes, take, reserve] of [
    [registered, module.registerBlock, module.reserveBlock],
    [names, module.registerNames, module.reserveBlock],
    [lines, module.decideLines, module.reserveLines],
    [requests, module.openBlock, module.reserveBlock],
  ] as const) {
    const blockAt = reserve(bytes.length)
    if (blockAt === 0) return OUT_OF_MEMORY
    new Uint8Array(module.memory.buffer).set(bytes, blockAt)
    const code = take(bytes.length)
    if (code !== OK) return code
    if (bytes === lines) expectAnswers(module, lines.length)
  }
  const decided = module.decideAll()
  for (let number = 0; number < decided; number++) {
    expect(module.explain(number, number % 2)).toBeGreaterThanOrEqual(OUT_OF_MEMORY)
    expect(module.decideEveryone(number)).toBeGreaterThanOrEqual(OUT_OF_MEMORY)
  }
  return OK
}

/** All lines were read, or so many left that no more were; answers and places lie in the memory. */
function expectAnswers(module: Module, size: number): void {
  const at = module.answersAddress() / 4
  const words = new Uint32Array(module.memory.buffer)
  const [read = 0, count = 0, answers = 0, answersSize = 0, left = 0, leftCount = 0] = words.subarray(
    at,
    at + 6,
  )
  expect(read).toBe(size)
  expect(answersSize).toBeLessThan(size)
  expect(answers + answersSize).toBeLessThan(module.memory.buffer.byteLength)
  expect(leftCount).toBeLessThanOrEqual(count)
  let before = 0
  for (let line = left / 4; line < left / 4 + leftCount * 5; line += 5) {
    const [start = 0, end = 0] = words.subarray(line, line + 2)
    expect([start >= before, end >= start, end < size]).toEqual([true, true, true])
    before = end + 1
  }
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

  it('answers lines whose names it was told, and leaves the others', async () => {
    const module = await fresh()
    const sound = soundBytes(new Random(SEED))
    expect(run(module, sound)).toBe(OK)
    new Uint8Array(module.memory.buffer).set(sound.lines, module.reserveLines(sound.lines.length))
    expect(module.decideLines(sound.lines.length)).toBe(OK)
    const header = new Uint32Array(module.memory.buffer, module.answersAddress(), 6)
    // One of three principals has no name, one of three resources is none; one action is another by the first key.
    expect([header[1], header[5]]).toEqual([18, 14])
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
    expect(module.reserveLines(64)).toBe(0)
    expect(module.decideLines(64)).toBe(MALFORMED)
    expect(module.registerNames(64)).toBe(MALFORMED)
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
        const hurt = random.pick(['program', 'registered', 'requests', 'names', 'lines'] as const)
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
      const all = { program: noise, registered: noise, requests: noise, names: noise, lines: noise }
      expect(run(module, all)).toBe(MALFORMED)
    }
    const sound = soundBytes(random)
    for (let round = 0; round < 500; round++) {
      const noise = Uint8Array.from({ length: 20 + random.below(400) }, () => random.below(256))
      expect(run(module, { ...sound, names: noise })).toBe(MALFORMED)
      expect(run(module, { ...sound, lines: Buffer.concat([noise, sound.lines]) })).toBe(OK)
    }
  })
})
