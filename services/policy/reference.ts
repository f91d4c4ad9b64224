/** Somebody or something as people write it: `Person::ada`, `Photos::Album::"a::b"`. The quotes are needed where an id has two colons. */
import { z } from 'zod'
import { complaint } from './complaints.ts'
import { Ref } from './known.ts'

const written = /^((?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)::(?:"((?:[^"\\]|\\["\\])*)"|([^":]+(?::[^":]+)*))$/

export const Written = z
  .string()
  .max(600)
  .transform((text, context): Ref => {
    const [, type, quoted, plain] = written.exec(text) ?? []
    const ref = Ref.safeParse({ type, id: plain ?? quoted?.replaceAll(/\\(["\\])/g, '$1') })
    if (ref.success) return ref.data
    const wrong = complaint('ref-form')
    context.addIssue({ code: 'custom', message: wrong.message, params: { wrong } })
    return z.NEVER
  })
