/** A clock that stands still until the test moves it. Fits `Clock` of kernel/context. */
export function createTestClock(start = '2026-03-02T12:00:00.000Z') {
  let at = Date.parse(start)
  return {
    now: () => new Date(at),
    tick(durationMs: number) {
      at += durationMs
    },
    set(time: string | Date) {
      at = new Date(time).getTime()
    },
  }
}

export type TestClock = ReturnType<typeof createTestClock>

export const seconds = (count: number) => count * 1000
export const minutes = (count: number) => seconds(count * 60)
export const hours = (count: number) => minutes(count * 60)
export const days = (count: number) => hours(count * 24)
