import { printable } from './paint.ts'

/** `production (111122223333)`; of an account that nobody named its id. */
export const accountTitle = ({ name, id }: { readonly name: string; readonly id: string }): string =>
  name === id ? id : `${printable(name)} (${id})`
