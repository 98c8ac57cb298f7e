/**
 * Work that asks questions about a tree of files, without knowing whether the answers come at once (from disk) or later
 * (from a commit): each question is yielded as a function of the tree, and its answer handed back.
 */
export type Asking<View, Result> = Generator<(view: View) => unknown, Result, unknown>

/** One question, for `yield*`. */
export function* ask<View, Answer>(question: (view: View) => Answer | Promise<Answer>): Asking<View, Answer> {
  return (yield question) as Answer
}

/** @param view answers at once */
export function answerNow<View, Result>(work: Asking<View, Result>, view: View): Result {
  let step = work.next()
  while (step.done !== true) step = work.next(step.value(view))
  return step.value
}

/** @param view may answer with promises */
export async function answerLater<View, Result>(work: Asking<View, Result>, view: View): Promise<Result> {
  let step = work.next()
  while (step.done !== true) step = work.next(await step.value(view))
  return step.value
}
