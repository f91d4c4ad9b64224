/**
 * What whoever is here may do changes while their console stays open. It is asked for at each step that they take, and when something was refused to
 * them: rooms and buttons follow at the next click, nobody loads a page again, and nothing is asked while nobody does anything.
 */
import type { ConsoleAction, ConsoleRoom, May, Thing } from '@althing/portal/contract'
import { createContext, use, useEffect, useRef, useState } from 'react'
import { standing, type MayI } from './api.ts'
import { isSame } from './same-words.ts'

type Standing = Omit<May, 'signedIn' | 'roles'> & {
  /** Null until it was asked for the first time. */
  readonly roles: readonly string[] | null
}
export type Changed = 'roles' | 'other'

/** Around every page of the console. */
export const StandingContext = createContext<Pick<Standing, 'rooms' | 'may' | 'roles'>>({
  rooms: [],
  may: [],
  roles: [],
})

/** Whether a button stands; where the page is about one thing, for that thing. */
export function useMay(): MayI {
  const { may } = use(StandingContext)
  return (action: ConsoleAction) => may.includes(action)
}

/** Those that are open to whoever is here. */
export const useRooms = (): readonly ConsoleRoom[] => use(StandingContext).rooms

/** Of whoever is here; none until they are known. */
export const useOwnRoles = (): readonly string[] => use(StandingContext).roles ?? []

const refused = 'althing:refused'
export const tellRefused = (): void => void dispatchEvent(new Event(refused))

/** @param step counts what they did: a step within a page is none */
export function useStanding(rooms: readonly ConsoleRoom[], thing: Thing | null, step: number) {
  const [now, setNow] = useState<Standing>({ rooms: [...rooms], may: [], roles: null })
  const [changed, setChanged] = useState<Changed | null>(null)
  const before = useRef(now)
  const turn = useRef(0)
  const look = (isStep: boolean) => {
    const mine = (turn.current += 1)
    if (isStep) setChanged(null)
    standing(thing).then(
      (told) => {
        // What was asked for earlier and comes later is of the past; whose sign-in has ended is told so by the page.
        if (mine !== turn.current || !told.signedIn) return
        const how = changeOf(before.current, told)
        before.current = told
        setNow(told)
        if (how !== null) setChanged(how)
      },
      // Nobody can say it just now: what was so stays, and each door decides for itself.
      () => undefined,
    )
  }
  useEffect(() => look(true), [step, thing?.type, thing?.id])
  useEffect(() => {
    const again = () => look(false)
    addEventListener(refused, again)
    return () => removeEventListener(refused, again)
  }, [thing?.type, thing?.id])
  return { ...now, changed, isKnown: now.roles !== null }
}

/** What may be done to one thing and not to another is no change. */
function changeOf(before: Standing, next: May): Changed | null {
  if (before.roles !== null && !isSame(before.roles, next.roles)) return 'roles'
  return isSame(before.rooms, next.rooms) ? null : 'other'
}
