import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, field, form } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, AddPasskeyData } from './pages.ts'

/** A name and one button; the rest is between the browser and its owner. Without script there is no such thing, and the page says so. */
export const addPasskeyPage: AccountPage<AddPasskeyData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { action, csrf, options, problem, backHref } = data
  const error = problem === 'name' ? t('addPasskey.name.missing') : undefined
  return document(chrome, {
    title: t('addPasskey.title'),
    width: 'narrow',
    scripts: ['account/main.js'],
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error ? [{ field: 'name', message: error }] : [])}
      ${(problem === 'refused' || problem === 'too_many') && notice(locale, 'stop', t(`addPasskey.${problem}`))}
      <div class="stack-tight">
        <h1>${t('addPasskey.title')}</h1>
        <p class="soft">${t('addPasskey.text')}</p>
      </div>
      <div${attributes({ class: 'card stack', 'data-add-passkey': options, hidden: true })}>
        ${form(
          { action, csrf, id: 'add-passkey' },
          html`<input type="hidden" name="credential" value="" />`,
          field({
            name: 'name',
            label: t('addPasskey.name'),
            hint: t('addPasskey.name.hint'),
            autocomplete: 'off',
            maxlength: 60,
            value: t('addPasskey.name.default'),
            error,
            required: true,
          }),
          button(t('addPasskey.button'), { wide: true, id: 'add-passkey-button' }),
        )}
        <p class="soft" role="status" data-failed="${t('addPasskey.cancelled')}" data-known="${t('addPasskey.known')}"></p>
      </div>
      <p class="notice" data-unsupported>${t('addPasskey.unsupported')}</p>
      <ul class="links"><li><a href="${backHref}">${t('security.cancel')}</a></li></ul>`,
  })
}
