/**
 * Our mails are written as text; this is the same letter as HTML, for who reads mail that way. One frame for all of them: no
 * pictures, nothing from elsewhere, and nothing in it that the text does not say.
 */
import type { Message } from '@althing/kernel/mail'
import type { Addressee } from './deliveries/schema.ts'

/** What carries letters to people. */
export interface Post {
  send(letter: Message & Addressee): Promise<void>
}

interface Person {
  readonly id: string
  readonly email: string
  readonly locale: 'is' | 'en'
}

/** The head of a letter to somebody who has an account, at the address that they have here. */
export const toPerson = ({ id, email, locale }: Person, why: Addressee['why']) => ({
  account: id,
  why,
  to: email,
  lang: locale,
})

interface Frame {
  readonly organisation: string
  /** Only what begins with it becomes a button: a name or a reason in a letter is never a link. */
  readonly url: string
}

/** @returns a carrier that adds the HTML to every letter that says its language */
export function withLetters<M extends Message>(mail: Carrier<M>, frame: Frame): Carrier<M> {
  return {
    send: (message) =>
      mail.send(
        message.lang === undefined || message.html !== undefined
          ? message
          : { ...message, html: asHtml(message.text, message.subject, message.lang, frame) },
      ),
  }
}

interface Carrier<M> {
  send(message: M): Promise<void>
}

const words = { is: { open: 'Opna síðuna' }, en: { open: 'Open the page' } } as const

export function asHtml(text: string, subject: string, lang: string, { organisation, url }: Frame): string {
  const { open } = words[lang === 'en' ? 'en' : 'is']
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraphOf(paragraph, open, url))
  return `<!doctype html>
<html lang="${lang === 'en' ? 'en' : 'is'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escape(subject)}</title>
</head>
<body style="margin:0;padding:24px 16px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto">
<p style="margin:0 0 24px;font-weight:600">${escape(organisation)}</p>
${paragraphs.join('\n')}
</div>
</body>
</html>
`
}

function paragraphOf(text: string, open: string, url: string): string {
  if (/^\S+$/.test(text) && text.startsWith(`${url}/`)) return button(text, open)
  // A code stands alone in its line: large enough to be read from a telephone to a keyboard.
  if (/^[0-9a-z]+(?:[ -][0-9a-z]+)*$/.test(text) && /\d/.test(text) && text.length <= 24)
    return `<p style="margin:0 0 16px;font-size:28px;letter-spacing:2px"><strong>${escape(text)}</strong></p>`
  return `<p style="margin:0 0 16px">${escape(text).replaceAll('\n', '<br>\n')}</p>`
}

/** The address stands beneath it too: who cannot press, or does not trust what is behind a button, copies it. */
function button(href: string, label: string): string {
  const address = escape(href)
  return `<p style="margin:0 0 8px"><a href="${address}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5563;color:#ffffff;text-decoration:none;font-weight:600">${label}</a></p>
<p style="margin:0 0 16px;font-size:13px;word-break:break-all">${address}</p>`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '')
