/**
 * HTML as a value. What is put into a template is text until somebody who made it says otherwise:
 * forgetting to escape is not possible, only forgetting to trust.
 */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

export type Content = Html | string | number | bigint | boolean | null | undefined | readonly Content[]

/** A template whose values are escaped; nothing comes out for `null`, `undefined`, `true` and `false`. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const parts = values.map((value, i) => checked(strings[i] ?? '', value, strings[i + 1] ?? ''))
  return new Html(strings.reduce((text, literal, i) => text + (parts[i - 1] ?? '') + literal))
}

/** Only for markup that we made ourselves. A value from outside never passes through here. */
export function raw(ownMarkup: string): Html {
  return new Html(ownMarkup)
}

export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>

/** ` name="value"` for each; `true` gives the bare name; `false`, `null` and `undefined` give nothing. */
export function attributes(values: Attributes): Html {
  const written = Object.entries(values).map(([name, value]) => attribute(name, value))
  return new Html(written.join(''))
}

const special: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and inside a quoted attribute. */
export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => special[character] ?? character)
}

function render(value: Content): string {
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(render).join('')
  return escape(String(value))
}

const beforeValue = /([\w:-]+)=(["']?)$/

/** The place decides: outside quotes a space would start a new attribute; in an address the scheme could run script. */
function checked(before: string, value: Content, after: string): string {
  const place = beforeValue.exec(before)
  if (place === null) return render(value)
  const [, name = '', quote] = place
  if (quote === '') throw new Error(`The attribute ${name} needs quotes around its value.`)
  if (value instanceof Html) throw new Error(`The attribute ${name} was given markup.`)
  if (isAddress(name) && !isSafeAddress(render(value) + after)) throw new Error(`Unsafe address in ${name}.`)
  return render(value)
}

function attribute(name: string, value: Attributes[string]): string {
  if (!/^[a-z][\w:.-]*$/i.test(name) || /^on/i.test(name)) throw new Error(`Not an attribute: ${name}.`)
  if (value === null || value === undefined || value === false) return ''
  if (value === true) return ` ${name}`
  if (isAddress(name) && !isSafeAddress(String(value))) throw new Error(`Unsafe address in ${name}.`)
  return ` ${name}="${escape(String(value))}"`
}

function isAddress(name: string): boolean {
  return ['href', 'src', 'action', 'formaction', 'poster'].includes(name.toLowerCase())
}

/** Relative, or one of five schemes that run nothing; `data:` for pictures only, because a document in it would run as ours. */
function isSafeAddress(address: string): boolean {
  const scheme = /^[\s\p{Cc}]*([a-z][a-z0-9+.-]*):/iu.exec(address)?.[1]?.toLowerCase()
  if (scheme === undefined) return !/^[^/?#]*[\p{Cc}][^/?#]*:/u.test(address)
  return ['http', 'https', 'mailto', 'tel', 'otpauth'].includes(scheme) || /^data:image\//i.test(address)
}
