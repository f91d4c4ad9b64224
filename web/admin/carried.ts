/**
 * The switches of language and colours load the page anew, and so do the ways to a proof of who somebody is and to a second step. What is written half-way, or shown
 * only now, is carried over to it in this tab: for the time that it takes, for the same page, and wiped from where it lay as soon as it is read.
 */
import { useEffect, useRef, useState } from 'react'

const key = 'althing.carried'
const keptMs = 60_000
/** A password and a code have to be found. */
const signInMs = 600_000
/** An application has to be put on a telephone, and codes on paper. */
const setUpMs = 3_600_000
/** The page is still there: it was not left after all, and what it shows must not lie about. */
const leftMs = 10_000

const toSetUp = 'a[href^="/account/two-step?return="]'
const leaving = `.switch a, a[href^="/session/login?proof=fresh"], ${toSetUp}`

interface Carried {
  readonly page: string
  readonly until: number
  readonly values: Readonly<Record<string, unknown>>
}

const shown = new Map<string, () => unknown>()
const arrived = new Map<string, unknown>()
let arrivedAt = ''

export function carryOnSwitch(now: () => number): void {
  arrivedAt = location.pathname
  for (const [name, value] of Object.entries(taken(now()))) arrived.set(name, value)
  document.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>(leaving)
      if (!link) return
      const isSwitch = link.matches('.switch a')
      if (isSwitch) link.href = samePage(link)
      // In another tab nothing is to be carried.
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      leave(now() + (isSwitch ? keptMs : link.matches(toSetUp) ? setUpMs : signInMs))
    },
    { capture: true },
  )
}

/** Like a state of its own, which the other language begins with. */
export function useCarried<T>(name: string, first: () => T): readonly [T, (value: T) => void] {
  const [value, set] = useState<T>(() => {
    const isHere = arrived.has(name) && arrivedAt === location.pathname
    return isHere ? (arrived.get(name) as T) : first()
  })
  const last = useRef(value)
  last.current = value
  useEffect(() => {
    arrived.delete(name)
    shown.set(name, () => last.current)
    return () => void shown.delete(name)
  }, [name])
  return [value, set]
}

/** Its address is that of the page that was loaded first, and not of the one that we have gone to since. */
function samePage(link: HTMLAnchorElement): string {
  const name = link.hasAttribute('lang') ? 'lang' : 'theme'
  const here = new URL(location.href)
  here.searchParams.set(name, new URL(link.href).searchParams.get(name) ?? '')
  return here.href
}

function leave(until: number): void {
  const values = Object.fromEntries([...shown].map(([name, value]) => [name, value()] as const))
  try {
    sessionStorage.setItem(key, JSON.stringify({ page: location.pathname, until, values } satisfies Carried))
    setTimeout(() => sessionStorage.removeItem(key), leftMs)
  } catch {
    // A browser may refuse storage altogether: then nothing comes along.
  }
}

function taken(now: number): Carried['values'] {
  try {
    const text = sessionStorage.getItem(key)
    sessionStorage.removeItem(key)
    if (text === null) return {}
    const { page, until, values } = JSON.parse(text) as Carried
    return page === location.pathname && now <= until ? values : {}
  } catch {
    return {}
  }
}
