import { parseSync } from 'oxc-parser'

/** A node of the syntax of a text of TypeScript. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

export const isSyntaxNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** All nodes of a text, parents before what is in them. */
export function nodesIn(text: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each)
    else if (isSyntaxNode(value)) {
      found.push(value)
      for (const each of Object.values(value)) visit(each)
    }
  }
  visit(parseSync('a.ts', text).program)
  return found
}

/** @param at an offset in the text */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length
