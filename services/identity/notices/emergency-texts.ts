/** Emergency access, told to whoever has it or asked for it, and to those who look after the house: it happens before everybody's eyes. */
import { momentIn } from './moments.ts'
import { roleIn } from './role-words.ts'
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type Emergency = Extract<NoticeKind, `emergency-${string}`>
type Say = (detail: string) => { readonly subject: string; readonly text: string }

interface Told {
  readonly role: string
  readonly until: string
  readonly name: string
}

function told(locale: Locale, detail: string): Told {
  const [role = '', until = '', name = ''] = detail.split('\n')
  return { role: roleIn(locale, role), until: momentIn(locale, until), name }
}

const en =
  (say: (of: Told) => ReturnType<Say>): Say =>
  (detail) =>
    say(told('en', detail))
const is =
  (say: (of: Told) => ReturnType<Say>): Say =>
  (detail) =>
    say(told('is', detail))

export const emergency: Readonly<Record<Locale, Readonly<Record<Emergency, Say>>>> = {
  en: {
    'emergency-asked': en(({ role }) => ({
      subject: 'You have asked for emergency access',
      text: `Somebody who was signed in to your account has asked to do what this role may do, for a while: ${role}. Somebody else decides about it.`,
    })),
    'emergency-given': en(({ role, until }) => ({
      subject: 'You have emergency access',
      text: `Until ${until} (Reykjavík) you may do what this role may do: ${role}. It works only where you have signed in with a second factor, and what you do is written down. Give it back when you do not need it any more.`,
    })),
    'emergency-refused': en(({ role }) => ({
      subject: 'You do not get emergency access',
      text: `You asked to do what this role may do, and it was refused: ${role}. The reason is in the console.`,
    })),
    'emergency-ended': en(({ role }) => ({
      subject: 'Your emergency access is over',
      text: `Somebody has ended it, or taken back the wish for it: you may not do what this role may do: ${role}. What you may do yourself is as before.`,
    })),
    'emergency-asked-by': en(({ role, name }) => ({
      subject: 'Somebody asks for emergency access',
      text: `${name} has asked for emergency access with this role: ${role}. It comes into force when a second person wants it.`,
    })),
    'emergency-given-to': en(({ role, until, name }) => ({
      subject: 'Emergency access is in force',
      text: `${name} has emergency access with this role until ${until} (Reykjavík): ${role}.`,
    })),
    'emergency-refused-to': en(({ role, name }) => ({
      subject: 'Emergency access was refused',
      text: `${name} asked for emergency access with this role, and it was refused: ${role}.`,
    })),
    'emergency-ended-of': en(({ role, name }) => ({
      subject: 'Emergency access is over',
      text: `${name} has no emergency access with this role any more, and does not ask for it: ${role}.`,
    })),
  },
  is: {
    'emergency-asked': is(({ role }) => ({
      subject: 'Þú hefur beðið um neyðaraðgang',
      text: `Einhver sem var innskráður á aðganginn þinn hefur beðið um að mega tímabundið það sem þetta hlutverk má: ${role}. Einhver annar ákveður um það.`,
    })),
    'emergency-given': is(({ role, until }) => ({
      subject: 'Þú ert með neyðaraðgang',
      text: `Til ${until} máttu gera það sem þetta hlutverk má: ${role}. Það virkar aðeins þar sem þú hefur skráð þig inn með tveimur skrefum og allt sem þú gerir er skráð. Skilaðu honum þegar þú þarft hans ekki lengur.`,
    })),
    'emergency-refused': is(({ role }) => ({
      subject: 'Þú færð ekki neyðaraðgang',
      text: `Þú baðst um að mega það sem þetta hlutverk má en því var hafnað: ${role}. Ástæðan er í stjórnborðinu.`,
    })),
    'emergency-ended': is(({ role }) => ({
      subject: 'Neyðaraðganginum þínum er lokið',
      text: `Honum var lokið eða beiðnin dregin til baka: þú mátt ekki gera það sem þetta hlutverk má: ${role}. Það sem þú mátt sjálf(ur) er eins og áður.`,
    })),
    'emergency-asked-by': is(({ role, name }) => ({
      subject: 'Beðið er um neyðaraðgang',
      text: `Þessi manneskja hefur beðið um neyðaraðgang: ${name}. Hlutverkið: ${role}. Aðgangurinn gildir þegar önnur manneskja vill það líka.`,
    })),
    'emergency-given-to': is(({ role, until, name }) => ({
      subject: 'Neyðaraðgangur gildir',
      text: `Þessi manneskja hefur neyðaraðgang til ${until}: ${name}. Hlutverkið: ${role}.`,
    })),
    'emergency-refused-to': is(({ role, name }) => ({
      subject: 'Neyðaraðgangi var hafnað',
      text: `Þessi manneskja bað um neyðaraðgang og því var hafnað: ${name}. Hlutverkið: ${role}.`,
    })),
    'emergency-ended-of': is(({ role, name }) => ({
      subject: 'Neyðaraðgangi er lokið',
      text: `Þessi manneskja hefur ekki lengur neyðaraðgang og biður ekki um hann: ${name}. Hlutverkið: ${role}.`,
    })),
  },
}
