import { IamError, type IamErrorCode } from './service-error.ts'

/** @param label what one of its kind is called: `user` */
export const noSuchEntity = (label: string, name: string): IamError =>
  new IamError('NoSuchEntity', `The ${label} with name ${name} cannot be found.`)

export const noSuchPolicy = (arn: string): IamError =>
  new IamError('NoSuchEntity', `Policy ${arn} was not found.`)

export const alreadyExists = (message: string): IamError => new IamError('EntityAlreadyExists', message)

/** @param quota AWS's name of it, such as `UsersPerAccount` */
export const limitExceeded = (quota: string, limit: number): IamError =>
  new IamError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`)

export const deleteConflict = (message: string): IamError => new IamError('DeleteConflict', message)

export const unmodifiable = (roleName: string): IamError =>
  new IamError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${roleName}' - this role is only modifiable by AWS`,
  )

/** @param field as AWS writes it in messages: `userName` */
export const validationError = (field: string, value: unknown, constraint: string): IamError =>
  new IamError(
    'ValidationError',
    `1 validation error detected: Value ${shown(value)} at '${field}' failed to satisfy constraint: ${constraint}`,
  )

export const refused = (code: IamErrorCode, message: string): IamError => new IamError(code, message)

const LONGEST_SHOWN = 200

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return 'null'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `'${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}'`
}
