import { isObject } from '../policy/parsing.ts'

/** What an input of a kind has at its top, by the word of the kind. */
const MARKS: Readonly<Record<string, { readonly noun: string; readonly keys: readonly string[] }>> = {
  gaad: {
    noun: 'an export of an account',
    keys: ['UserDetailList', 'GroupDetailList', 'RoleDetailList'],
  },
  tfplan: { noun: 'a plan of Terraform', keys: ['resource_changes', 'planned_values'] },
  cfn: { noun: 'a template of CloudFormation', keys: ['Resources', 'AWSTemplateFormatVersion'] },
}

/**
 * For what was named as another kind of input than it is: how it is named. Only keys are looked at.
 * @param value of the file, or an object with its keys
 * @returns null: it is none of these
 */
export function namedOtherwise(file: string, value: unknown): string | null {
  if (!isObject(value)) return null
  for (const [word, { noun, keys }] of Object.entries(MARKS))
    if (keys.some((key) => Object.hasOwn(value, key)))
      return `it looks like ${noun}: that is named \`${word}:${file}\``
  return null
}
