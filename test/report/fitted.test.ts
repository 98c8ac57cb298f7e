import { describe, expect, it, test } from 'vitest'
import {
  errorOf,
  layoutWidth,
  renderDiagnostic,
  SourceTexts,
  textWidth,
} from '../../src/diagnostics/index.ts'
import { fitted } from '../../src/report/layout/fitted.ts'
import { Random } from '../evaluator/random-cases.ts'

const plain = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '')

describe('text on a terminal', () => {
  test.each([
    ['a line that fits stays', 'on * from a.yaml:1', 20, ['on * from a.yaml:1']],
    ['a long one is broken between words', 'one two three four', 9, ['one two', '  three', '  four']],
    ['what continues stands further in', '    one two three', 11, ['    one two', '      three']],
    ['behind its sign', '+ one two three', 9, ['+ one two', '  three']],
    ['behind the number of its line', ' 12 | one two three', 12, [' 12 | one', '      two', '      three']],
    ['a word that is too long stays whole', 'on arn:aws:s3:::data/*', 10, ['on', '  arn:aws:s3:::data/*']],
    ['gaps are no words', 'one  two   three', 9, ['one  two', '  three']],
    ['wide characters take two cells', '日本 日本 日本', 9, ['日本 日本', '  日本']],
  ])('%s', (_, text, width, lines) => {
    expect(fitted(text, width).split('\n')).toEqual(lines)
  })

  it('colour goes on where a line does, and ends with it', () => {
    const red = '\u001b[31m'
    const text = fitted(`${red}one two three\u001b[0m four`, 9)
    expect(text.split('\n')).toEqual([`${red}one two\u001b[0m`, `  ${red}three\u001b[0m`, '  four'])
  })

  it('loses no word, and makes no line longer than it is wide', () => {
    const random = new Random(7)
    for (let round = 0; round < 300; round++) {
      const words = Array.from({ length: random.below(40) }, () => 'x'.repeat(1 + random.below(30)))
      const text = `${' '.repeat(random.below(9))}${words.join(random.chance(0.5) ? ' ' : '  ')}`
      const width = 60 + random.below(141)
      const lines = fitted(text, width).split('\n')
      expect(lines.flatMap((line) => line.split(/ +/).filter(Boolean))).toEqual(words)
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
    }
  })

  it('is laid out for 60 to 200 columns', () => {
    expect([20, 60, 100, 200, 500, 0, Number.NaN].map(layoutWidth)).toEqual([60, 60, 100, 200, 200, 80, 80])
  })
})

describe('the picture of a problem', () => {
  const line = `      Action: [${Array.from({ length: 40 }, (_, index) => `"s3:Action${index}"`).join(', ')}]`
  const texts = new SourceTexts([['a.yaml', `users:\n${line}\n`]])
  const pictureOf = (word: string, width: number | undefined, color: boolean) => {
    const start = 'users:\n'.length + line.indexOf(word)
    const problem = errorOf({
      code: 'a.b',
      message: 'odd',
      span: { file: 'a.yaml', start, end: start + word.length },
    })
    return renderDiagnostic(problem, texts, { color, ...(width === undefined ? {} : { width }) })
  }

  test.each(['s3:Action0', 's3:Action20', 's3:Action39'])(
    'of %s is cut to the width, caret included',
    (word) => {
      for (const width of [60, 80, 100, 160, 200]) {
        const [, , source = '', carets = ''] = plain(pictureOf(word, width, true)).split('\n')
        expect(textWidth(source)).toBeLessThanOrEqual(width)
        expect(textWidth(carets)).toBeLessThanOrEqual(width)
        expect(source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe(word)
        expect(fitted(`${source}\n${carets}`, width)).toBe(`${source}\n${carets}`)
      }
    },
  )

  it('is as wide as ever where there is no terminal', () => {
    const [, , source = ''] = pictureOf('s3:Action20', undefined, false).split('\n')
    expect(source.length).toBe(4 + 3 + 110 + 2)
  })
})
