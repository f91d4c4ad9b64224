import { momentsIn } from './cedar-json.ts'
import type { Explanation } from './permissions-api.ts'
import { useNames } from './whose.tsx'

/** Says people by name, and moments as moments, in what a policy service tells of both by id and by number. */
export type Say = (text: string) => string

const person = /Person::"?(acc_[0-9a-f-]+)"?/g

export function useSaying(explained: Explanation): Say {
  const ids = [...JSON.stringify(explained).replaceAll('\\"', '"').matchAll(person)]
  const names = useNames(ids.map(([, id = '']) => id))
  return (text) => momentsIn(text).replace(person, (whole, id: string) => names.get(id) ?? whole)
}
