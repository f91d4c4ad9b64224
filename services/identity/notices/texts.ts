/** Notices of what was done to an account, in the language of its owner: what, when, and what to do if it was somebody else. */
import { closingOf } from './advice.ts'
import { emergency } from './emergency-texts.ts'
import { momentIn } from './moments.ts'
import { override } from './override-texts.ts'
import { roleIn } from './role-words.ts'
import type { NoticeKind } from './schema.ts'
import { standing } from './standing-texts.ts'

interface Letter {
  readonly name: string
  readonly organisation: string
  readonly detail: string
  readonly at: Date
  /** Where somebody who did not do it begins. */
  readonly link: string
  /** Where whoever looks after accounts is reached: an address, or a page; nowhere, when nobody has said. */
  readonly contact: string | undefined
}
type Locale = 'is' | 'en'
type Say = (detail: string) => { readonly subject: string; readonly text: string }

/** Only to whom codes are sent: to anybody else it would speak of what they do not have. */
const stillTo: Readonly<Record<Locale, (codes: string) => string>> = {
  en: (codes) =>
    codes === 'sms'
      ? ' Codes by text message still go to the one before, until a code has reached another.'
      : '',
  is: (codes) =>
    codes === 'sms' ? ' SMS-kóðar fara áfram í fyrra númerið þar til kóði hefur borist í annað.' : '',
}

const rolesIn = (locale: Locale, roles: string): string =>
  roles
    .split(' ')
    .filter((role) => role !== '')
    .map((role) => roleIn(locale, role))
    .join(', ') || { en: 'none', is: 'engin' }[locale]

const say: Readonly<Record<Locale, Readonly<Record<NoticeKind, Say>>>> = {
  en: {
    'new-device': (device) => ({
      subject: 'A sign-in from a new device',
      text: `Somebody has signed in to your account from a device that we have not seen before: ${device}.`,
    }),
    'password-changed': () => ({
      subject: 'Your password was changed',
      text: 'The password of your account has been changed, and everybody else who was signed in is signed out.',
    }),
    'two-step-on': () => ({
      subject: 'The second step is on',
      text: 'From now on your account asks for a code of your authenticator application as well.',
    }),
    'two-step-off': () => ({
      subject: 'The second step is off',
      text: 'Your account does not ask for a code any more. The recovery codes are worth nothing from now on.',
    }),
    'codes-new': () => ({
      subject: 'New recovery codes',
      text: 'New recovery codes were made for your account. The ones before are worth nothing from now on.',
    }),
    'code-used': (left) => ({
      subject: 'A recovery code was used',
      text: `A recovery code of your account was used. How many are left: ${left}.`,
    }),
    'passkey-added': () => ({
      subject: 'A passkey was added',
      text: 'A passkey was added to your account. It signs in without a password.',
    }),
    'passkey-removed': () => ({
      subject: 'A passkey was removed',
      text: 'A passkey was removed from your account. It does not sign in any more.',
    }),
    'phone-proven': () => ({
      subject: 'A phone was confirmed',
      text: 'A code has reached the phone of your account. From now on codes by text message go there.',
    }),
    'phone-added': () => ({
      subject: 'A phone number was added',
      text: 'Your account has a phone number on record from now on.',
    }),
    'phone-changed': (codes) => ({
      subject: 'Your phone number was changed',
      text: `Your account has another phone number on record from now on.${stillTo.en(codes)}`,
    }),
    'phone-removed': (codes) => ({
      subject: 'Your phone number was removed',
      text: `Your account has no phone number on record from now on.${stillTo.en(codes)}`,
    }),
    'sms-code-on': () => ({
      subject: 'Codes by text message are on',
      text: 'From now on your account takes a code by text message as its second step.',
    }),
    'sms-code-off': () => ({
      subject: 'Codes by text message are off',
      text: 'Your account does not take codes by text message any more.',
    }),
    'mail-code-on': () => ({
      subject: 'Codes by e-mail are on',
      text: 'From now on your account takes a code by e-mail as its second step.',
    }),
    'mail-code-off': () => ({
      subject: 'Codes by e-mail are off',
      text: 'Your account does not take codes by e-mail any more.',
    }),
    'identity-linked': () => ({
      subject: 'Another account was linked',
      text: 'An account elsewhere was linked to yours. It signs in here from now on.',
    }),
    'identity-unlinked': () => ({
      subject: 'A linked account was removed',
      text: 'An account elsewhere does not sign in to yours any more.',
    }),
    'sign-in-unusual': (device) => ({
      subject: 'An unusual sign-in',
      text: `Somebody has proven to us that they are you, in a way, from a place or on a device that is unusual for you: ${device}.`,
    }),
    'sign-in-blocked': (device) => ({
      subject: 'We refused a sign-in',
      text: `Somebody knew your password, or had your link, and wanted to sign in: ${device}. It did not look like you, so we did not let them in. From a device that you have used here before, with a passkey or with your electronic ID you can always sign in.`,
    }),
    'token-reused': () => ({
      subject: 'An application was signed out',
      text: 'Something that signs an application in to your account was used twice, as happens when it has been copied. We have ended that sign-in.',
    }),
    'password-breached': () => ({
      subject: 'Your password is not safe any more',
      text: 'The password of your account stands in a list of passwords that were stolen elsewhere. Attackers try such lists everywhere.',
    }),
    'factor-shut': () => ({
      subject: 'Somebody is guessing at your account',
      text: 'What opens your account was tried wrongly so many times in a row that it opens nothing any more from devices that we do not know. Sign in once from a device that you have used here before, or in another way of yours, and it opens everywhere again.',
    }),
    'account-paused': () => ({
      subject: 'Too many wrong tries at your account',
      text: 'Somebody was wrong so many times in a row when they signed in to your account that they have to wait before they may try again. Nobody got in. From another place, or from a device that you have used here before, you can sign in meanwhile. However often it happens, we write about it once a day at most.',
    }),
    ...standing.en,
    ...emergency.en,
    ...override.en,
    'session-guessed': () => ({
      subject: 'You were signed out',
      text: 'Somebody who was signed in to your account was asked to prove once more that they are you, and was wrong too many times. We have ended that session.',
    }),
    'roles-changed': (roles) => ({
      subject: 'Your roles were changed',
      text: `The office has changed what you may do here. Your roles now: ${rolesIn('en', roles)}.`,
    }),
  },
  is: {
    'new-device': (device) => ({
      subject: 'Innskráning úr nýju tæki',
      text: `Einhver skráði sig inn á aðganginn þinn úr tæki sem við höfum ekki séð áður: ${device}.`,
    }),
    'password-changed': () => ({
      subject: 'Lykilorðinu þínu var breytt',
      text: 'Lykilorðinu að aðganginum þínum var breytt og allir aðrir sem voru innskráðir eru skráðir út.',
    }),
    'two-step-on': () => ({
      subject: 'Annað skrefið er komið á',
      text: 'Héðan í frá biður aðgangurinn þinn einnig um kóða úr auðkenningarforritinu.',
    }),
    'two-step-off': () => ({
      subject: 'Annað skrefið er farið af',
      text: 'Aðgangurinn þinn biður ekki lengur um kóða. Endurheimtarkóðarnir eru ógildir héðan í frá.',
    }),
    'codes-new': () => ({
      subject: 'Nýir endurheimtarkóðar',
      text: 'Nýir endurheimtarkóðar voru gerðir fyrir aðganginn þinn. Þeir fyrri eru ógildir héðan í frá.',
    }),
    'code-used': (left) => ({
      subject: 'Endurheimtarkóði var notaður',
      text: `Endurheimtarkóði að aðganginum þínum var notaður. Fjöldi sem eftir er: ${left}.`,
    }),
    'passkey-added': () => ({
      subject: 'Aðgangslykli var bætt við',
      text: 'Aðgangslykli var bætt við aðganginn þinn. Hann skráir inn án lykilorðs.',
    }),
    'phone-proven': () => ({
      subject: 'Sími var staðfestur',
      text: 'Kóði barst í símann sem er skráður á aðganginn þinn. Héðan í frá fara SMS-kóðar þangað.',
    }),
    'phone-added': () => ({
      subject: 'Símanúmeri var bætt við',
      text: 'Aðgangurinn þinn er með símanúmer á skrá héðan í frá.',
    }),
    'phone-changed': (codes) => ({
      subject: 'Símanúmerinu þínu var breytt',
      text: `Aðgangurinn þinn er með annað símanúmer á skrá héðan í frá.${stillTo.is(codes)}`,
    }),
    'phone-removed': (codes) => ({
      subject: 'Símanúmerið þitt var fjarlægt',
      text: `Aðgangurinn þinn er ekki með neitt símanúmer á skrá héðan í frá.${stillTo.is(codes)}`,
    }),
    'sms-code-on': () => ({
      subject: 'Kóðar með SMS eru komnir á',
      text: 'Héðan í frá tekur aðgangurinn þinn við kóða með SMS sem öðru skrefi.',
    }),
    'sms-code-off': () => ({
      subject: 'Kóðar með SMS eru farnir af',
      text: 'Aðgangurinn þinn tekur ekki lengur við kóðum með SMS.',
    }),
    'mail-code-on': () => ({
      subject: 'Kóðar í tölvupósti eru komnir á',
      text: 'Héðan í frá tekur aðgangurinn þinn við kóða í tölvupósti sem öðru skrefi.',
    }),
    'mail-code-off': () => ({
      subject: 'Kóðar í tölvupósti eru farnir af',
      text: 'Aðgangurinn þinn tekur ekki lengur við kóðum í tölvupósti.',
    }),
    'identity-linked': () => ({
      subject: 'Annar aðgangur var tengdur',
      text: 'Aðgangur annars staðar var tengdur við þinn. Hann skráir inn hér héðan í frá.',
    }),
    'identity-unlinked': () => ({
      subject: 'Tengdur aðgangur var fjarlægður',
      text: 'Aðgangur annars staðar skráir ekki lengur inn á þinn.',
    }),
    'sign-in-unusual': (device) => ({
      subject: 'Óvenjuleg innskráning',
      text: `Einhver sannaði fyrir okkur að vera þú, á hátt, frá stað eða úr tæki sem er óvenjulegt fyrir þig: ${device}.`,
    }),
    'sign-in-blocked': (device) => ({
      subject: 'Við höfnuðum innskráningu',
      text: `Einhver vissi lykilorðið þitt eða hafði slóðina þína og vildi skrá sig inn: ${device}. Það líktist þér ekki, svo viðkomandi komst ekki inn. Úr tæki sem þú hefur notað hér áður, með aðgangslykli eða rafrænum skilríkjum kemst þú alltaf inn.`,
    }),
    'token-reused': () => ({
      subject: 'Forrit var skráð út',
      text: 'Nokkuð sem skráir forrit inn á aðganginn þinn var notað tvisvar, eins og gerist þegar það er afritað. Við höfum lokað þeirri innskráningu.',
    }),
    'password-breached': () => ({
      subject: 'Lykilorðið þitt er ekki lengur öruggt',
      text: 'Lykilorðið að aðganginum þínum er á lista yfir lykilorð sem stolið var annars staðar. Árásarmenn reyna slíka lista alls staðar.',
    }),
    'factor-shut': () => ({
      subject: 'Einhver giskar á aðganginn þinn',
      text: 'Það sem opnar aðganginn þinn var reynt svo oft í röð með röngu að það opnar ekkert lengur úr tækjum sem við þekkjum ekki. Skráðu þig inn einu sinni úr tæki sem þú hefur notað hér áður, eða á annan hátt sem þú átt, og þá opnar það aftur alls staðar.',
    }),
    'account-paused': () => ({
      subject: 'Of margar rangar tilraunir við aðganginn þinn',
      text: 'Einhver svaraði svo oft rangt við innskráningu á aðganginn þinn að sá hinn sami þarf að bíða áður en hann má reyna aftur. Enginn komst inn. Frá öðrum stað, eða úr tæki sem þú hefur notað hér áður, geturðu skráð þig inn á meðan. Hversu oft sem þetta gerist skrifum við þér um það einu sinni á dag í mesta lagi.',
    }),
    ...standing.is,
    ...emergency.is,
    ...override.is,
    'session-guessed': () => ({
      subject: 'Þú varst skráð(ur) út',
      text: 'Einhver sem var innskráður á aðganginn þinn var beðinn um að sanna aftur að það værir þú og svaraði of oft rangt. Við höfum lokað þeirri innskráningu.',
    }),
    'roles-changed': (roles) => ({
      subject: 'Hlutverkum þínum var breytt',
      text: `Skrifstofan hefur breytt því hvað þú mátt gera hér. Hlutverk þín núna: ${rolesIn('is', roles)}.`,
    }),
    'passkey-removed': () => ({
      subject: 'Aðgangslykill var fjarlægður',
      text: 'Aðgangslykill var fjarlægður af aðganginum þínum. Hann skráir ekki lengur inn.',
    }),
  },
}

export function noticeMail(
  locale: Locale,
  kind: NoticeKind,
  { name, organisation, detail, at, link, contact }: Letter,
): { subject: string; text: string } {
  const { subject, text } = say[locale][kind](detail)
  const time = momentIn(locale, at)
  const closing = closingOf(locale, kind, detail, { organisation, contact, link })
  const whole =
    locale === 'en'
      ? `Dear ${name},

${text}
It was on ${time} (Reykjavík).

${closing}
`
      : `Sæl(l) ${name}.

${text}
Þetta var ${time} (Reykjavík).

${closing}
`
  return { subject: `${subject} · ${organisation}`, text: whole }
}
