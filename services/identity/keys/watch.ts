/**
 * Each node looks at the keys when it is told that they have changed, and every minute without being told: a word that was lost costs a minute,
 * and a key service that was away is asked again within seconds.
 */
const everyMs = 60_000
const soonerMs = 5_000

interface Needs {
  readonly refresh: () => Promise<void>
  readonly isWhole: () => boolean
  readonly onFailure: (error: unknown) => void
}

export function createKeyWatch({ refresh, isWhole, onFailure }: Needs) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  const state = { again: false, stopped: false }

  /** One look at a time; a word that comes during one makes another after it. */
  function look(): void {
    state.again = true
    running ??= looks().finally(() => {
      running = undefined
    })
  }

  async function looks(): Promise<void> {
    let isFine = true
    while (state.again && !state.stopped) {
      state.again = false
      isFine = await refresh().then(isWhole, (error: unknown) => (onFailure(error), false))
    }
    later(isFine ? everyMs : soonerMs)
  }

  function later(afterMs: number): void {
    clearTimeout(timer)
    if (!state.stopped) timer = setTimeout(look, afterMs).unref()
  }

  return {
    look,
    start: () => later(everyMs),
    async stop() {
      state.stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
