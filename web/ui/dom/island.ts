import { render } from 'preact'
import type { ComponentChild } from 'preact'

/** Puts an island where the page left room for it. Nothing here turns a string into markup or script. */
export function mount(island: ComponentChild, id: string): void {
  const place = document.getElementById(id)
  if (place === null) throw new Error(`The page has no place called ${id}.`)
  place.replaceChildren()
  render(island, place)
}

/** What the server wrote for an island: JSON in a data attribute, because the page has no inline script. */
export function islandData<T>(id: string, parse: (value: unknown) => T): T {
  return parse(JSON.parse(document.getElementById(id)?.dataset['island'] ?? 'null'))
}
