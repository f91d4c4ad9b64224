/** @jsxImportSource preact */
import { mount } from '@althing/web-ui/dom/island.ts'
import { applyTheme, keepLocale, readLocale, readTheme } from '@althing/web-ui/dom/preferences.ts'
import './verifier.css'
import { App } from './app.tsx'

const locale = readLocale()
keepLocale(locale)
applyTheme(readTheme())
mount(<App first={locale} />, 'app')
