/** Says something to a screen reader without moving anything: one polite region for the whole page. */
export function announce(message: string): void {
  const region = document.querySelector('[data-live]') ?? createRegion()
  // Emptied first: the same words twice are otherwise silence.
  region.textContent = ''
  setTimeout(() => {
    region.textContent = message
  }, 50)
}

function createRegion(): HTMLElement {
  const region = document.createElement('div')
  region.className = 'visually-hidden'
  region.dataset['live'] = ''
  region.setAttribute('role', 'status')
  region.setAttribute('aria-live', 'polite')
  document.body.append(region)
  return region
}

/** Moves a reader and the keyboard to where the new page of an island begins. */
export function focusHeading(root: ParentNode = document): void {
  const heading = root.querySelector<HTMLElement>('h1')
  if (heading === null) return
  heading.tabIndex = -1
  heading.focus()
}
