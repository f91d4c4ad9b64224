/** Emergency access, told to whoever has it or asked for it, and to those who look after the house: it happens before everybody's eyes. */
import { emergencyIn, type By } from '../lent-details.ts'
import { momentIn } from './moments.ts'
import { roleIn } from './role-words.ts'
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type Emergency = Extract<NoticeKind, `emergency-${string}`>
interface Words {
  readonly subject: string
  readonly text: string
}
type Say = (detail: string) => Words

interface Told {
  readonly role: string
  readonly until: string
  /** Until when somebody may decide; nothing where a policy of the version before did not say. */
  readonly waits: string
  readonly name: string
  /** Whoever did it, where it is not the one whom it is about. */
  readonly by: string
  readonly isTheirs: boolean
  /** Nobody ended it: they have no office any more. */
  readonly isOfRoles: boolean
}

const machine = { en: 'Whoever runs the system', is: 'Rekstraraðili kerfisins' } as const
const unnamed = { en: 'Somebody else', is: 'Einhver annar' } as const
const waits = {
  en: (until: string) => ` The request waits until ${until} (Reykjavík) and then lapses.`,
  is: (until: string) => ` Beiðnin bíður til ${until} og fellur þá niður.`,
} as const
const called = (locale: Locale, { is: who, name }: By) =>
  who === 'machine' ? machine[locale] : name || unnamed[locale]

function told(locale: Locale, detail: string): Told {
  const { role, until, decideBy, name, by } = emergencyIn(detail)
  return {
    role: roleIn(locale, role),
    until: until === null ? '' : momentIn(locale, until),
    waits: decideBy === null ? '' : waits[locale](momentIn(locale, decideBy)),
    name,
    by: called(locale, by),
    isTheirs: by.is === 'themselves',
    isOfRoles: by.is === 'roles',
  }
}

const en =
  (say: (of: Told) => Words): Say =>
  (detail) =>
    say(told('en', detail))
const is =
  (say: (of: Told) => Words): Say =>
  (detail) =>
    say(told('is', detail))

export const emergency: Readonly<Record<Locale, Readonly<Record<Emergency, Say>>>> = {
  en: {
    'emergency-asked': en(({ role, waits }) => ({
      subject: 'You have asked for emergency access',
      text: `Somebody who was signed in to your account has asked to do what this role may do, for a while: ${role}. Somebody else decides about it.${waits}`,
    })),
    'emergency-given': en(({ role, until, by }) => ({
      subject: 'You have emergency access',
      text: `Until ${until} (Reykjavík) you may do what this role may do: ${role}. ${by} has agreed to it. It works only where you have signed in with a second factor, and what you do is written down. What you ask for with it lapses when it ends before anybody has decided. Give it back when you do not need it any more.`,
    })),
    'emergency-refused': en(({ role, by }) => ({
      subject: 'You do not get emergency access',
      text: `You asked to do what this role may do: ${role}. ${by} has refused it.`,
    })),
    'emergency-ended': en(({ role, by, isTheirs, isOfRoles }) => ({
      subject: 'Your emergency access was ended',
      text: `${isOfRoles ? 'It ended when you lost the last role that gives a right to it' : isTheirs ? 'Somebody who was signed in to your account has given it back' : `${by} has ended it before its time`}: you may not do any more what this role may do: ${role}. What you may do yourself is as before.`,
    })),
    'emergency-taken-back': en(({ role, by, isTheirs }) => ({
      subject: 'Your request for emergency access was taken back',
      text: `You asked to do what this role may do: ${role}. ${isTheirs ? 'Somebody who was signed in to your account' : by} has taken that back before anybody had decided about it. What you may do yourself is as before.`,
    })),
    'emergency-fell': en(({ role }) => ({
      subject: 'Your request for emergency access has lapsed',
      text: `You asked to do what this role may do: ${role}. You may not ask for that any more, and so your request has lapsed. No decision was made about it.`,
    })),
    'emergency-asked-by': en(({ role, name, waits }) => ({
      subject: `Somebody asks for emergency access: ${name}`,
      text: `${name} has asked for emergency access with this role: ${role}. It comes into force when a second person agrees.${waits}`,
    })),
    'emergency-given-to': en(({ role, until, name, by }) => ({
      subject: `Emergency access is in force: ${name}`,
      text: `${name} has emergency access with this role until ${until} (Reykjavík): ${role}. ${by} has agreed to it.`,
    })),
    'emergency-refused-to': en(({ role, name, by }) => ({
      subject: `Emergency access was refused: ${name}`,
      text: `${name} asked for emergency access with this role: ${role}. ${by} has refused it.`,
    })),
    'emergency-ended-of': en(({ role, name, by, isTheirs, isOfRoles }) => ({
      subject: `Emergency access was ended: ${name}`,
      text: `${name} has no emergency access with this role any more: ${role}. ${isOfRoles ? 'It ended when they lost the last role that gives a right to it.' : isTheirs ? 'They have given it back themselves.' : `${by} has ended it before its time.`}`,
    })),
    'emergency-taken-back-by': en(({ role, name, by, isTheirs }) => ({
      subject: `A request for emergency access was taken back: ${name}`,
      text: `${name} had asked for emergency access with this role: ${role}. ${isTheirs ? 'They have taken that back themselves' : `${by} has taken that back`} before anybody had decided about it.`,
    })),
    'emergency-fell-of': en(({ role, name }) => ({
      subject: `A request for emergency access has lapsed: ${name}`,
      text: `${name} had asked for emergency access with this role: ${role}. They may not ask for that any more, and so the request has lapsed. No decision was made about it.`,
    })),
  },
  is: {
    'emergency-asked': is(({ role, waits }) => ({
      subject: 'Þú hefur beðið um neyðaraðgang',
      text: `Einhver sem var innskráður á aðganginn þinn hefur beðið um að mega tímabundið það sem þetta hlutverk má: ${role}. Einhver annar tekur ákvörðun um það.${waits}`,
    })),
    'emergency-given': is(({ role, until, by }) => ({
      subject: 'Þú ert með neyðaraðgang',
      text: `Til ${until} máttu gera það sem þetta hlutverk má: ${role}. ${by} hefur samþykkt það. Það virkar aðeins þar sem þú hefur skráð þig inn með tveimur skrefum og allt sem þú gerir er skráð. Það sem þú biður um með honum fellur niður ef honum lýkur áður en nokkur hefur tekið afstöðu til þess. Skilaðu honum þegar þú þarft hans ekki lengur.`,
    })),
    'emergency-refused': is(({ role, by }) => ({
      subject: 'Þú færð ekki neyðaraðgang',
      text: `Þú baðst um að mega það sem þetta hlutverk má: ${role}. ${by} hefur hafnað því.`,
    })),
    'emergency-ended': is(({ role, by, isTheirs, isOfRoles }) => ({
      subject: 'Bundinn var endi á neyðaraðganginn þinn',
      text: `${isOfRoles ? 'Hann féll úr gildi þegar þú misstir síðasta hlutverkið sem veitir rétt til hans' : isTheirs ? 'Einhver sem var innskráður á aðganginn þinn hefur skilað honum' : `${by} hefur bundið enda á hann fyrr en til stóð`}. Þú mátt ekki lengur gera það sem þetta hlutverk má: ${role}. Það sem þú mátt sjálf(ur) er eins og áður.`,
    })),
    'emergency-taken-back': is(({ role, by, isTheirs }) => ({
      subject: 'Beiðnin þín um neyðaraðgang var dregin til baka',
      text: `Þú baðst um að mega það sem þetta hlutverk má: ${role}. ${isTheirs ? 'Einhver sem var innskráður á aðganginn þinn' : by} hefur dregið beiðnina til baka áður en nokkur hafði tekið afstöðu til hennar. Það sem þú mátt sjálf(ur) er eins og áður.`,
    })),
    'emergency-fell': is(({ role }) => ({
      subject: 'Beiðnin þín um neyðaraðgang féll niður',
      text: `Þú baðst um að mega það sem þetta hlutverk má: ${role}. Þú hefur ekki lengur heimild til að biðja um það og þess vegna féll beiðnin niður. Engin ákvörðun var tekin um hana.`,
    })),
    'emergency-asked-by': is(({ role, name, waits }) => ({
      subject: `Beðið er um neyðaraðgang: ${name}`,
      text: `Þessi manneskja hefur beðið um neyðaraðgang: ${name}. Hlutverkið: ${role}. Aðgangurinn gildir þegar önnur manneskja samþykkir það.${waits}`,
    })),
    'emergency-given-to': is(({ role, until, name, by }) => ({
      subject: `Neyðaraðgangur gildir: ${name}`,
      text: `Þessi manneskja hefur neyðaraðgang til ${until}: ${name}. Hlutverkið: ${role}. ${by} hefur samþykkt það.`,
    })),
    'emergency-refused-to': is(({ role, name, by }) => ({
      subject: `Neyðaraðgangi var hafnað: ${name}`,
      text: `Þessi manneskja bað um neyðaraðgang: ${name}. Hlutverkið: ${role}. ${by} hefur hafnað því.`,
    })),
    'emergency-ended-of': is(({ role, name, by, isTheirs, isOfRoles }) => ({
      subject: `Bundinn var endi á neyðaraðgang: ${name}`,
      text: `Þessi manneskja hefur ekki lengur neyðaraðgang: ${name}. Hlutverkið: ${role}. ${isOfRoles ? 'Hann féll úr gildi þegar hún missti síðasta hlutverkið sem veitir rétt til hans.' : isTheirs ? 'Hún skilaði honum sjálf.' : `${by} hefur bundið enda á hann fyrr en til stóð.`}`,
    })),
    'emergency-taken-back-by': is(({ role, name, by, isTheirs }) => ({
      subject: `Beiðni um neyðaraðgang var dregin til baka: ${name}`,
      text: `Þessi manneskja hafði beðið um neyðaraðgang: ${name}. Hlutverkið: ${role}. ${isTheirs ? 'Hún hefur sjálf dregið beiðnina til baka' : `${by} hefur dregið beiðnina til baka`} áður en nokkur hafði tekið afstöðu til hennar.`,
    })),
    'emergency-fell-of': is(({ role, name }) => ({
      subject: `Beiðni um neyðaraðgang féll niður: ${name}`,
      text: `Þessi manneskja hafði beðið um neyðaraðgang: ${name}. Hlutverkið: ${role}. Hún hefur ekki lengur heimild til að biðja um hann og þess vegna féll beiðnin niður. Engin ákvörðun var tekin um hana.`,
    })),
  },
}
