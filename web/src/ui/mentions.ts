/** Finds the mention that is being typed. Which people there are is told from outside. */

export interface Mention {
  /** Where its `@` is. */
  from: number;
  /** What was typed after it. */
  typed: string;
}

/** As the server reads mentions: an `@` that no letter or digit stands before, and then a login. */
const TYPING = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}@._+-]{0,64})$/u;

/** The unfinished mention before the caret. */
export function mentionAt(text: string, caret: number): Mention | undefined {
  const typed = TYPING.exec(text.slice(0, caret))?.[1];
  return typed === undefined ? undefined : { from: caret - typed.length - 1, typed };
}
