/**
 * Cedar's own parser answers in JSON, which its JavaScript reads with `JSON.parse`: that rounds integers beyond 2^53. Here the text
 * is taken before it is rounded. Only for a thread that does nothing else: while the call lasts, `JSON.parse` is another.
 */
export interface Exactly<Answer> {
  readonly answer: Answer
  /** The answer as Cedar wrote it. */
  readonly text: string
}

export function exactly<Answer>(call: () => Answer): Exactly<Answer> {
  const parse = JSON.parse
  let text = ''
  JSON.parse = (written: string, ...others) => parse((text = written), ...others) as unknown
  try {
    return { answer: call(), text }
  } finally {
    JSON.parse = parse
  }
}
