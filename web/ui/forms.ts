import { attributes, html } from './html.ts'
import type { Content, Html } from './html.ts'
import type { Locale } from './locale.ts'
import { uiTexts } from './ui-texts.ts'

/** Forms first: everything here works without script. Names and ids are stable, because password managers remember them. */
export interface FieldProblem {
  /** The id of the field to go to. */
  readonly field: string
  readonly message: string
}

export interface FormProps {
  readonly action: string
  readonly csrf: string
  readonly id?: string
  readonly method?: 'post' | 'get'
  readonly hidden?: Readonly<Record<string, string>>
  readonly className?: string
}

export function form(props: FormProps, ...children: Content[]): Html {
  const { action, csrf, id, method = 'post', hidden = {}, className } = props
  const kept = Object.entries({ ...(method === 'post' && { csrf }), ...hidden })
  return html`<form${attributes({ action, method, id, class: className, novalidate: true })}>
${kept.map(([name, value]) => html`<input${attributes({ type: 'hidden', name, value })}>`)}
${children}
</form>`
}

export interface FieldProps {
  readonly name: string
  /** The same as the name unless two forms on one page use the same name. */
  readonly id?: string
  readonly label: Content
  readonly hint?: Content
  readonly error?: string | undefined
  readonly type?: 'text' | 'email' | 'tel' | 'search' | 'url' | 'date' | 'time' | 'datetime-local' | 'number'
  readonly value?: string | undefined
  readonly autocomplete: string
  readonly inputmode?: 'text' | 'email' | 'numeric' | 'tel' | 'decimal'
  readonly required?: boolean
  readonly autofocus?: boolean
  readonly maxlength?: number
  readonly width?: 'short' | 'full'
}

/** Label, hint, error, input: in this order, so that a reader hears them before writing. */
export function field(props: FieldProps): Html {
  const {
    name,
    id = name,
    type = 'text',
    value,
    autocomplete,
    inputmode,
    required,
    autofocus,
    maxlength,
  } = props
  const verbatim = autocomplete.includes('username') || autocomplete === 'one-time-code' || type === 'email'
  const input = html`<input${attributes({
    id,
    name,
    type,
    value,
    class: props.width === 'short' ? 'input input-short' : 'input',
    autocomplete,
    inputmode,
    maxlength,
    required,
    autofocus,
    ...(verbatim && { autocapitalize: 'none', spellcheck: 'false' }),
    ...described(id, props),
  })}>`
  return wrapped(id, props, input)
}

interface CodeProps extends Omit<FieldProps, 'type' | 'autocomplete' | 'inputmode'> {
  /** Where a recovery code is taken as well: a keyboard of digits alone could not write it. */
  readonly hasLetters?: boolean
}

/** A code: one field, filled by the telephone, pasted with or without spaces. */
export function codeField({ hasLetters = false, ...props }: CodeProps): Html {
  const inputmode = hasLetters ? 'text' : 'numeric'
  return field({ ...props, autocomplete: 'one-time-code', inputmode, width: 'short' })
}

export interface PasswordProps {
  readonly locale: Locale
  readonly name?: string
  readonly id?: string
  readonly label: Content
  readonly hint?: Content
  readonly error?: string | undefined
  readonly autocomplete: 'current-password' | 'new-password'
  readonly minlength?: number
  readonly autofocus?: boolean
}

/** Never filled in by us. The button to show it appears only when the script that works it is there. */
export function passwordField(props: PasswordProps): Html {
  const { locale, name = 'password', id = name, autocomplete, minlength, autofocus } = props
  const t = uiTexts(locale)
  const input = html`<span class="password"><input${attributes({
    id,
    name,
    type: 'password',
    class: 'input',
    autocomplete,
    minlength,
    autofocus,
    required: true,
    autocapitalize: 'none',
    spellcheck: 'false',
    ...described(id, props),
  })}><button${attributes({
    type: 'button',
    class: 'password-toggle',
    hidden: true,
    'data-show-password': id,
    'data-show': t('password.show'),
    'data-hide': t('password.hide'),
    'aria-controls': id,
    'aria-pressed': 'false',
  })}>${t('password.show')}</button></span>`
  return wrapped(id, props, input)
}

export interface Option {
  readonly value: string
  readonly label: Content
  readonly hint?: Content
  readonly checked?: boolean
}

export interface ChoicesProps {
  readonly name: string
  readonly legend: Content
  readonly hint?: Content
  readonly error?: string | undefined
  readonly kind: 'one' | 'several'
  readonly options: readonly Option[]
  /** The legend is the heading of the page: one question, one page. */
  readonly headline?: boolean
}

/** One of several, or several of several: large cards over ordinary radio buttons and check boxes. */
export function choices(props: ChoicesProps): Html {
  const { name, legend, hint, error, kind, options, headline } = props
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  const title = headline ? html`<h1>${legend}</h1>` : legend
  return html`<fieldset${attributes({ class: 'choices', id: name, 'aria-describedby': described || null, tabindex: error ? -1 : null })}>
<legend>${title}</legend>
${hint && html`<p${attributes({ class: 'hint', id: `${name}-hint` })}>${hint}</p>`}
${error && html`<p${attributes({ class: 'error', id: `${name}-error` })}>${error}</p>`}
${options.map((option, i) => choice(name, kind, option, i))}
</fieldset>`
}

function choice(name: string, kind: ChoicesProps['kind'], option: Option, i: number): Html {
  const id = `${name}-${i + 1}`
  const type = kind === 'one' ? 'radio' : 'checkbox'
  return html`<div class="choice"><input${attributes({
    type,
    id,
    name,
    value: option.value,
    checked: option.checked,
    'aria-describedby': option.hint ? `${id}-hint` : null,
  })}><label${attributes({ for: id })}><span class="choice-label">${option.label}</span>${
    option.hint && html`<span${attributes({ class: 'hint', id: `${id}-hint` })}>${option.hint}</span>`
  }</label></div>`
}

/** What is wrong, first on the page, each line a link to its field. Nothing when there is nothing wrong. */
export function errorSummary(locale: Locale, problems: readonly FieldProblem[]): Html | null {
  if (problems.length === 0) return null
  return html`<div class="summary" role="alert" tabindex="-1" aria-labelledby="summary-title" data-focus>
    <h2 id="summary-title">${uiTexts(locale)('form.problem')}</h2>
    <ul>
      ${problems.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`)}
    </ul>
  </div>`
}

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger'

export interface ButtonProps {
  readonly kind?: ButtonKind
  readonly name?: string
  readonly value?: string
  readonly wide?: boolean
  readonly id?: string
}

/** A verb. One primary button on a page. */
export function button(label: Content, { kind = 'primary', wide, ...rest }: ButtonProps = {}): Html {
  return html`<button${attributes({ type: 'submit', class: buttonClass(kind, wide), ...rest })}>${label}</button>`
}

/** Looks like a button, goes somewhere, changes nothing. */
export function linkButton(
  label: Content,
  href: string,
  { kind = 'secondary', wide }: ButtonProps = {},
): Html {
  return html`<a${attributes({ class: buttonClass(kind, wide), href })}>${label}</a>`
}

/** A form that is one button: for what changes something but asks nothing. */
export function action(label: Content, props: FormProps, look: ButtonProps = {}): Html {
  return form({ className: 'inline', ...props }, button(label, look))
}

function buttonClass(kind: ButtonKind, wide?: boolean): string {
  return `button button-${kind}${wide ? ' button-wide' : ''}`
}

interface Described {
  readonly label: Content
  readonly hint?: Content
  readonly error?: string | undefined
}

function described(id: string, { hint, error }: Described) {
  const by = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return { 'aria-describedby': by || null, 'aria-invalid': error ? 'true' : null }
}

function wrapped(id: string, { label, hint, error }: Described, input: Html): Html {
  return html`<div class="field${error ? ' field-wrong' : ''}">
<label${attributes({ for: id })}>${label}</label>
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
${error && html`<p class="error" id="${id}-error">${error}</p>`}
${input}
</div>`
}
