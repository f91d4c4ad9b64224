/** What a page says once of what was done just before, or why it was not. */
import { accountTexts } from '@althing/web-account/account-texts.ts'
import { signinTexts } from '@althing/web-signin/signin-texts.ts'
import { escape } from '@althing/web-ui/html.ts'
import type { Browser } from './identity.ts'

/** @returns the page that an answer leads to, and the name of the text that stands on it: `/account/security: done.password` */
export async function told(browser: Browser, answer: Response): Promise<string> {
  // Of several that came at once, this one's word.
  const [, note] = /^althing_told=([^;]+)/m.exec(answer.headers.getSetCookie().join('\n')) ?? []
  if (note !== undefined) browser.jar.set('althing_told', { value: note, path: '/' })
  const { response, url } = await browser.follow(answer)
  return `${url.pathname}: ${saidOn(await response.text()) ?? 'nothing'}`
}

/** The name of what a page says so, without the part that it is of. */
export const saidOn = (page: string): string | undefined =>
  words.find(([, texts]) => texts.some((text) => page.includes(text)))?.[0]

const words = [accountTexts, signinTexts].flatMap((texts) =>
  texts.keys
    .filter(
      (key) =>
        /^(?!device).*\.(done|problem)\./.test(key) || /^(signIn|passkey)\.\w*[fF]ailed\.title$/.test(key),
    )
    .map(
      (key) =>
        [
          key.replace(/^\w+\./, ''),
          (['is', 'en'] as const).map((locale) => escape(texts(locale)(key as never))),
        ] as const,
    ),
)
