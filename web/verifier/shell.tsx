/** @jsxImportSource preact */
import { applyTheme, readTheme } from '@althing/web-ui/dom/preferences.ts'
import { locales, themes, type Locale } from '@althing/web-ui/locale.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { verifierTexts } from './verifier-texts.ts'

interface Props {
  readonly locale: Locale
  readonly onLocale: (locale: Locale) => void
  readonly children: ComponentChildren
}

const languageNames: Readonly<Record<Locale, string>> = { is: 'Íslenska', en: 'English' }

/** The same surroundings as on every other page; but no link leads away from a check that is under way. */
export function Shell({ locale, onLocale, children }: Props) {
  const t = uiTexts(locale)
  return (
    <>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <header class="header">
        <div class="header-row">
          <span class="brand">
            <Mark />
            <span>{verifierTexts(locale)('name')}</span>
          </span>
        </div>
      </header>
      <main id="main" tabIndex={-1} class="main main-reading">
        {children}
      </main>
      <footer class="footer">
        <div class="footer-row">
          <Switch
            label={t('language')}
            choices={locales}
            current={locale}
            nameOf={(other) => languageNames[other]}
            langOf={(other) => other}
            onChoose={onLocale}
          />
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
    <Switch
      label={t('theme')}
      choices={themes}
      current={theme}
      nameOf={(other) => t(`theme.${other}`)}
      onChoose={(other) => {
        applyTheme(other)
        setTheme(other)
      }}
    />
  )
}

interface SwitchProps<T extends string> {
  readonly label: string
  readonly choices: readonly T[]
  readonly current: T
  readonly nameOf: (choice: T) => string
  readonly langOf?: (choice: T) => string
  readonly onChoose: (choice: T) => void
}

function Switch<T extends string>({ label, choices, current, nameOf, langOf, onChoose }: SwitchProps<T>) {
  return (
    <nav aria-label={label}>
      <ul class="switch">
        {choices.map((choice) => (
          <li key={choice}>
            {choice === current ? (
              <span aria-current="true">{nameOf(choice)}</span>
            ) : (
              <a
                href={langOf ? `?lang=${langOf(choice)}` : '#'}
                {...(langOf && { lang: langOf(choice), hreflang: langOf(choice) })}
                onClick={(event) => {
                  event.preventDefault()
                  onChoose(choice)
                }}
              >
                {nameOf(choice)}
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <path fill="currentColor" d="M16 3 3 11v2h26v-2zM6 15h4v9H6zm8 0h4v9h-4zm8 0h4v9h-4zM3 26h26v3H3z" />
    </svg>
  )
}
