/**
 * What is written and not saved yet stays in this tab: over a reload, a way elsewhere and back, and the end of a session. It goes when it is saved or
 * thrown away. Whoever can read the storage of this tab reads it; it is offered to nobody but its writer, as somebody else may have signed in since.
 */
export interface Unsaved<T> {
  readonly by: string
  readonly at: string
  /** What it was written on top of. */
  readonly version: number
  readonly written: T
}

const keyOf = (name: string) => `althing.unsaved.${name}`

export function keepUnsaved<T>(name: string, unsaved: Unsaved<T>): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(unsaved))
  } catch {
    // No storage, or no room in it: then it is only on the page, as before.
  }
}

export function unsavedOf<T>(name: string, by: string): Unsaved<T> | null {
  try {
    const unsaved = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null') as Unsaved<T> | null
    return unsaved?.by === by ? unsaved : null
  } catch {
    return null
  }
}

export function forgetUnsaved(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name))
  } catch {
    // Nothing was kept either.
  }
}
