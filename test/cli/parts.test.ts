import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseDuration } from '../../src/cli/arguments/duration.ts'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { diagnosticsOf, stackOf } from '../../src/cli/output/failure.ts'
import { progressOn } from '../../src/cli/output/progress.ts'
import { showSignsOfLife, stillWorking, withSignOfLife } from '../../src/cli/output/sign-of-life.ts'
import type { Streams } from '../../src/cli/output/streams.ts'
import { DiagnosticError, errorOf } from '../../src/diagnostics/index.ts'
import { IamError } from '../../src/iam/service-error.ts'

describe('exit codes', () => {
  test('the first of 1, 5, 3, 4, 2, 0 wins, and a signal before all', () => {
    expect(exitCodeOf([])).toBe(0)
    expect(exitCodeOf([0, 2])).toBe(2)
    expect(exitCodeOf([2, 4])).toBe(4)
    expect(exitCodeOf([4, 3])).toBe(3)
    expect(exitCodeOf([3, 5])).toBe(5)
    expect(exitCodeOf([5, 1])).toBe(1)
    expect(exitCodeOf([1, 130])).toBe(130)
    expect(exitCodeOf([143, 0])).toBe(143)
  })
})

describe('durations', () => {
  test.each([
    ['0s', 0],
    ['0', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1.5s', 1500],
    ['1h', 3_600_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration('--lock-timeout', text)).toBe(milliseconds)
  })
  test.each(['', '5', 's', '-1s', '1d', '1 s', '1e9s', '99999999999s', '٣s'])('`%s` is none', (text) => {
    expect(() => parseDuration('--lock-timeout', text)).toThrow('cli.duration')
  })
})

describe('failures', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('a problem with the input stays as it is', () => {
    const problem = errorOf({ code: 'a.b', message: 'x' })
    expect(diagnosticsOf(new DiagnosticError(problem))).toEqual([problem])
    expect(stackOf(new DiagnosticError(problem))).toBeNull()
  })
  test('a refused call names its code', () => {
    expect(diagnosticsOf(new IamError('Throttling', 'Rate exceeded'))).toMatchObject([
      { code: 'target.call-failed', message: 'the target refused a call: Throttling: Rate exceeded' },
    ])
  })
  test('a defect is a short message, and its stack is there for the asking only', () => {
    const defect = new TypeError('x is not a function')
    expect(diagnosticsOf(defect)).toMatchObject([
      { code: 'internal', message: 'this is a defect of iam-sync: x is not a function' },
    ])
    vi.stubEnv('IAM_SYNC_DEBUG', '')
    expect(stackOf(defect)).toBeNull()
    vi.stubEnv('IAM_SYNC_DEBUG', '1')
    expect(stackOf(defect)).toContain('parts.test.ts')
    vi.unstubAllEnvs()
  })
})

describe('progress', () => {
  const streamsOf = (errIsTerminal: boolean) => {
    const written: string[] = []
    const streams: Streams = {
      out: () => {},
      outAll: async () => {},
      err: (text) => written.push(text),
      outIsTerminal: false,
      errIsTerminal,
      inIsTerminal: false,
      outColor: false,
      errColor: false,
      readerGone: new AbortController().signal,
      outWritten: async () => null,
    }
    return { streams, written }
  }
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const at = (times: readonly number[]) => {
    const clock = vi.spyOn(performance, 'now')
    for (const time of times) clock.mockReturnValueOnce(time)
  }

  test('is silent while the work is quick', () => {
    at([0, 100, 390])
    const { streams, written } = streamsOf(true)
    const progress = progressOn(streams, 'production', 10)
    progress.update(1, 'CreateUser alice')
    progress.update(2, 'CreateUser bob')
    progress.end()
    expect(written).toEqual([])
  })
  test('is a bar on a terminal, which goes away', () => {
    at([0, 500, 520, 600])
    const { streams, written } = streamsOf(true)
    const progress = progressOn(streams, 'production', 4)
    progress.update(1, 'CreateUser alice')
    progress.update(2, 'CreateUser bob')
    progress.update(3, 'CreateUser carol')
    progress.end()
    expect(written).toEqual([
      '\r\u001b[2Kproduction [######..................] 1/4 CreateUser alice',
      '\r\u001b[2Kproduction [##################......] 3/4 CreateUser carol',
      '\r\u001b[2K',
    ])
  })
  test('is a plain line now and then elsewhere', () => {
    at([0, 500, 5100, 5200])
    const { streams, written } = streamsOf(false)
    const progress = progressOn(streams, 'production', 4)
    for (let done = 1; done < 4; done++) progress.update(done, 'x')
    progress.end()
    expect(written).toEqual(['production: 2 of 4 steps\n'])
  })
})

describe('the sign of life', () => {
  const GONE = `\r${' '.repeat(79)}\r`
  const signed = (isTerminal: boolean, times: readonly number[]): readonly string[] => {
    const written: string[] = []
    const streams = { errIsTerminal: isTerminal, err: (text: string) => written.push(text) }
    vi.stubEnv('TERM', 'xterm')
    const clock = vi.spyOn(performance, 'now')
    for (const time of times) clock.mockReturnValueOnce(time)
    const end = showSignsOfLife(streams as unknown as Streams)
    const done = withSignOfLife(() => {
      for (let part = 1; part < times.length; part++) stillWorking()
      return 'done'
    })
    end()
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    expect(done).toBe('done')
    return written
  }

  test('says on a terminal that work goes on, once a second, and goes away', () => {
    expect(signed(true, [800, 1500, 2400, 2600])).toEqual([
      '\rworking out who may do what … 1 s',
      '\rworking out who may do what … 2 s',
      GONE,
    ])
  })
  test('is there from the beginning of work that comes late', () => {
    expect(signed(true, [1200, 1300])).toEqual(['\rworking out who may do what … 1 s', GONE])
  })
  test('of quick work there is none, nor where nobody waits at a terminal', () => {
    expect(signed(true, [100, 300, 900])).toEqual([])
    expect(signed(false, [2000, 9000])).toEqual([])
  })
})
