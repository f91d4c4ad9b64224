/** @jsxImportSource preact */
import { mount } from '@althing/web-ui/dom/island.ts'
import { applyTheme, keepLocale, readLocale, readTheme } from '@althing/web-ui/dom/preferences.ts'
import './verifier.css'
import { App } from './app.tsx'

const locale = readLocale()
keepLocale(locale)
applyTheme(readTheme())
// All of them now: a letter that is needed only later, for a title or a word, must not ask the network for its font.
for (const face of document.fonts) face.load().catch(() => undefined)
mount(<App first={locale} />, 'app')
