/**
 * Whoever waits for an answer sees it without a click. It is asked for while the page is in sight and the request waits, and after half an hour in which
 * nobody has come back to the page not any more: an open page alone keeps nobody signed in.
 */
import { useEffect, useRef } from 'react'
import * as api from './overrides-api.ts'

const everyMs = { emergency: 5_000, overrides: 30_000 } as const satisfies Record<api.Door, number>
const mostMs = 1_800_000

/** @param turned is told once, of what it has become */
export function useWaiting(
  one: api.Override | null,
  door: api.Door,
  turned: (one: api.Override) => void,
): void {
  const [id, waits] = [one?.id ?? '', one?.state === 'asked']
  const tell = useRef(turned)
  tell.current = turned
  useEffect(() => {
    if (!waits) return
    let isOver = false
    let left = mostMs
    const look = () => {
      api.override(door, id).then(
        (found) => {
          if (isOver || found.state === 'asked') return
          isOver = true
          tell.current(found)
        },
        // It is asked for again soon, and whatever is pressed says what is wrong.
        () => undefined,
      )
    }
    const tick = setInterval(() => {
      if (isOver || left <= 0 || document.visibilityState !== 'visible') return
      left -= everyMs[door]
      look()
    }, everyMs[door])
    const back = () => {
      left = mostMs
      if (document.visibilityState === 'visible') look()
    }
    addEventListener('focus', back)
    document.addEventListener('visibilitychange', back)
    return () => {
      isOver = true
      clearInterval(tick)
      removeEventListener('focus', back)
      document.removeEventListener('visibilitychange', back)
    }
  }, [door, id, waits])
}
