import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { TOY_MANIFEST_KINDS } from '../kinds/toy/kinds.ts'
import { kindRows } from './kind-table.ts'

const text = readFileSync(new URL('../../docs/manifest.md', import.meta.url), 'utf8')
const HEAD =
  '| section | one of it | ARN, after the account | length of its name | it can not be without | tags | in an account |\n'

describe('the table of kinds in docs/manifest.md', () => {
  test('has a row of each kind that is listed, as its facts and its schema say', () => {
    const [, after = ''] = text.split(HEAD)
    const [, ...rows] = after.split('\n\n')[0]?.split('\n') ?? []
    expect(rows).toEqual(kindRows(MANIFEST_KINDS))
  })

  test('a kind that only a test knows would have one', () => {
    expect(kindRows(TOY_MANIFEST_KINDS)).toEqual([
      ...kindRows(MANIFEST_KINDS),
      '| `toys` | toy | `toy/NAME` | 1 to 128 | nothing | yes | 1000 |',
    ])
  })
})
