/**
 * What somebody in particular may or may not do for a while, told to them; that somebody asks for it, to those who decide; and what became of it, to whoever
 * asked. The first line says what it is, on what and until when, so that two letters are told apart. A letter lies in a mailbox that others may read: why it
 * was wanted, and for whom, stands on pages.
 */
import { overrideIn, type OverrideDetail } from '../lent-details.ts'
import { momentIn } from './moments.ts'
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type OverrideNotice = Extract<NoticeKind, `override-${string}`>
interface Words {
  readonly subject: string
  readonly text: string
}
type Say = (detail: string) => Words

interface Told {
  /** For the subject: the first action. */
  readonly short: string
  readonly what: string
  readonly until: string
  /** Until when somebody may decide; nothing where a policy of the version before did not say. */
  readonly waits: string
  /** Who did it: a name for whoever may not look in the console. */
  readonly by: string
  /** What they wrote, a paragraph of its own; nothing for whoever may look. */
  readonly wrote: string
}

const words = {
  en: {
    something: 'something here',
    more: (count: number) => ` and ${count} more`,
    on: { election: 'in the election ', account: 'on the account of one person', other: 'on ' },
    everywhere: 'on everything',
    by: {
      somebody: 'Somebody else',
      machine: 'Whoever runs the system',
      themselves: 'Somebody else',
      roles: 'Somebody else',
    },
    waits: (decideBy: string) => ` by ${decideBy} (Reykjavík); then the request lapses`,
    wrote: (why: string) => `\n\nWhat they wrote: “${why}”`,
  },
  is: {
    something: 'eitthvað hér',
    more: (count: number) => ` og ${count} í viðbót`,
    on: { election: 'í kosningunni ', account: 'á aðgangi einnar manneskju', other: 'á ' },
    everywhere: 'alls staðar',
    by: {
      somebody: 'Einhver annar',
      machine: 'Rekstraraðili kerfisins',
      themselves: 'Einhver annar',
      roles: 'Einhver annar',
    },
    waits: (decideBy: string) => ` í síðasta lagi ${decideBy}, annars fellur hún niður`,
    wrote: (why: string) => `\n\nÞetta var skrifað með: „${why}“`,
  },
} as const

function told(locale: Locale, detail: OverrideDetail): Told {
  const { actions, more, until, decideBy, answer } = detail
  const say = words[locale]
  const count = actions.length + more
  const named = actions.map((name) => inWords(locale, name, detail))
  return {
    short: `${named[0] ?? say.something}${count > 1 ? say.more(count - 1) : ''}`,
    what: `${named.join('; ') || say.something}${more > 0 ? say.more(more) : ''}${count > 0 ? ` (${place(locale, detail)})` : ''}`,
    until: momentIn(locale, until),
    waits: decideBy === null ? '' : say.waits(momentIn(locale, decideBy)),
    by: answer === null ? say.by.somebody : answer.by.name || say.by[answer.by.is],
    wrote: answer === null || answer.why === '' ? '' : say.wrote(answer.why),
  }
}

/** In the middle of a sentence. What is an organisation's own has its name alone. */
function inWords(locale: Locale, action: string, { words: known }: OverrideDetail): string {
  const said = known[action]?.[locale]
  return said === undefined ? action : said.charAt(0).toLocaleLowerCase(locale) + said.slice(1)
}

function place(locale: Locale, { on, kind }: OverrideDetail): string {
  const say = words[locale]
  if (on === null) return say.everywhere
  return kind === 'account' ? say.on.account : `${say.on[kind]}${on}`
}

const en =
  (say: (of: Told) => Words): Say =>
  (detail) =>
    say(told('en', overrideIn(detail)))
const is =
  (say: (of: Told) => Words): Say =>
  (detail) =>
    say(told('is', overrideIn(detail)))

export const override: Readonly<Record<Locale, Readonly<Record<OverrideNotice, Say>>>> = {
  en: {
    'override-denied': en(({ short, what, until }) => ({
      subject: `Closed to you for a while: ${short}`,
      text: `Until ${until} (Reykjavík) this is closed to you: ${what}. The office has decided so, and it ends by itself. Everything else is as before, your account and your right to vote too.`,
    })),
    'override-denial-ended': en(({ short, what, until }) => ({
      subject: `A limit was lifted: ${short}`,
      text: `This was to be closed to you until ${until} (Reykjavík): ${what}. The office has ended that before its time.`,
    })),
    'override-given': en(({ short, what, until }) => ({
      subject: `You may do more here for a while: ${short}`,
      text: `Until ${until} (Reykjavík) you may do this beside what you usually may: ${what}. The office has decided so, and it ends by itself. Your roles are as before.`,
    })),
    'override-given-ended': en(({ short, what, until }) => ({
      subject: `What you might do for a while has ended: ${short}`,
      text: `This was open to you until ${until} (Reykjavík): ${what}. The office has ended that before its time. Your roles are as before.`,
    })),
    'override-asked': en(({ short, what, until, waits }) => ({
      subject: `Somebody asks for an override: ${short}`,
      text: `Somebody has asked that somebody may do this until ${until} (Reykjavík): ${what}. You or another administrator has to decide about it${waits}.`,
    })),
    'override-agreed': en(({ short, what, until, by, wrote }) => ({
      subject: `What you asked for is in force: ${short}`,
      text: `You asked for somebody to be allowed this until ${until} (Reykjavík): ${what}. ${by} has agreed, and it is in force.${wrote}`,
    })),
    'override-refused': en(({ short, what, until, by, wrote }) => ({
      subject: `What you asked for was refused: ${short}`,
      text: `You asked for somebody to be allowed this until ${until} (Reykjavík): ${what}. ${by} has looked at it and refused it.${wrote}`,
    })),
    'override-called-off': en(({ short, what, until, by, wrote }) => ({
      subject: `What you asked for was called off: ${short}`,
      text: `You asked for somebody to be allowed this until ${until} (Reykjavík): ${what}. Before anybody had decided about it, it was called off. ${by} has done that.${wrote}`,
    })),
    'override-over': en(({ short, what, until, by, wrote }) => ({
      subject: `What you asked for was ended: ${short}`,
      text: `You wanted somebody to be allowed or denied this until ${until} (Reykjavík): ${what}. ${by} has ended that before its time.${wrote}`,
    })),
    'override-fell': en(({ short, what, until }) => ({
      subject: `What you asked for has lapsed: ${short}`,
      text: `You asked for somebody to be allowed this until ${until} (Reykjavík): ${what}. You may not ask for that any more, and so your request has lapsed. No decision was made about it.`,
    })),
    'override-lapsed': en(({ short, what, until }) => ({
      subject: `Nobody decided about what you asked for: ${short}`,
      text: `You asked for somebody to be allowed this until ${until} (Reykjavík): ${what}. Nobody has decided about it in time, and the request has lapsed. If it is still needed, ask for it again.`,
    })),
  },
  is: {
    'override-denied': is(({ short, what, until }) => ({
      subject: `Lokað fyrir þig tímabundið: ${short}`,
      text: `Til ${until} er þetta lokað fyrir þig: ${what}. Skrifstofan ákvað það og það fellur úr gildi af sjálfu sér. Allt annað er eins og áður, líka aðgangurinn þinn og kosningarétturinn.`,
    })),
    'override-denial-ended': is(({ short, what, until }) => ({
      subject: `Takmörkun var aflétt: ${short}`,
      text: `Þetta átti að vera lokað fyrir þig til ${until}: ${what}. Skrifstofan hefur aflétt því fyrr en til stóð.`,
    })),
    'override-given': is(({ short, what, until }) => ({
      subject: `Þú mátt gera meira hér um tíma: ${short}`,
      text: `Til ${until} máttu gera þetta umfram það sem þú mátt venjulega: ${what}. Skrifstofan ákvað það og það fellur úr gildi af sjálfu sér. Hlutverk þín eru eins og áður.`,
    })),
    'override-given-ended': is(({ short, what, until }) => ({
      subject: `Undanþágunni þinni er lokið: ${short}`,
      text: `Þetta máttir þú gera til ${until}: ${what}. Skrifstofan hefur bundið enda á það fyrr en til stóð. Hlutverk þín eru eins og áður.`,
    })),
    'override-asked': is(({ short, what, until, waits }) => ({
      subject: `Beðið er um undanþágu: ${short}`,
      text: `Beðið hefur verið um að einhver megi gera þetta til ${until}: ${what}. Þú eða annar stjórnandi þarf að afgreiða beiðnina${waits}.`,
    })),
    'override-agreed': is(({ short, what, until, by, wrote }) => ({
      subject: `Það sem þú baðst um er í gildi: ${short}`,
      text: `Þú baðst um að einhver mætti gera þetta til ${until}: ${what}. ${by} hefur samþykkt það og það er í gildi.${wrote}`,
    })),
    'override-refused': is(({ short, what, until, by, wrote }) => ({
      subject: `Því sem þú baðst um var hafnað: ${short}`,
      text: `Þú baðst um að einhver mætti gera þetta til ${until}: ${what}. ${by} hefur skoðað það og hafnað því.${wrote}`,
    })),
    'override-called-off': is(({ short, what, until, by, wrote }) => ({
      subject: `Beiðnin þín var dregin til baka: ${short}`,
      text: `Þú baðst um að einhver mætti gera þetta til ${until}: ${what}. ${by} hefur dregið beiðnina til baka áður en nokkur hafði tekið afstöðu til hennar.${wrote}`,
    })),
    'override-over': is(({ short, what, until, by, wrote }) => ({
      subject: `Undanþágu sem þú baðst um er lokið: ${short}`,
      text: `Þú vildir að einhver mætti, eða mætti ekki, gera þetta til ${until}: ${what}. ${by} hefur bundið enda á það fyrr en til stóð.${wrote}`,
    })),
    'override-fell': is(({ short, what, until }) => ({
      subject: `Beiðnin þín féll niður: ${short}`,
      text: `Þú baðst um að einhver mætti gera þetta til ${until}: ${what}. Þú hefur ekki lengur heimild til að biðja um það og þess vegna féll beiðnin niður. Engin ákvörðun var tekin um hana.`,
    })),
    'override-lapsed': is(({ short, what, until }) => ({
      subject: `Engin ákvörðun var tekin um beiðnina þína: ${short}`,
      text: `Þú baðst um að einhver mætti gera þetta til ${until}: ${what}. Engin ákvörðun var tekin um það í tæka tíð og beiðnin er fallin niður. Biddu aftur um þetta ef þess þarf enn.`,
    })),
  },
}
