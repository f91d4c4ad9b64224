/**
 * What somebody wrote outlives the end of their session: the form was sent, they had to sign in once more, and are back at the page. It is
 * kept in this tab alone, for a quarter of an hour, and given back to nobody else. Passwords and codes are never kept.
 */
const forms = ['profile', 'address-form'] as const
const keptMs = 15 * 60_000

export function keepWritten(now: () => number): void {
  const person = document.querySelector('.who')?.textContent.trim() ?? ''
  for (const id of forms) {
    const form = document.getElementById(id)
    if (!(form instanceof HTMLFormElement)) continue
    giveBack(form, person, now())
    form.addEventListener('submit', () => keep(form, person, now()))
  }
}

const keyOf = (form: HTMLFormElement) => `written ${location.pathname} ${form.id}`

function keep(form: HTMLFormElement, person: string, at: number): void {
  const values = [...new FormData(form)].filter(
    ([name, value]) => name !== 'csrf' && typeof value === 'string',
  )
  sessionStorage.setItem(keyOf(form), JSON.stringify({ person, at, values }))
}

/** Once: a page that says what was done, or what was wrong, has the values itself. */
function giveBack(form: HTMLFormElement, person: string, now: number): void {
  const text = sessionStorage.getItem(keyOf(form))
  sessionStorage.removeItem(keyOf(form))
  if (text === null || document.querySelector('.notice, .summary') !== null) return
  const kept = JSON.parse(text) as { person: string; at: number; values: [string, string][] }
  if (kept.person !== person || now - kept.at > keptMs) return
  for (const [name, value] of kept.values) {
    const field = form.elements.namedItem(name)
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement) field.value = value
  }
}
