/** Whether an action makes a session of a role. */
export const isAssumption = (action: string): boolean => /^sts:AssumeRole/i.test(action)

/** What a trust policy is asked about. */
export const isAssuming = (action: string): boolean =>
  /^sts:(?:assumerole|tagsession$|setsourceidentity$|setcontext$)/i.test(action)

/** Whether an action makes a session of a role, or one with tags. */
export const startsSession = (action: string): boolean =>
  isAssumption(action) || /^sts:TagSession$/i.test(action)
