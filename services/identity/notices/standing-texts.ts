/** What somebody is told whose account was shut or opened, or whose second step was taken away, by those who look after the house: that it was, why, and whom to ask. */
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type Standing = Extract<NoticeKind, `account-${'suspended' | 'banned' | 'reinstated'}` | 'factors-reset'>
type Say = (told: string) => { readonly subject: string; readonly text: string }

/** In the words of whoever did it, set apart: they are not ours. */
const said: Readonly<Record<Locale, (told: string) => string>> = {
  en: (told) => (told === '' ? '' : `\n\nWhat we have been asked to tell you: ${told}\n`),
  is: (told) => (told === '' ? '' : `\n\nVið vorum beðin um að segja þér þetta: ${told}\n`),
}

/** The same words stand in the audit log. */
const because: Readonly<Record<Locale, (reason: string) => string>> = {
  en: (reason) => (reason === '' ? '' : `\n\nThe reason that they gave: ${reason}\n`),
  is: (reason) => (reason === '' ? '' : `\n\nÁstæða sem gefin var: ${reason}\n`),
}

export const standing: Readonly<Record<Locale, Readonly<Record<Standing, Say>>>> = {
  en: {
    'account-suspended': (told) => ({
      subject: 'Your account is suspended',
      text: `Those who look after accounts have suspended yours. You are signed out everywhere, and cannot sign in until they open it again.${said.en(told)}`,
    }),
    'account-banned': (told) => ({
      subject: 'Your account was closed',
      text: `Those who look after accounts have closed yours. You are signed out everywhere, and cannot sign in any more.${said.en(told)}`,
    }),
    'account-reinstated': (told) => ({
      subject: 'Your account is open again',
      text: `Those who look after accounts have opened yours again. You can sign in as before.${said.en(told)}`,
    }),
    'factors-reset': (reason) => ({
      subject: 'Your second step was reset',
      text: `Those who look after accounts have taken away what yours asked for beside the password: the second step and every passkey. You are signed out everywhere. Sign in with your password or a link, and set the second step up anew.${because.en(reason)}`,
    }),
  },
  is: {
    'account-suspended': (told) => ({
      subject: 'Aðganginum þínum er lokað tímabundið',
      text: `Þau sem hafa umsjón með aðgöngum hafa lokað þínum tímabundið. Þú ert skráð(ur) út alls staðar og getur ekki skráð þig inn fyrr en þau opna hann aftur.${said.is(told)}`,
    }),
    'account-banned': (told) => ({
      subject: 'Aðganginum þínum var lokað',
      text: `Þau sem hafa umsjón með aðgöngum hafa lokað þínum. Þú ert skráð(ur) út alls staðar og getur ekki lengur skráð þig inn.${said.is(told)}`,
    }),
    'account-reinstated': (told) => ({
      subject: 'Aðgangurinn þinn er opinn á ný',
      text: `Þau sem hafa umsjón með aðgöngum hafa opnað þinn aftur. Þú getur skráð þig inn eins og áður.${said.is(told)}`,
    }),
    'factors-reset': (reason) => ({
      subject: 'Annað skrefið þitt var endurstillt',
      text: `Þau sem hafa umsjón með aðgöngum hafa fjarlægt það sem þinn bað um auk lykilorðsins: annað skrefið og alla aðgangslykla. Þú ert skráð(ur) út alls staðar. Skráðu þig inn með lykilorði eða slóð og settu annað skrefið upp á nýtt.${because.is(reason)}`,
    }),
  },
}
