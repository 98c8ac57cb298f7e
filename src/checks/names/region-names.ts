import { REGION_NAMES } from '../../catalog/regions.ts'
import { nearest } from '../../diagnostics/index.ts'
import { meant, type NameProblem } from './name-problem.ts'

/** Whether a text is no region, and no newer one of the list's families either. */
export function regionProblem(value: string): NameProblem | null {
  if (REGION_NAMES.includes(value)) return null
  const near = nearest(value, REGION_NAMES)
  const isShaped = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/.test(value)
  // A region may be newer than the list: only its number is new then.
  const isNew = isShaped && REGION_NAMES.some((name) => name.slice(0, -1) === value.slice(0, -1))
  if (isNew || value === 'aws-global' || (isShaped && near === null)) return null
  return {
    code: 'names.kind-of-value',
    message: `\`${value}\` is no region`,
    help: near === null ? 'write it as `eu-west-1`' : meant(near),
  }
}
