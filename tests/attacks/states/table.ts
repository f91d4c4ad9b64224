/** What people decided (services/policy/evaluate/states.yaml): in which states of what it is about a route works, and how it refuses in the others. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** `others`: every state that this route does not name. */
const Cells = z.union([z.literal('others'), z.array(z.string()).min(1)])
const Row = z
  .object({
    /** For whoever is named, and about whose: the first that says something of a state counts. */
    except: z
      .array(z.object({ whose: z.string().optional(), who: z.array(z.string()).optional() }).catchall(Cells))
      .default([]),
  })
  .catchall(Cells)
const Table = z.strictObject({
  things: z.record(
    z.string(),
    z.strictObject({
      states: z.record(z.string(), z.string()),
      /** Who can have one that is theirs, in whichever way; and in which states it is nobody's who asks. */
      own: z.record(z.string(), z.array(z.string()).min(1)).default({}),
      strangers: z.array(z.string()).default([]),
      routes: z.record(z.string(), Row),
    }),
  ),
  elsewhere: z.record(z.string(), z.string()),
})
export type RowOfRoute = z.output<typeof Row>

export const file = 'services/policy/evaluate/states.yaml'
export const table = Table.parse(parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')))

export interface Asked {
  readonly state: string
  readonly whose: string
  readonly who: string
}

/** `works`, `answers no`, or the code of the fault; null where people have not decided. */
export function decided({ except, ...row }: RowOfRoute, { state, whose, who }: Asked): string | null {
  const fitting = except.filter(
    (one) => (one.whose ?? whose) === whose && (one.who === undefined || one.who.includes(who)),
  )
  for (const { whose: _whose, who: _who, ...cells } of fitting) {
    const found = outcomeIn(cells as Outcomes, state)
    if (found !== null) return found
  }
  return outcomeIn(row as Outcomes, state)
}

type Outcomes = Readonly<Record<string, z.output<typeof Cells>>>

function outcomeIn(cells: Outcomes, state: string): string | null {
  const all = Object.entries(cells)
  const named = all.find(([, states]) => states !== 'others' && states.includes(state))
  return (named ?? all.find(([, states]) => states === 'others'))?.[0] ?? null
}

/** What is wrong with the table itself, in a sentence each. */
export function mistakes(): string[] {
  return Object.entries(table.things).flatMap(([name, { states, routes }]) =>
    Object.entries(routes).flatMap(([route, { except, ...row }]) => {
      const of = `${name}, ${route}`
      const cells = [row, ...except].flatMap((one) => Object.entries(one as Outcomes))
      const listed = Object.values(row as Outcomes).flatMap((one) => (one === 'others' ? [] : one))
      return [
        ...cells.flatMap(([outcome, said]) =>
          ['who', 'whose'].includes(outcome) || said === 'others'
            ? []
            : said
                .filter((state) => !Object.hasOwn(states, state))
                .map((state) => `${of}: no state is called ${state}.`),
        ),
        ...listed
          .filter((state, n) => listed.indexOf(state) !== n)
          .map((state) => `${of}: ${state} stands twice.`),
        ...Object.keys(states)
          .filter((state) => outcomeIn(row as Outcomes, state) === null)
          .map((state) => `${of}: nobody has decided what it does with ${state}.`),
        // What is refused in one state is refused by that state only where the very same request works in another.
        ...(Object.hasOwn(row, 'works')
          ? []
          : [`${of}: it works in no state, so nothing is known of why it refuses.`]),
      ]
    }),
  )
}
