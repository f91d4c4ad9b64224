import { document } from '@althing/web-ui/document.ts'
import { button, choices, form } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import type { Agreement, AgreementData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'
import { links } from './ways.ts'

/** The field of a form in which somebody agrees, and the very versions that they agree to. Nothing where there is nothing to agree to. */
export function agreementField(
  locale: Locale,
  agreement: Agreement | undefined,
  { isTicked, error }: { readonly isTicked: boolean; readonly error: string | undefined },
): Html | null {
  if (agreement === undefined) return null
  const label = signinTexts(locale)(`agreement.tick.${kindsOf(agreement)}`)
  return html`${choices({
      name: 'terms',
      legend: signinTexts(locale)('register.terms.legend'),
      kind: 'several',
      error,
      options: [{ value: 'on', label, checked: isTicked }],
    })}<input${attributes({ type: 'hidden', name: 'version', value: agreement.version })}
      >${readings(locale, agreement)}
     `
}

const kindsOf = ({ texts }: Agreement) => (texts.length > 1 ? 'both' : (texts[0]?.kind ?? 'both'))

const readings = (locale: Locale, { texts, version }: Agreement) =>
  links(
    texts.map(
      ({ kind, href }) => [signinTexts(locale)(`agreement.${kind}.read`, { version }), href] as const,
    ),
  )

/** After signing in, when the texts are not those that somebody has agreed to. Nobody is kept out: who wants to think about it is asked the next time. */
export const agreementPage: SigninPage<AgreementData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { action, csrf, hidden = {}, agreement, isNew, hasChanged } = data
  const kept = { ...hidden, version: agreement.version }
  return document(chrome, {
    title: t('agreement.title'),
    width: 'narrow',
    main: html`${hasChanged && notice(locale, 'wait', t('agreement.changed'))}
      <div class="stack-tight">
        <h1>${t('agreement.title')}</h1>
        <p>${t(isNew ? 'agreement.first' : 'agreement.again')}</p>
      </div>
      <div class="card stack">
        ${readings(locale, agreement)}
        ${form(
          { action, csrf, hidden: { ...kept, decision: 'agree' }, id: 'agreement' },
          button(t(`agreement.agree.${kindsOf(agreement)}`), { wide: true }),
        )}
        ${form(
          { action, csrf, hidden: { ...kept, decision: 'later' }, id: 'agreement-later' },
          button(t('agreement.later'), { kind: 'quiet', wide: true }),
        )}
      </div>
      <p class="soft small">${t('agreement.later.text')}</p>`,
  })
}
