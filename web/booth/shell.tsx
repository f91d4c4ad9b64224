/** @jsxImportSource preact */
import { applyTheme, readTheme } from '@althing/web-ui/dom/preferences.ts'
import { locales, themes, type Locale } from '@althing/web-ui/locale.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'

interface Props {
  readonly locale: Locale
  readonly onLocale: (locale: Locale) => void
  readonly organisation: string
  readonly go: Booth['go']
  readonly children: ComponentChildren
}

const languageNames: Readonly<Record<Locale, string>> = { is: 'Íslenska', en: 'English' }

/** The same surroundings as on every other page, written here: this origin serves the same bytes to everybody. */
export function Shell({ locale, onLocale, organisation, go, children }: Props) {
  const t = uiTexts(locale)
  const name = boothTexts(locale)('booth')
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault() // The fragment says where in the booth we are.
          document.getElementById('main')?.focus()
        }}
      >
        {t('skip')}
      </a>
      <header class="header">
        <div class="header-row">
          <Go to="/" go={go} class="brand">
            <Mark />
            <span>{organisation === '' ? name : `${organisation} · ${name}`}</span>
          </Go>
        </div>
      </header>
      <main id="main" tabIndex={-1} class="main main-reading">
        {children}
      </main>
      <footer class="footer">
        <div class="footer-row">
          <nav aria-label={t('language')}>
            <ul class="switch">
              {locales.map((other) => (
                <Choice
                  key={other}
                  current={other === locale}
                  lang={other}
                  href={`?lang=${other}`}
                  onChoose={() => onLocale(other)}
                >
                  {languageNames[other]}
                </Choice>
              ))}
            </ul>
          </nav>
          <Themes locale={locale} />
        </div>
      </footer>
    </>
  )
}

function Themes({ locale }: { readonly locale: Locale }) {
  const t = uiTexts(locale)
  const [theme, setTheme] = useState(readTheme)
  return (
    <nav aria-label={t('theme')}>
      <ul class="switch">
        {themes.map((other) => (
          <Choice
            key={other}
            current={other === theme}
            onChoose={() => {
              applyTheme(other)
              setTheme(other)
            }}
          >
            {t(`theme.${other}`)}
          </Choice>
        ))}
      </ul>
    </nav>
  )
}

interface ChoiceProps {
  readonly current: boolean
  readonly lang?: Locale
  readonly href?: string
  readonly onChoose: () => void
  readonly children: ComponentChildren
}

function Choice({ current, lang, href = '#', onChoose, children }: ChoiceProps) {
  if (current)
    return (
      <li>
        <span aria-current="true">{children}</span>
      </li>
    )
  const more = lang === undefined ? {} : { lang, hreflang: lang }
  return (
    <li>
      <a
        href={href}
        onClick={(event) => {
          event.preventDefault()
          onChoose()
        }}
        {...more}
      >
        {children}
      </a>
    </li>
  )
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <path fill="currentColor" d="M16 3 3 11v2h26v-2zM6 15h4v9H6zm8 0h4v9h-4zm8 0h4v9h-4zM3 26h26v3H3z" />
    </svg>
  )
}
