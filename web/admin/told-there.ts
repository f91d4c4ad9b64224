/** What was done on one page is said on the next one, which it led to: once, and not when that is loaded anew. */
import { useState } from 'react'

let told: { readonly page: string; readonly what: string } | null = null

/** @param page where it is said; who goes elsewhere meanwhile does not hear of it */
export function tellThere(page: string, what: string): void {
  told = { page, what }
}

function take(): string | null {
  const here = told?.page === location.pathname ? told.what : null
  told = null
  return here
}

/** Asked for once, when a page begins. */
export const useToldHere = (): string | null => useState(take)[0]
