import type { Chrome } from '@althing/web-ui/document.ts'
import { document } from '@althing/web-ui/document.ts'
import { button, field, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { FormTarget } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** Why there is nothing to go on with. Which codes there are, nobody is told. */
export type DeviceProblem = 'missing' | 'wrong' | 'expired' | 'used' | 'aborted' | 'failed' | 'too_many'

export interface DeviceCodeData extends FormTarget {
  readonly problem?: DeviceProblem
  /** As the link carried it. */
  readonly code?: string
}

/** A television or a program without a browser shows a code; it is written here. */
export function deviceCodePage(
  chrome: Chrome,
  { problem, code, action, csrf, hidden = {} }: DeviceCodeData,
): string {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('device.title'),
    width: 'narrow',
    writes: 'device-code',
    failed: problem !== undefined && problem !== 'aborted',
    main: html`<div class="stack-tight">
        <h1>${t('device.title')}</h1>
        <p>${t('device.text')}</p>
      </div>
      ${form(
        { action, csrf, hidden, id: 'device-code' },
        html`<div class="stack">
          ${field({
            name: 'user_code',
            ...(code === undefined ? {} : { value: code }),
            label: t('device.label'),
            hint: t('device.hint'),
            error: problem === undefined ? undefined : t(`device.problem.${problem}`),
            autocomplete: 'off',
            required: true,
            autofocus: true,
            maxlength: 20,
            width: 'short',
          })}
          ${button(t('device.button'), { wide: true })}
        </div>`,
      )}`,
  })
}

export interface DeviceConfirmData extends FormTarget {
  readonly client: string
  readonly code: string
}

/** Whoever sends the link along has the device in their hands: it is asked whether it is one's own. */
export function deviceConfirmPage(
  chrome: Chrome,
  { client, code, action, csrf, hidden = {} }: DeviceConfirmData,
): string {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('device.confirm.title'),
    width: 'narrow',
    writes: 'device-confirm',
    main: html`<div class="stack-tight">
        <h1>${t('device.confirm.title')}</h1>
        <p>${t('device.confirm.text', { client })}</p>
        <p class="lead"><code>${code}</code></p>
        <p>${t('device.confirm.warning')}</p>
      </div>
      ${form(
        { action, csrf, hidden, id: 'device-confirm' },
        html`<div class="stack">
          ${button(t('device.confirm.yes'), { name: 'confirm', value: 'yes', wide: true })}
          ${button(t('device.confirm.no'), { name: 'abort', value: 'yes', kind: 'secondary', wide: true })}
        </div>`,
      )}`,
  })
}

export function deviceDonePage(chrome: Chrome, { client }: { readonly client: string }): string {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('device.done.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
      <h1>${t('device.done.title')}</h1>
      <p class="lead">${t('device.done.text', { client })}</p>
    </div>`,
  })
}
