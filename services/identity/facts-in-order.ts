/** Facts may come out of their order, and a day late: what something else has come of by then is told to nobody as if it still were so. */

/** What is asked for waits, and then it stands; everything else is an end. */
const stages = ['asked', 'in-force']

/** @param isFirst whether it is the first to set this mark, in this transaction */
export async function isOvertaken(
  state: string,
  isFirst: (mark: string) => Promise<boolean>,
): Promise<boolean> {
  const own = stages.indexOf(state)
  for (const earlier of own === -1 ? stages : stages.slice(0, own)) await isFirst(earlier)
  return own !== -1 && !(await isFirst(state))
}

interface Told {
  readonly state: string
  readonly until: string | null
  readonly decideBy: string | null
}

/** What is over by its time is not told as if it held, or waited. */
export function isPast({ state, until, decideBy }: Told, now: Date): boolean {
  const end = { asked: decideBy ?? until, 'in-force': until }[state] ?? null
  return end !== null && new Date(end) <= now
}
