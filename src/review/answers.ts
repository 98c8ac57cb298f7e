import type { z } from 'zod'
import { ForgeError } from './forge-error.ts'

/** @throws ForgeError when what came isn't what the documentation says */
export function answerIn<T>(schema: z.ZodType<T>, json: unknown): T {
  const { success, data, error } = schema.safeParse(json)
  if (success) return data
  const [issue] = error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at \`${issue.path.join('.')}\``
  throw new ForgeError(`the server answered something else than its documentation says${where}`)
}

/** In characters, as the services count them. */
export function shortened(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
