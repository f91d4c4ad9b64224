import { document } from '@althing/web-ui/document.ts'
import { action, button, choices, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly, notice } from '@althing/web-ui/parts.ts'
import { serverLists, type AskedServer } from '@althing/web-ui/servers.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage } from './pages.ts'
import { section } from './section.ts'

type SharingChoice = 'ask' | 'allow' | 'deny'
type SharingScope = 'profile' | 'email' | 'phone' | 'roles' | 'groups' | 'membership' | 'national_id'

export interface ConnectedData {
  readonly csrf: string
  readonly connected: readonly {
    readonly client: string
    readonly name: string
    readonly scopes: readonly string[]
    /** Where it may do something in the person's name. */
    readonly servers: readonly AskedServer[]
    readonly since: Date
  }[]
  readonly choices: Readonly<Record<SharingScope, SharingChoice>>
  /** Each is a POST: the first with `client`, the second with a choice for each scope. */
  readonly actions: { readonly end: string; readonly choose: string }
  readonly backHref: string
  readonly done?: 'ended' | 'gone' | 'saved'
}

/** The applications that somebody uses with this account, and what these are told. */
export const connectedPage: AccountPage<ConnectedData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { connected, done, backHref } = data
  const list =
    connected.length === 0
      ? html`<p class="soft">${t('connected.none')}</p>`
      : html`<ul class="rows" aria-labelledby="applications-title">
          ${connected.map((one) => row(locale, data, one))}
        </ul>`
  return document(chrome, {
    title: t('connected.title'),
    scripts: ['account/main.js'],
    main: html`<p><a href="${backHref}">${t('security.back')}</a></p>
      <h1>${t('connected.title')}</h1>
      ${done && notice(locale, done === 'gone' ? 'stop' : 'go', t(`connected.done.${done}`))}
      ${section(
        'applications',
        t('connected.list'),
        html`${connected.length > 0 && html`<p class="soft">${t('connected.text')}</p>`} ${list}`,
      )}
      ${section('sharing', t('connected.sharing'), sharing(locale, data))}`,
  })
}

function row(
  locale: Locale,
  { csrf, actions }: ConnectedData,
  { client, name, scopes, servers, since }: ConnectedData['connected'][number],
): Html {
  const t = accountTexts(locale)
  const words = told.filter((scope) => scopes.includes(scope)).map((scope) => t(`connected.scope.${scope}`))
  return html`<li>
    <div class="rows-main">
      <p><strong>${name}</strong></p>
      <details class="more">
        <summary>${t('connected.told')}<span class="visually-hidden"> (${name})</span></summary>
        <p class="soft small">${words.join(', ')}</p>
        ${serverLists(
          servers,
          (title) => t('connected.server', { name: title }),
          (scope) => t('connected.scope.other', { scope }),
        )}
      </details>
      <p class="soft small">${t('connected.since')} ${exactly(since, { locale }, 'date')}</p>
    </div>
    ${action(
      html`${t('connected.end')}<span class="visually-hidden"> ${name}</span>`,
      { action: actions.end, csrf, hidden: { client } },
      { kind: 'secondary' },
    )}
  </li>`
}

const kept = ['profile', 'email', 'phone', 'roles', 'groups', 'membership', 'national_id'] as const
const told = ['openid', ...kept, 'offline_access'] as const

function sharing(locale: Locale, { csrf, actions, choices: chosen }: ConnectedData): Html {
  const t = accountTexts(locale)
  // Folded, with what holds beside it: four questions of three answers each would be a page of their own.
  const questions = kept.map(
    (scope) =>
      html`<details class="more">
        <summary>
          <span
            >${t(`connected.scope.${scope}`)}:
            <span class="soft">${t(`connected.choice.${chosen[scope]}`)}</span></span
          >
        </summary>
        ${choices({
          name: scope,
          legend: html`<span class="visually-hidden">${t(`connected.scope.${scope}`)}</span>`,
          kind: 'one',
          options: (['ask', 'allow', 'deny'] as const).map((choice) => ({
            value: choice,
            label: t(`connected.choice.${choice}`),
            checked: chosen[scope] === choice,
          })),
        })}
      </details>`,
  )
  return html`<p class="soft">${t('connected.sharing.text')}</p>
    <div class="card">
      ${form(
        { action: actions.choose, csrf, id: 'choices' },
        html`<div class="stack">${questions}</div>`,
        button(t('profile.save'), { wide: true }),
      )}
    </div>`
}
