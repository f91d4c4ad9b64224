import '@althing/web-ui/dom/strict.ts'
import type { ConsoleRoom } from '@althing/portal/contract'
import { locales } from '@althing/web-ui/locale.ts'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components'
import './admin.css'
import { App } from './app.tsx'
import { carryOnSwitch } from './carried.ts'

const place = document.getElementById('app')
const locale = locales.find((known) => known === place?.dataset['locale']) ?? 'is'

carryOnSwitch(() => Date.now())
if (place !== null)
  createRoot(place).render(
    <I18nProvider locale={locale === 'is' ? 'is-IS' : 'en-GB'}>
      <App
        locale={locale}
        ballotUrl={place.dataset['ballotUrl'] ?? ''}
        rooms={(place.dataset['rooms'] ?? '').split(' ').filter((room) => room !== '') as ConsoleRoom[]}
        clock={() => new Date()}
      />
    </I18nProvider>,
  )
