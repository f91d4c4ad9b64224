/**
 * Where the switches of language and colours are links, what was chosen and written is kept in this tab until the page is there again: for a
 * minute, once, and never a password or a code. Where they are buttons of a form the form itself takes it along.
 */
const key = 'switched'
const keptMs = 60_000

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement
interface Kept {
  readonly page: string
  readonly at: number
  readonly fields: readonly {
    readonly nth: number
    readonly name: string
    readonly value: string | boolean
  }[]
}

export function keepOnSwitch(now: () => number): void {
  giveBack(now())
  for (const link of document.querySelectorAll('.switch a')) link.addEventListener('click', () => keep(now()))
}

function keep(at: number): void {
  const fields = fieldsOf().map((field, nth) => ({ nth, name: field.name, value: valueOf(field) }))
  if (fields.length > 0)
    sessionStorage.setItem(key, JSON.stringify({ page: location.pathname, at, fields } satisfies Kept))
}

function giveBack(now: number): void {
  const text = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  if (text === null) return
  const { page, at, fields } = JSON.parse(text) as Kept
  if (page !== location.pathname || now - at > keptMs) return
  const here = fieldsOf()
  for (const { nth, name, value } of fields) {
    const field = here[nth]
    if (field?.name !== name) continue
    if (isTicked(field) && typeof value === 'boolean') field.checked = value
    else if (typeof value === 'string') field.value = value
  }
}

const isTicked = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)

const valueOf = (field: Field) => (isTicked(field) ? field.checked : field.value)

/** In the order of the page, which is the same in each language. */
const fieldsOf = (): readonly Field[] =>
  [...document.querySelectorAll<Field>('main input, main textarea, main select')].filter(
    (field) =>
      !['hidden', 'password'].includes(field.type) &&
      !('readOnly' in field && field.readOnly) &&
      field.autocomplete !== 'one-time-code' &&
      !/code|token|passphrase/.test(field.name),
  )
