import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HOUSE } from '../house/table.ts'

const text = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8')

test('docs/architecture.md has the rooms of the house, and what each may import', () => {
  const rows = [...text.matchAll(/^\| `((?:src|assembly)[\w./-]*?)\/?` \| .+ \| (.+?) \|$/gm)]
  expect(Object.fromEntries(rows.map(([, room, cell = '']) => [room, importsOf(cell)]))).toEqual(
    Object.fromEntries(Object.entries(HOUSE).map(([room, { mayImport }]) => [room, mayImport])),
  )
})

function importsOf(cell: string): readonly string[] | 'everything' {
  if (cell === 'everything') return cell
  if (cell === '–') return []
  return cell.split(', ').map((name) => (name.startsWith('assembly') ? name : `src/${name}`))
}
