import { parseDate } from '../../../policy/condition-values.ts'
import { OPERATORS } from '../../../policy/operators.ts'
import { comesByService, VIA_SERVICE } from '../../keys/sending-keys.ts'
import type { Question } from '../../question.ts'
import { type Candidates, LAST_DATE, MOST_VALUES, type Tests } from './open-keys.ts'
import type { Texts } from './open-texts.ts'
import { numbersBetween } from './values-between.ts'

/*
 * How a request is sent, where a question leaves it open: by way of which services, and when. `aws:CurrentTime` and
 * `aws:EpochTime` tell of one moment.
 */

type Context = Question['request']['context']

const CURRENT = 'aws:currenttime'
const EPOCH = 'aws:epochtime'

/** Unless the context that was given says so, a request isn't taken to be sent without a service between. */
export function withOpenSending(question: Question, given: Context): Question {
  const isOpen = (key: string) => key.toLowerCase() === VIA_SERVICE.toLowerCase()
  if ([...given.keys()].some((key) => isOpen(key) || comesByService(key.toLowerCase()))) return question
  const context = new Map([...question.request.context].filter(([key]) => !isOpen(key)))
  return { ...question, request: { ...question.request, context } }
}

/** Moments on each side of every test of either key, and between them, from `notBefore` on; null: none is tested. */
export function momentsFor(
  byKey: ReadonlyMap<string, Tests>,
  notBefore: Date,
  textsOf: Texts,
): Candidates | null {
  const tests = [byKey.get(CURRENT), byKey.get(EPOCH)].filter((each) => each !== undefined)
  const [first] = tests
  if (first === undefined) return null
  const start = notBefore.getTime()
  const moments = new Set([start])
  const bounds = new Set([start])
  for (const { key, conditions } of tests)
    for (const text of conditions.flatMap(({ values }) => values).flatMap(textsOf)) {
      // Numbers are compared with the seconds of `aws:EpochTime`, however they are written.
      const time = parseDate(text) ?? Number(text) * 1000
      if (!Number.isFinite(time) || Math.abs(time) > LAST_DATE) continue
      for (const shift of [-1000, 0, 1000]) if (time + shift >= start) moments.add(time + shift)
      for (const bound of key.toLowerCase() === EPOCH ? secondsAround(time) : [time])
        if (bound >= start) bounds.add(bound)
    }
  for (const bound of bounds) moments.add(bound)
  for (const moment of numbersBetween(bounds, moments)) moments.add(Math.floor(moment))
  const chosen = [...moments].slice(0, MOST_VALUES)
  return {
    key: CURRENT,
    values: chosen.map((time) => [new Date(time).toISOString().replace('.000Z', 'Z')]),
    areComplete:
      moments.size <= MOST_VALUES &&
      tests.every(({ isEndless }) => isEndless !== true) &&
      tests
        .flatMap(({ conditions }) => conditions)
        .every(({ operator }) => /^(?:date|number)$/.test(OPERATORS[operator].family)),
  }
}

/** Beginnings of the seconds at which a test of whole seconds can turn. @param time in milliseconds */
const secondsAround = (time: number): readonly number[] =>
  [Math.floor(time / 1000), Math.ceil(time / 1000), Math.floor(time / 1000) + 1].map(
    (second) => second * 1000,
  )

/** A context that is tried, with its moment under the keys that tell it. */
export function withMoment(context: Context, byKey: ReadonlyMap<string, Tests>): Context {
  const [moment] = context.get(CURRENT) ?? []
  if (moment === undefined) return context
  const told = new Map([...context].filter(([key]) => key !== CURRENT))
  const [current, epoch] = [byKey.get(CURRENT), byKey.get(EPOCH)]
  if (current !== undefined) told.set(current.key, [moment])
  if (epoch !== undefined) told.set(epoch.key, [String(Math.floor(Date.parse(moment) / 1000))])
  return told
}
