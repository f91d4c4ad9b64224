import { document } from '@althing/web-ui/document.ts'
import { button, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { FormTarget, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

interface AccountsData extends FormTarget {
  readonly person: string
  readonly address: string
  readonly client?: string
}

/** Who is to go on: whoever is signed in here, or somebody else. */
export const accountsPage: SigninPage<AccountsData> = (chrome, { person, address, client, ...target }) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const way = (decision: string, label: string, kind: 'primary' | 'secondary') =>
    form(
      {
        ...target,
        hidden: { ...target.hidden, decision },
        id: `account-${decision}`,
      },
      button(label, { kind, wide: true, id: `account-${decision}-button` }),
    )
  return document(chrome, {
    title: t('accounts.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t('accounts.title')}</h1>
        ${client && html`<p class="lead">${t('signIn.for', { client })}</p>`}
      </div>
      <div class="card">
        <p><strong>${person}</strong><br /><span class="soft">${address}</span></p>
        ${way('same', t('accounts.same', { person }), 'primary')}
        ${way('other', t('accounts.other'), 'secondary')}
        <p class="soft small">${t('accounts.text', { person })}</p>
      </div>`,
  })
}
