import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { elementsOf, type PageElement, parsePage, textIn } from './parsed-page.ts'

/** What may name an element of the same page. */
const REFERENCES = ['href', 'for', 'list', 'aria-labelledby', 'aria-describedby', 'marker-end']

/** Holds a page to what all pages promise: one file, its own policy, nothing from elsewhere, ids that are there once. */
export function holdPage(text: string): PageElement {
  const page = parsePage(text)
  const all = elementsOf(page)
  holdPolicy(all)
  holdReferences(all)
  holdReading(all)
  return page
}

const named = (all: readonly PageElement[], name: string) => all.filter((each) => each.name === name)

function holdPolicy(all: readonly PageElement[]): void {
  const policies = named(all, 'meta').filter(
    ({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy',
  )
  expect(policies).toHaveLength(1)
  const head = named(all, 'head').flatMap(elementsOf)
  // It holds for what stands below it alone.
  const [policy] = policies
  expect(head.find((each) => each === policy || each.name === 'style' || each.name === 'script')).toBe(policy)
  const directives = new Map(
    (policy?.attributes.get('content') ?? '').split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values] as const
    }),
  )
  const hashes = (name: string) =>
    named(all, name).map((each) => `'sha256-${createHash('sha256').update(textIn(each)).digest('base64')}'`)
  expect(directives.get('default-src')).toEqual(["'none'"])
  expect(directives.get('base-uri')).toEqual(["'none'"])
  expect(directives.get('form-action')).toEqual(["'none'"])
  expect(directives.get('style-src')).toEqual(hashes('style'))
  expect(directives.get('script-src')).toEqual(hashes('script'))
  expect([...directives.keys()].sort()).toEqual([
    'base-uri',
    'default-src',
    'form-action',
    'script-src',
    'style-src',
  ])
}

function holdReferences(all: readonly PageElement[]): void {
  const ids = all.flatMap(({ attributes }) => attributes.get('id') ?? [])
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  for (const { name, attributes } of all) {
    expect(
      [...attributes.keys()].filter((key) => /^on|^style$|^src|^action$|^formaction$|xlink/.test(key)),
    ).toEqual([])
    expect([
      'iframe',
      'object',
      'embed',
      'base',
      'link',
      'img',
      'image',
      'use',
      'foreignObject',
    ]).not.toContain(name)
    for (const key of REFERENCES) {
      const value = attributes.get(key)
      if (value === undefined) continue
      const targets = value.replace(/^url\((#.*)\)$/, '$1').split(' ')
      for (const target of targets) {
        if (key === 'href') expect(target).toMatch(/^#/)
        expect(ids, `${name} ${key}`).toContain(target.replace(/^#/, ''))
      }
    }
  }
  for (const style of named(all, 'style')) expect(textIn(style)).not.toMatch(/url\(|@import|https?:/)
  for (const script of named(all, 'script'))
    expect(textIn(script)).not.toMatch(/https?:|innerHTML|eval|fetch/)
}

/** Landmarks and headings that lead through it, and a name for whatever can be reached. */
function holdReading(all: readonly PageElement[]): void {
  for (const landmark of ['header', 'main', 'h1', 'title'])
    expect(named(all, landmark).length).toBeGreaterThan(0)
  expect(named(all, 'h1')).toHaveLength(1)
  expect(named(all, 'main')).toHaveLength(1)
  expect(named(all, 'html')[0]?.attributes.get('lang')).toBe('en')
  let level = 0
  for (const { name } of all) {
    const heading = /^h([1-6])$/.exec(name)?.[1]
    if (heading === undefined) continue
    expect(Number(heading)).toBeLessThanOrEqual(level + 1)
    level = Number(heading)
  }
  for (const { attributes, ...element } of named(all, 'svg').filter(
    (each) => each.attributes.get('role') === 'img',
  )) {
    expect(attributes.has('aria-labelledby')).toBe(true)
    expect(named(elementsOf({ attributes, ...element }), 'title').length).toBeGreaterThan(0)
  }
  for (const each of all.filter(({ attributes }) => attributes.get('tabindex') === '0'))
    expect(each.attributes.has('aria-label')).toBe(true)
}
