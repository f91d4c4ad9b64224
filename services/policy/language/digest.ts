/** Of what a source was compiled from: with another text, or where policies may speak of other things, it has to be compiled again. */
import { createHash } from 'node:crypto'
import { actions } from '../actions.ts'
import type { Source } from '../authored.ts'

export function sourceDigest({ policies, schema, links }: Source): string {
  return createHash('sha256')
    .update(JSON.stringify([policies, schema, links, actions]))
    .digest('hex')
}
