// That hostile requests cost no more than their bytes: steps are counted, not timed.
import { beforeAll, describe, expect, it } from 'vitest'
import { checkInput } from '../../../src/server/calls/check-input.ts'
import { decodeInput } from '../../../src/server/protocol/decode-input.ts'
import { ProtocolError } from '../../../src/server/protocol/protocol-error.ts'
import { readPairs, treeOf } from '../../../src/server/protocol/read-form.ts'
import {
  membersIn,
  operationIn,
  SERVICES,
  type Service,
  type Shape,
} from '../../../src/server/protocol/shapes.ts'
import { IS_WHOLE } from '../../sample-size.ts'
import { countedSteps } from './counted-steps.ts'

interface Taken {
  readonly service: Service
  readonly operation: string
  /** `Tags.member.N.Key`, `PolicyArns.member.N.arn`, `UserName`. */
  readonly names: readonly string[]
}

/** Names of forms that say something of a shape, with `N` where a number stands. */
function namesOf(service: Service, shape: Shape, name: string, depth = 0): readonly string[] {
  if (typeof shape === 'string' || depth > 3) return [name]
  if ('secret' in shape) return namesOf(service, shape.secret, name, depth)
  if ('structure' in shape)
    return Object.entries(membersIn(service, shape.structure)).flatMap(([member, inner]) =>
      namesOf(service, inner, `${name}.${member}`, depth + 1),
    )
  if ('list' in shape) return namesOf(service, shape.list, `${name}.member.N`, depth + 1)
  return [`${name}.entry.N.key`, ...namesOf(service, shape.value, `${name}.entry.N.value`, depth + 1)]
}

const TAKEN: readonly Taken[] = SERVICES.flatMap((service) =>
  Object.entries(service.model.operations).flatMap(([operation, { input }]) =>
    input === null
      ? []
      : [
          {
            service,
            operation,
            names: Object.entries(membersIn(service, input)).flatMap(([member, shape]) =>
              namesOf(service, shape, member),
            ),
          },
        ],
  ),
)

/** Of a sample each kind of form is sent to a part of the operations, and each operation meets some kinds. */
const PARTS = IS_WHOLE ? 1 : 4

const numbered = (name: string, number: number | string) => name.replaceAll('N', String(number))
const times = <T>(size: number, make: (number: number) => T): readonly T[] =>
  Array.from({ length: size }, (_, number) => make(number + 1))
const listed = ({ names }: Taken) => names.filter((name) => /\.N\b/.test(name))
const of = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`

/** Forms of one operation, of a size. */
const HOSTILE: Readonly<Record<string, (taken: Taken, size: number) => string>> = {
  'indexes that are none': (taken, size) =>
    times(size, (number) => listed(taken).map((name) => of(numbered(name, 999_990_000 + number), '')))
      .flat()
      .join('&'),
  'long lists of items with little in them': (taken, size) =>
    times(size, (number) => listed(taken).map((name) => of(numbered(name, number), '')))
      .flat()
      .join('&'),
  'lists without their first items': (taken, size) =>
    times(size, (number) => listed(taken).map((name) => of(numbered(name, 10_001 - number), 'a')))
      .flat()
      .join('&'),
  'names of prototypes': (taken, size) =>
    times(size, (number) =>
      ['__proto__', 'constructor.prototype', 'toString'].flatMap((name) => [
        of(`${name}.${number}`, 'a'),
        ...taken.names.slice(0, 2).map((each) => of(`${numbered(each, number)}.${name}`, 'a')),
      ]),
    )
      .flat()
      .join('&'),
  'names that go deep': (taken, size) =>
    of(times(size, () => numbered(taken.names[0] ?? 'a', 1)).join('.'), 'a'),
  'names that nobody knows': (_, size) =>
    times(size, (number) => of(`A${number}.member.1.B${number}`, 'a')).join('&'),
  'a name that is given many times': (taken, size) =>
    times(size, () => of(numbered(taken.names.at(-1) ?? 'a', 1), 'a')).join('&'),
  'values that are long': ({ names }, size) =>
    names.map((name) => of(numbered(name, 1), '/a-!'.repeat(size * 4))).join('&'),
  'values that are short': ({ names }, size) =>
    times(size, (number) => names.map((name) => of(numbered(name, number), '!')))
      .flat()
      .join('&'),
  'percent signs': ({ names }, size) => `${names[0] ?? 'a'}=${'%41%'.repeat(size)}`,
  'nothing but separators': (_, size) => '&=.'.repeat(size),
}

function worked({ service, operation }: Taken, form: string): void {
  try {
    checkInput(
      service,
      operation,
      decodeInput(service, operationIn(service, operation)?.input ?? null, treeOf(readPairs(form))),
    )
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    // What is refused is told in few words.
    told = Math.max(told, error.message.length)
  }
}
let told = 0

/** Beside what every call costs: its constants, and the members that it could have had. */
const PER_CALL = 300
const PER_BYTE = 2
const MOST_TOLD = 10_000

describe('steps grow as bytes do, whatever is sent', () => {
  // What is optimized, or is compiled first, counts the same; all of it has to be loaded.
  beforeAll(() => {
    for (const taken of TAKEN) worked(taken, of(numbered(taken.names[0] ?? 'a', 1), 'a'))
  })

  it.each(Object.keys(HOSTILE))('%s', async (kind) => {
    const first = Object.keys(HOSTILE).indexOf(kind)
    const taken = TAKEN.filter((_, at) => (at + first) % PARTS === 0)
    const make = HOSTILE[kind]
    if (make === undefined) throw new Error(kind)
    told = 0
    const shares: number[] = []
    for (const size of [8, 64]) {
      const forms = taken.map((each) => [each, make(each, size)] as const)
      const bytes = forms.reduce((sum, [, form]) => sum + form.length, 0)
      const steps = await countedSteps(() => {
        for (const [each, form] of forms) worked(each, form)
      })
      expect(steps).toBeGreaterThan(taken.length)
      expect(steps).toBeLessThan(bytes * PER_BYTE + taken.length * PER_CALL)
      shares.push(steps / bytes)
    }
    const [few = 0, many = 0] = shares
    expect(many).toBeLessThan(1.5 * few)
    expect(told).toBeLessThan(MOST_TOLD)
  })
})
