import { type StepCall, step } from '../model/step.ts'
import type { PrincipalState } from './grant-change.ts'

type PrincipalKind = PrincipalState['kind']

/** The calls that grant a principal something or take it away, by its name. */
export interface PrincipalCalls {
  readonly attach: (name: string, arn: string) => StepCall
  readonly detach: (name: string, arn: string) => StepCall
  readonly putInline: (name: string, policy: string, document: string) => StepCall
  readonly deleteInline: (name: string, policy: string) => StepCall
  readonly delete: (name: string) => StepCall
}

export const PRINCIPAL_CALLS: { readonly [K in PrincipalKind]: PrincipalCalls } = {
  user: {
    attach: (UserName, PolicyArn) => step('AttachUserPolicy', { UserName, PolicyArn }),
    detach: (UserName, PolicyArn) => step('DetachUserPolicy', { UserName, PolicyArn }),
    putInline: (UserName, PolicyName, PolicyDocument) =>
      step('PutUserPolicy', { UserName, PolicyName, PolicyDocument }),
    deleteInline: (UserName, PolicyName) => step('DeleteUserPolicy', { UserName, PolicyName }),
    delete: (UserName) => step('DeleteUser', { UserName }),
  },
  group: {
    attach: (GroupName, PolicyArn) => step('AttachGroupPolicy', { GroupName, PolicyArn }),
    detach: (GroupName, PolicyArn) => step('DetachGroupPolicy', { GroupName, PolicyArn }),
    putInline: (GroupName, PolicyName, PolicyDocument) =>
      step('PutGroupPolicy', { GroupName, PolicyName, PolicyDocument }),
    deleteInline: (GroupName, PolicyName) => step('DeleteGroupPolicy', { GroupName, PolicyName }),
    delete: (GroupName) => step('DeleteGroup', { GroupName }),
  },
  role: {
    attach: (RoleName, PolicyArn) => step('AttachRolePolicy', { RoleName, PolicyArn }),
    detach: (RoleName, PolicyArn) => step('DetachRolePolicy', { RoleName, PolicyArn }),
    putInline: (RoleName, PolicyName, PolicyDocument) =>
      step('PutRolePolicy', { RoleName, PolicyName, PolicyDocument }),
    deleteInline: (RoleName, PolicyName) => step('DeleteRolePolicy', { RoleName, PolicyName }),
    delete: (RoleName) => step('DeleteRole', { RoleName }),
  },
}

export interface BoundaryCalls {
  readonly put: (name: string, arn: string) => StepCall
  readonly delete: (name: string) => StepCall
}

export const BOUNDARY_CALLS: { readonly [K in 'user' | 'role']: BoundaryCalls } = {
  user: {
    put: (UserName, PermissionsBoundary) =>
      step('PutUserPermissionsBoundary', { UserName, PermissionsBoundary }),
    delete: (UserName) => step('DeleteUserPermissionsBoundary', { UserName }),
  },
  role: {
    put: (RoleName, PermissionsBoundary) =>
      step('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary }),
    delete: (RoleName) => step('DeleteRolePermissionsBoundary', { RoleName }),
  },
}
