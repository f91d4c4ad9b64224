/** Addresses of routes as somebody would ask for them: the names in a path are filled in with what their schemas take. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { z } from 'zod'
import type { Route } from '@althing/kernel/http'
import { seedOfThisRun } from '@althing/kernel/testing'

/** @param preferred where it fits */
export function addressOf({ path, params }: Route, preferred = 'x'): string {
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const shape = params === undefined ? undefined : (params as z.ZodObject).shape[name]
    return encodeURIComponent(shape === undefined ? preferred : sampleOf(shape as z.ZodType, preferred))
  })
}

const common = [
  'x',
  '7',
  crypto.randomUUID(),
  `acc_${crypto.randomUUID()}`,
  '2026-11-22',
  'a@b.example',
  'https://a.example/',
]

function sampleOf(schema: z.ZodType, preferred: string): string {
  const fits = (text: string) => schema.safeParse(text).success
  const known = [preferred, ...common].find(fits)
  if (known !== undefined) return known
  const { pattern = '^.*$', enum: words = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as {
    pattern?: string
    enum?: string[]
  }
  const made = fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 50, seed: seedOfThisRun() })
  const found = [...words, ...made, ...made.map((one) => one + crypto.randomUUID())].find(fits)
  assert.ok(found !== undefined, `no example of ${pattern}`)
  return found
}
