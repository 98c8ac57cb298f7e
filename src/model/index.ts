export * from './account-state.ts'
export * from './arn.ts'
export * from './declarations.ts'
export * from './policy-document.ts'
