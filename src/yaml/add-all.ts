/** `push(...more)` passes each as an argument, and a hundred thousand of those are more than the call stack holds. */
export function addAll<T>(list: T[], more: Iterable<T>): void {
  for (const each of more) list.push(each)
}
