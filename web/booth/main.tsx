/** @jsxImportSource preact */
import '@althing/web-ui/dom/strict.ts'
import { fromFragment } from '@althing/web-ui/crossing.ts'
import { mount } from '@althing/web-ui/dom/island.ts'
import { applyTheme, keepLocale, readLocale, readTheme } from '@althing/web-ui/dom/preferences.ts'
import './booth.css'
import { App } from './app.tsx'
import { openPlaces } from './place.ts'

// Before anything else: an address with a ticket in it must not stay where it can be seen, kept or sent.
const crossing = fromFragment(location.hash)
const locale = readLocale()
const own = crossing === null ? location.hash : ''
history.replaceState(null, '', `${location.pathname}${own}`)

keepLocale(locale)
applyTheme(readTheme())
mount(
  <App
    first={locale}
    crossing={crossing}
    places={openPlaces()}
    clock={() => new Date()}
    organisation={document.getElementById('app')?.dataset['organisation'] ?? ''}
  />,
  'app',
)
