import { locales } from '../locale.ts'
import { remaining } from '../vote.ts'

/** Calls back at once and on each whole second, and again when the page is looked at after a while. Returns how to stop. */
export function everySecond(tick: (now: Date) => void, now: () => Date = () => new Date()): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = () => {
    clearTimeout(timer)
    const at = now()
    tick(at)
    timer = setTimeout(run, 1000 - at.getMilliseconds())
  }
  const seen = () => document.visibilityState === 'visible' && run()
  document.addEventListener('visibilitychange', seen)
  run()
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  }
}

/**
 * The clock of the server, by one answer of it: half of the way there and back is added to what it said.
 * A telephone may be minutes wrong, and a deadline is the server's.
 */
export function serverClock(said: Date, sentAt: number, receivedAt: number): () => Date {
  const offset = said.getTime() + (receivedAt - sentAt) / 2 - receivedAt
  return () => new Date(Date.now() + offset)
}

/** Keeps every `[data-until]` that the server has written going. */
export function startClocks(now?: () => Date): () => void {
  const locale = locales.find((known) => known === document.documentElement.lang) ?? 'is'
  return everySecond((at) => {
    for (const clock of document.querySelectorAll<HTMLElement>('[data-until]')) {
      const { text, last } = remaining(locale, new Date(clock.dataset['until'] ?? ''), at)
      clock.classList.toggle('clock-last', last)
      const left = clock.querySelector('.clock-left')
      if (left !== null && left.textContent !== text) left.textContent = text
    }
  }, now)
}
