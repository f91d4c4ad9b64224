import { document } from '@althing/web-ui/document.ts'
import { button, choices, errorSummary, field, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, ProfileData, ProfileProblem } from './pages.ts'
import { section } from './section.ts'

/** My data, to be kept right by myself. The address has a form of its own: it counts only when it is proven. */
export const profilePage: AccountPage<ProfileData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { wrong = [], done, backHref } = data
  const summary = wrong.map((name) => ({
    field: fieldOf(name),
    message: t(`profile.${name}.wrong`),
  }))
  return document(chrome, {
    title: t('profile.title'),
    width: 'narrow',
    scripts: ['account/main.js'],
    writes: 'profile',
    failed: wrong.length > 0,
    main: html`${errorSummary(locale, summary)}
      <p><a href="${backHref}">${t('security.back')}</a></p>
      <h1>${t('profile.title')}</h1>
      ${done && notice(locale, 'go', t(`profile.done.${done}`))} ${aboutMe(locale, data)}
      ${section('address', t('account.email'), addressForm(locale, data))}`,
  })
}

const fieldOf = (problem: ProfileProblem) => (problem === 'often' ? 'email' : (problem.split('_')[0] ?? ''))

function aboutMe(locale: Locale, data: ProfileData): Html {
  const t = accountTexts(locale)
  const { actions, csrf, values, wrong = [], nameFrom } = data
  const errorOf = (name: 'name' | 'phone') => {
    const problem = wrong.find((one) => fieldOf(one) === name)
    return problem && t(`profile.${problem}.wrong`)
  }
  const name =
    nameFrom === 'self'
      ? field({
          name: 'name',
          label: t('account.name'),
          autocomplete: 'name',
          value: values.name,
          error: errorOf('name'),
          maxlength: 200,
          required: true,
        })
      : html`<p class="soft">${t(`profile.name.${nameFrom}`, { name: values.name ?? '' })}</p>`
  return form(
    { action: actions.profile, csrf, id: 'profile' },
    name,
    field({
      name: 'phone',
      label: t('account.phone'),
      autocomplete: 'tel',
      type: 'tel',
      value: values.phone,
      error: errorOf('phone'),
      maxlength: 30,
    }),
    choices({
      name: 'locale',
      legend: t('profile.locale'),
      kind: 'one',
      options: (['is', 'en'] as const).map((value) => ({
        value,
        label: t(`profile.locale.${value}`),
        checked: values.locale === value,
      })),
    }),
    button(t('profile.save'), { wide: true }),
  )
}

function addressForm(locale: Locale, { actions, csrf, values, wrong = [] }: ProfileData): Html {
  const t = accountTexts(locale)
  const problem = wrong.find((one) => one === 'email' || one === 'often')
  return form(
    { action: actions.address, csrf, id: 'address-form' },
    field({
      name: 'email',
      label: t('profile.email'),
      hint: t('profile.email.hint'),
      autocomplete: 'email',
      type: 'email',
      value: values.email,
      error: problem && t(`profile.${problem}.wrong`),
      maxlength: 254,
      required: true,
    }),
    button(t('profile.email.send'), { kind: 'secondary', wide: true }),
  )
}
