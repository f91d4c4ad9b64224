/**
 * What a text was compiled to is kept beside it, under a seal that only this service can make: whoever can write into the table cannot put other
 * policies under a text that somebody has read. Of another text, or where policies may speak of other things, it is worth nothing.
 */
import { createHmac } from 'node:crypto'
import { actions } from '../actions.ts'
import type { Source } from '../authored.ts'

export type Seal = (source: Source, compiled: string) => string

export function createSeal(key: Uint8Array): Seal {
  return ({ policies, schema, links }, compiled) =>
    createHmac('sha256', key)
      .update(JSON.stringify([policies, schema, links, actions]))
      .update(compiled)
      .digest('base64url')
}
