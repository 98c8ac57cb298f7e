import type { PolicyDocument } from '../model/index.ts'
import { isObject } from './parsing.ts'

/**
 * Whether a JSON value has the form of a policy document: all that its type says, and so all that code may rely on that is
 * given one. What it holds besides, and whether its values mean anything, `parsePolicy` says.
 */
export const isPolicyDocument = (json: unknown): json is PolicyDocument =>
  isObject(json) && isTextOrAbsent(json.Version) && isTextOrAbsent(json.Id) && isStatements(json.Statement)

const isStatements = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isStatement) : isStatement(value)

const isStatement = (value: unknown): boolean =>
  isObject(value) &&
  isTextOrAbsent(value.Sid) &&
  (value.Effect === 'Allow' || value.Effect === 'Deny') &&
  (['Principal', 'NotPrincipal'] as const).every((element) => isPrincipal(value[element])) &&
  (['Action', 'NotAction', 'Resource', 'NotResource'] as const).every(
    (element) => value[element] === undefined || isTexts(value[element]),
  ) &&
  isCondition(value.Condition)

const isPrincipal = (value: unknown): boolean =>
  value === undefined || value === '*' || (isObject(value) && Object.values(value).every(isTexts))

const isCondition = (value: unknown): boolean =>
  value === undefined ||
  (isObject(value) &&
    Object.values(value).every(
      (keys) => isObject(keys) && Object.values(keys).every((values) => isEach(values, isConditionValue)),
    ))

const isConditionValue = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const isTexts = (value: unknown): boolean => isEach(value, (each) => typeof each === 'string')

const isEach = (value: unknown, is: (each: unknown) => boolean): boolean =>
  Array.isArray(value) ? value.every(is) : is(value)

const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string'
