import type { Chrome } from '@althing/web-ui/document.ts'
import { document } from '@althing/web-ui/document.ts'
import { createFormats } from '@althing/web-ui/format.ts'
import { button, choices, codeField, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import { emptyState, notice, statusPill, steps, table } from '@althing/web-ui/parts.ts'
import { qrCode } from '@althing/web-ui/qr.ts'
import { countdown, receiptCard, resultBars, reviewList, turnoutLine } from '@althing/web-ui/vote.ts'

const now = new Date('2026-11-22T20:03:00Z')
const until = new Date('2026-11-22T20:15:00Z')

/** Every pattern of web/ui on one page: to be looked at, and to be checked. */
export function galleryPage(chrome: Chrome): string {
  const { locale } = chrome
  const formats = createFormats(locale)
  const minute = (n: number) => new Date(now.getTime() - (12 - n) * 60_000)
  return document(chrome, {
    title: 'Sýnisbók',
    main: html`<h1>Sýnisbók</h1>
      <div class="row">
        ${statusPill('go', 'Opin')}${statusPill('wait', 'Lokar bráðum')}${statusPill('stop', 'Hafnað')}${statusPill('info', 'Birt')}${statusPill('plain', 'Drög')}
      </div>
      ${countdown(locale, formats, until, now)} ${steps(locale, 2, 4)}
      <div class="stack">
        ${(['info', 'go', 'wait', 'stop'] as const).map((tone) => notice(locale, tone, 'Eitt sem gott er að vita áður en lengra er haldið.'))}
      </div>
      <form class="paper">
        ${choices({
          name: 'q1',
          legend: 'Hver á að vera formaður?',
          hint: 'Veldu einn kost, eða engan til að skila auðu.',
          kind: 'one',
          headline: false,
          options: [
            { value: 'a', label: 'Ada Lovelace', checked: true },
            { value: 'b', label: 'Björk Þorgrímsdóttir', hint: 'Í stjórn síðan 2024' },
            { value: 'c', label: 'Æsa Ýrr Öxndal Guðmundsdóttir Kvaran' },
          ],
        })}
        ${choices({
          name: 'q2',
          legend: 'Veldu allt að tvo í stjórn',
          kind: 'several',
          error: 'Þú hefur valið þrjá. Taktu einn af.',
          options: [
            { value: 'a', label: 'Ada', checked: true },
            { value: 'b', label: 'Birna', checked: true },
            { value: 'c', label: 'Cecilia' },
          ],
        })}
        ${codeField({ name: 'code', label: 'Kóði', hint: 'Sex tölustafir í SMS-skeyti', error: 'Kóðinn er útrunninn. Fáðu nýjan.' })}
        <div class="row">
          ${button('Yfirfara')}${linkButton('Til baka', '#main')}${button('Eyða', { kind: 'danger' })}${button('Sleppa', { kind: 'quiet' })}
        </div>
      </form>
      <h2>Yfirferð</h2>
      ${reviewList([
        {
          question: 'Hver á að vera formaður?',
          answers: ['Ada Lovelace'],
          blank: 'Autt',
          change: { label: 'Breyta', href: '#q1', describe: 'svari við fyrstu spurningu' },
        },
        {
          question: 'Veldu allt að tvo í stjórn',
          answers: [],
          blank: 'Autt',
          change: { label: 'Breyta', href: '#q2', describe: 'svari við annarri spurningu' },
        },
      ])}
      ${receiptCard({
        title: 'Atkvæðið þitt er í kassanum',
        words: ['hestur', 'fjörður', 'lukt', 'sumar'],
        wordsLabel: 'Kvittun',
        explain:
          'Geymdu þessi fjögur orð. Með þeim getur þú séð að atkvæðið er talið með, en enginn getur séð hvað þú kaust.',
        qr: qrCode(
          'https://localhost/receipt#hestur-fjordur-lukt-sumar-0123456789abcdef',
          'QR-kóði með kvittuninni',
        ),
        code: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        actions: html`${linkButton('Vista', '#main')}${linkButton('Hvernig get ég athugað þetta?', '#main')}`,
      })}
      <h2>Niðurstaða</h2>
      ${resultBars(locale, formats, 'Niðurstaða', [
        { name: 'Björk Þorgrímsdóttir', count: 101, share: 101 / 312 },
        { name: 'Ada Lovelace', count: 200, share: 200 / 312, chosen: true },
        { name: 'Æsa Ýrr', count: 1, share: 1 / 312 },
      ])}
      <h2>Kjörsókn</h2>
      ${turnoutLine(locale, formats, {
        caption: 'Kjörsókn',
        points: [
          { at: minute(0), count: 0 },
          { at: minute(2), count: 60 },
          { at: minute(4), count: 180 },
          { at: minute(8), count: 260 },
          { at: minute(11), count: 312 },
        ],
        until,
        most: 480,
      })}
      ${table(
        'Félagar',
        [
          { title: 'Nafn', cell: ([name]: readonly [string, number]) => name },
          { title: 'Fjöldi', cell: ([, n]: readonly [string, number]) => formats.number(n), number: true },
        ],
        [
          ['Ari', 12345.6],
          ['Þóra', 7],
        ],
      )}
      ${emptyState('Engar kosningar enn', 'Þegar kosning er undirbúin birtist hún hér.', linkButton('Undirbúa kosningu', '#main', { kind: 'primary' }))}`,
  })
}
