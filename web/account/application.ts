import { document } from '@althing/web-ui/document.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import { accountTexts } from './account-texts.ts'

export interface ApplicationData {
  readonly app: 'collect' | 'admin'
  /** Where ballots are cast: the application sends the browser there, and never asks it anything. */
  readonly ballotUrl: string
  /** Those of the console that whoever is signed in may enter. */
  readonly rooms?: readonly string[]
}

/** The frame of an application with a script of its own. What it needs to know stands in attributes; nothing is inline. */
export function applicationPage(chrome: Chrome, { app, ballotUrl, rooms = [] }: ApplicationData): string {
  const t = accountTexts(chrome.locale)
  return document(chrome, {
    title: t(`app.${app}.title`),
    width: app === 'admin' ? 'wide' : 'reading',
    scripts: [`${app}/main.js`],
    styles: app === 'admin' ? ['admin/main.css'] : [],
    main: html`<div${attributes({ id: 'app', 'data-ballot-url': ballotUrl, 'data-locale': chrome.locale, 'data-rooms': app === 'admin' ? rooms.join(' ') : null })}></div>
      <noscript><p class="notice">${t(app === 'admin' ? 'app.admin.script' : 'app.script')}</p></noscript>`,
  })
}
