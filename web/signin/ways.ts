/** The other ways in, as they stand on more than one page. */
import { button, form } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import type { Content, Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { FormTarget, PasskeyTarget } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

export function electronicId(locale: Locale, target: FormTarget, more: { last?: boolean } = {}): Html {
  const t = signinTexts(locale)
  const look = { kind: 'primary', wide: true, id: 'eid-button' } as const
  const ask = html`<div class="stack-tight">
    ${button(t('signIn.eid'), look)}
    <p class="hint center">${t('signIn.eid.hint')}</p>
  </div>`
  return html`${form({ ...target, id: 'eid' }, ask)}${more.last !== true && html`<p class="rule">${t('signIn.or')}</p>`}`
}

/** Needs the script, so it is hidden until the script has found that this browser knows passkeys. */
export function passkeyForm(
  locale: Locale,
  { options, ...target }: PasskeyTarget,
  { autofill = false } = {},
): Html {
  const t = signinTexts(locale)
  const look = { kind: 'secondary', wide: true, id: 'passkey-button' } as const
  return html`<div${attributes({ hidden: true, 'data-passkey': options, 'data-autofill': autofill })}>
    ${form(
      { ...target, id: 'passkey' },
      html`<input type="hidden" name="credential" value="" />`,
      button(t('passkey.button'), look),
    )}
  </div>`
}

export function links(all: readonly (readonly [label: string, href: string | undefined])[]): Content {
  const given = all.filter(([, href]) => href !== undefined)
  if (given.length === 0) return null
  return html`<ul class="links">
    ${given.map(([label, href]) => html`<li><a href="${href}">${label}</a></li>`)}
  </ul>`
}
