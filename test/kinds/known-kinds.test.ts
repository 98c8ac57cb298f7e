import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FACTS, type Kind } from '../../src/kinds/kind.ts'
import { keysOf } from '../../src/model/index.ts'

/**
 * In how many files outside its folder a kind is named. A number may only fall: a kind that is named nowhere else is one
 * folder and a line in each list. Whoever makes one smaller writes it down here.
 */
const MOST: { readonly [K in Kind]: number } = {
  policy: 149,
  group: 78,
  user: 93,
  role: 114,
  passwordPolicy: 10,
  accountAlias: 6,
}

const SOURCE = join(import.meta.dirname, '../../src')

const FILES = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({
    path: path.replaceAll('\\', '/'),
    text: withoutComments(readFileSync(join(SOURCE, path), 'utf8')),
  }))

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** As code names a kind: by a string, a field, a key, or the types of its state and declaration. */
function filesNaming(kind: Kind): readonly string[] {
  const { section } = FACTS[kind]
  const words = [kind, ...(section === null ? [] : [section])].join('|')
  const type = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  const named = new RegExp(
    `'(?:${words})'|\\.(?:${words})\\b|\\b(?:${words}):|\\b(?:${type}State|Desired${type})\\b`,
  )
  return FILES.filter(({ path, text }) => !path.startsWith(`kinds/${kind}/`) && named.test(text)).map(
    ({ path }) => path,
  )
}

describe('files that name a kind outside its folder', () => {
  it.each(keysOf(MOST))('%s: no more than there were', (kind) => {
    const files = filesNaming(kind)
    console.info(`${kind}: ${files.length} files`)
    expect(files.length, files.join('\n')).toBeLessThanOrEqual(MOST[kind])
  })

  it('a folder of a kind names itself, so that the search finds something', () => {
    expect(FILES.filter(({ path }) => path === 'kinds/user/plan.ts')).toHaveLength(1)
    expect(filesNaming('user')).toContain('plan/holders.ts')
    expect(filesNaming('user')).not.toContain('kinds/user/kind.ts')
  })
})
