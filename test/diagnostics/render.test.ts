import { describe, expect, test } from 'vitest'
import {
  type Diagnostic,
  errorOf,
  infoOf,
  renderDiagnostic,
  SourceTexts,
  type Span,
  warningOf,
} from '../../src/diagnostics/index.ts'

/** Renders an error about the first `underlined` of the text. */
function render(text: string, underlined: string): string {
  const start = text.indexOf(underlined)
  expect(start).toBeGreaterThanOrEqual(0)
  return renderAt(text, start, start + underlined.length)
}

const renderAt = (text: string, start: number, end: number): string =>
  renderDiagnostic(
    errorOf({ code: 'test.code', message: 'message', span: { file: 'a.yaml', start, end } }),
    new SourceTexts([['a.yaml', text]]),
  )

/** What stands above the carets, by terminal cells of one each: only for texts of narrow characters. */
function underlined(rendered: string): string {
  const [line = '', carets = ''] = rendered.split('\n').slice(2)
  return line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)
}

describe('the picture', () => {
  const users = 'users:\n  alice:\n    gruops: [developers]\n'

  test('is code, place, line, caret and help', async () => {
    const texts = new SourceTexts([['people/users.yaml', users]])
    const at = (text: string) => {
      const start = users.indexOf(text)
      return { file: 'people/users.yaml', start, end: start + text.length }
    }
    const diagnostics: readonly Diagnostic[] = [
      errorOf({
        code: 'manifest.unknown-key',
        message: '`gruops` is not a key of a user',
        help: 'did you mean `groups`?',
        span: at('gruops'),
      }),
      warningOf({
        code: 'manifest.twice',
        message: '`alice` stands twice',
        span: at('alice'),
        related: [
          { message: 'the first one', span: at('users') },
          { message: 'another file', span: { file: 'unread.yaml', start: 3, end: 4 } },
        ],
      }),
      infoOf({ code: 'store.empty', message: 'the account is empty', help: 'run `iam-sync apply`' }),
      errorOf({
        code: 'source.lost',
        message: 'a file without a text',
        span: { file: 'lost.yaml', start: 0, end: 1 },
      }),
    ]
    for (const color of [false, true])
      await expect(
        `${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, texts, { color })).join('\n\n')}\n`,
      ).toMatchFileSnapshot(`golden/${color ? 'color' : 'plain'}.txt`)
  })

  test('without colour has no escape sequences', () => {
    expect(render(users, 'gruops')).not.toContain('\u001b')
  })

  test('gives lines and columns from 1', () => {
    expect(render(users, 'gruops')).toContain('--> a.yaml:3:5\n')
    expect(render(users, 'users')).toContain('--> a.yaml:1:1\n')
  })

  test('underlines exactly the span', () => {
    for (const word of ['users', 'alice', 'gruops', '[developers]', ':'])
      expect(underlined(render(users, word))).toBe(word)
  })

  test('underlines a span of several lines up to the end of its first', () => {
    expect(underlined(render(users, 'alice:\n    gruops'))).toBe('alice:')
  })

  test('underlines one cell for an empty span', () => {
    const start = users.indexOf('alice')
    expect(underlined(renderAt(users, start, start))).toBe('a')
  })
})

describe('carets stand right', () => {
  test('after tabs, which are shown as one space', () => {
    const rendered = render('\tusers:\t\tx', 'x')
    expect(rendered).toContain(' users:  x')
    expect(underlined(rendered)).toBe('x')
  })

  test('under wide characters, which take two cells', () => {
    const [line = '', carets = ''] = render('名前: 値x', '値').split('\n').slice(2)
    expect(line).toBe('   1 | 名前: 値x')
    // Four cells of two characters, a colon, a space.
    expect(carets).toBe('     |       ^^')
  })

  test('after emoji, which are two UTF-16 units and two cells', () => {
    expect(render('a: 🎉 bad', 'bad').split('\n')[3]).toBe('     |       ^^^')
  })

  test('after combining marks, which take no cell', () => {
    expect(render('e\u0301: bad', 'bad').split('\n')[3]).toBe('     |    ^^^')
  })

  test('with CRLF line ends, which are not shown', () => {
    const rendered = render('users:\r\n  alice: 1\r\n', 'alice')
    expect(rendered).not.toContain('\r')
    expect(rendered).toContain('--> a.yaml:2:3\n')
    expect(underlined(rendered)).toBe('alice')
  })

  test('at the end of a line with CRLF', () => {
    const text = 'users:\r\n'
    expect(renderAt(text, 6, 8).split('\n').slice(2)).toEqual(['   1 | users:', '     |       ^'])
  })

  test('at the end of a file without a line break', () => {
    expect(renderAt('users:', 6, 6).split('\n').slice(1)).toEqual([
      '  --> a.yaml:1:7',
      '   1 | users:',
      '     |       ^',
    ])
  })

  test('on the empty line after the last line break', () => {
    expect(renderAt('users:\n', 7, 7).split('\n').slice(1)).toEqual([
      '  --> a.yaml:2:1',
      '   2 | ',
      '     | ^',
    ])
  })

  test('in an empty file', () => {
    expect(renderAt('', 0, 0).split('\n').slice(1)).toEqual(['  --> a.yaml:1:1', '   1 | ', '     | ^'])
  })

  test('past line 9999', () => {
    const text = `${'\n'.repeat(10_000)}x: bad`
    expect(render(text, 'bad').split('\n').slice(1)).toEqual([
      '  --> a.yaml:10001:4',
      '10001 | x: bad',
      '      |    ^^^',
    ])
  })
})

describe('a long line', () => {
  const long = `${'a'.repeat(300)} bad ${'b'.repeat(300)}`

  test('is cut on both sides around what is underlined', () => {
    const rendered = render(long, 'bad')
    const [line = ''] = rendered.split('\n').slice(2)
    expect(line).toMatch(/^ {3}1 \| …a+ bad b+…$/)
    expect(line.length).toBeLessThan(130)
    expect(underlined(rendered)).toBe('bad')
  })

  test('is cut on one side where the other one is near', () => {
    expect(render(`bad ${long}`, 'bad').split('\n')[2]).toMatch(/^ {3}1 \| bad a+…$/)
    expect(render(`${'a'.repeat(300)} bad`, 'bad').split('\n')[2]).toMatch(/^ {3}1 \| …a+ bad$/)
  })

  test('is never cut within a character', () => {
    expect(render(`x${'🎉'.repeat(200)} bad`, 'bad')).not.toMatch(/\p{Surrogate}/u)
    expect(render(`${'🎉'.repeat(200)} bad`, 'bad')).not.toMatch(/\p{Surrogate}/u)
  })

  test('is measured and copied only around the underlined part, however long it is', () => {
    class CountedTexts extends SourceTexts {
      characters = 0
      override textOf(span: Span): string {
        const text = super.textOf(span)
        this.characters += text.length
        return text
      }
      override line(): never {
        throw new Error('a whole line is as long as the file can be')
      }
    }
    const member = '"a":1,'
    const texts = new CountedTexts([['a.json', member.repeat(140_000)]])
    for (let problem = 0; problem < 1000; problem++) {
      const start = problem * 140 * member.length
      const span = { file: 'a.json', start, end: start + 3 }
      expect(underlined(renderDiagnostic(errorOf({ code: 'test.code', message: 'm', span }), texts))).toBe(
        '"a"',
      )
    }
    expect(texts.characters).toBeLessThan(1000 * 3000)
  })

  test('is underlined only as far as it is shown', () => {
    const carets = render(`x ${'b'.repeat(300)}`, 'b'.repeat(300)).split('\n')[3] ?? ''
    expect(carets.length).toBeLessThan(130)
  })
})

describe('control characters', () => {
  test('of a file reach no terminal', () => {
    const rendered = render('a: \u001b[2J\u0007\u202ebad', 'bad')
    expect(rendered).toContain('a: \\u001b[2J\\u0007\\u202ebad')
    expect(underlined(rendered)).toBe('bad')
  })

  test('of a file name reach no terminal', () => {
    const span = { file: 'a\u001b[2J.yaml', start: 0, end: 1 }
    const diagnostic = errorOf({
      code: 'test.code',
      message: 'message',
      span,
      related: [{ message: 'first', span }],
    })
    expect(renderDiagnostic(diagnostic, new SourceTexts([['a\u001b[2J.yaml', 'x']]))).not.toContain('\u001b')
  })

  test('of many places that belong to it, the first four are shown', () => {
    const at = { file: 'a.yaml', start: 0, end: 1 }
    const related = [1, 2, 3, 4, 5, 6].map((number) => ({ message: `place ${number}`, span: at }))
    const rendered = (count: number) =>
      renderDiagnostic(
        warningOf({ code: 'test.code', message: 'm', related: related.slice(0, count) }),
        new SourceTexts(),
      ).split('\n')
    expect([rendered(4).length, rendered(4).at(-1)]).toEqual([5, '  note: place 4: a.yaml'])
    expect(rendered(6).slice(-2)).toEqual([
      '  note: place 4: a.yaml',
      '  note: and 2 more, which `--json` has',
    ])
  })

  test('of a message or help reach no terminal', () => {
    const rendered = renderDiagnostic(
      errorOf({ code: 'test.code', message: 'a\u001b[31mb', help: 'c\u0000\nd' }),
      new SourceTexts(),
    )
    expect(rendered).toBe('error[test.code]: a\\u001b[31mb\n  help: c\\u0000 d')
  })
})
