/** @jsxImportSource preact */
import '@althing/web-ui/dom/strict.ts'
import { mount } from '@althing/web-ui/dom/island.ts'
import { locales } from '@althing/web-ui/locale.ts'
import { App } from './app.tsx'
import { openDrawer } from './drawer.ts'

const place = document.getElementById('app')
const locale = locales.find((known) => known === place?.dataset['locale']) ?? 'is'

mount(
  <App
    locale={locale}
    ballotUrl={place?.dataset['ballotUrl'] ?? ''}
    drawer={openDrawer()}
    clock={() => new Date()}
    chance={() => crypto.getRandomValues(new Uint8Array(32))}
  />,
  'app',
)
