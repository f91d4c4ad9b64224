/**
 * What somebody in particular may or may not do for a while, told to them, and what became of it to whoever asked for it. A letter lies in a mailbox that
 * others may read: what it is about, why, and who decided stand in the console, and are asked of the office.
 */
import { momentIn } from './moments.ts'
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type OverrideNotice = Extract<NoticeKind, `override-${string}`>
type Say = (detail: string) => { readonly subject: string; readonly text: string }

const until = (locale: Locale, detail: string) => momentIn(locale, detail.split('\n')[0] ?? '')
/** Of the detail of such a notice the override. */
export const overrideIn = (detail: string): string => detail.split('\n')[1] ?? ''

export const override: Readonly<Record<Locale, Readonly<Record<OverrideNotice, Say>>>> = {
  en: {
    'override-denied': (detail) => ({
      subject: 'Something here is closed to you for a while',
      text: `Until ${until('en', detail)} (Reykjavík) something that others may do here is closed to you. The office has decided so, and it ends by itself. Everything else is as before, your account and your right to vote too.`,
    }),
    'override-denial-ended': () => ({
      subject: 'A limit on what you may do here was lifted',
      text: 'For a while something that others may do here was closed to you. The office has ended that before its time.',
    }),
    'override-given': (detail) => ({
      subject: 'You may do more here for a while',
      text: `Until ${until('en', detail)} (Reykjavík) you may do something here beside what you usually may. The office has decided so, and it ends by itself. Your roles are as before.`,
    }),
    'override-given-ended': () => ({
      subject: 'What you might do here beside the usual has ended',
      text: 'For a while you might do something here beside what you usually may. The office has ended that before its time. Your roles are as before.',
    }),
    'override-agreed': (detail) => ({
      subject: 'What you asked for is in force',
      text: `You asked for somebody to be allowed something for a while. Somebody else has agreed: it is in force until ${until('en', detail)} (Reykjavík).`,
    }),
    'override-refused': () => ({
      subject: 'What you asked for was refused',
      text: 'You asked for somebody to be allowed something for a while. Somebody else has looked at it and refused it.',
    }),
    'override-called-off': () => ({
      subject: 'What you asked for was called off',
      text: 'You asked for somebody to be allowed something for a while. Before anybody had decided about it somebody else has called it off.',
    }),
    'override-over': () => ({
      subject: 'What you asked for was ended',
      text: 'You wanted somebody to be allowed or denied something for a while. Somebody else has ended that before its time.',
    }),
  },
  is: {
    'override-denied': (detail) => ({
      subject: 'Eitthvað hér er lokað þér um tíma',
      text: `Til ${until('is', detail)} er eitthvað sem aðrir mega gera hér lokað þér. Skrifstofan ákvað það og það fellur úr gildi af sjálfu sér. Allt annað er eins og áður, líka aðgangurinn þinn og kosningarétturinn.`,
    }),
    'override-denial-ended': () => ({
      subject: 'Takmörkun var aflétt',
      text: 'Um tíma var eitthvað sem aðrir mega gera hér lokað þér. Skrifstofan hefur aflétt því fyrr en til stóð.',
    }),
    'override-given': (detail) => ({
      subject: 'Þú mátt gera meira hér um tíma',
      text: `Til ${until('is', detail)} máttu gera eitthvað hér umfram það sem þú mátt venjulega. Skrifstofan ákvað það og það fellur úr gildi af sjálfu sér. Hlutverk þín eru eins og áður.`,
    }),
    'override-given-ended': () => ({
      subject: 'Undanþágunni þinni er lokið',
      text: 'Um tíma máttir þú gera eitthvað hér umfram það sem þú mátt venjulega. Skrifstofan hefur bundið enda á það fyrr en til stóð. Hlutverk þín eru eins og áður.',
    }),
    'override-agreed': (detail) => ({
      subject: 'Það sem þú baðst um er í gildi',
      text: `Þú baðst um að einhver mætti gera eitthvað um tíma. Einhver annar hefur samþykkt það: það gildir til ${until('is', detail)}.`,
    }),
    'override-refused': () => ({
      subject: 'Því sem þú baðst um var hafnað',
      text: 'Þú baðst um að einhver mætti gera eitthvað um tíma. Einhver annar hefur skoðað það og hafnað því.',
    }),
    'override-called-off': () => ({
      subject: 'Beiðnin þín var dregin til baka',
      text: 'Þú baðst um að einhver mætti gera eitthvað um tíma. Einhver annar hefur dregið beiðnina til baka áður en nokkur hafði ákveðið um hana.',
    }),
    'override-over': () => ({
      subject: 'Undanþágu sem þú baðst um er lokið',
      text: 'Þú vildir að einhver mætti, eða mætti ekki, gera eitthvað um tíma. Einhver annar hefur bundið enda á það fyrr en til stóð.',
    }),
  },
}
