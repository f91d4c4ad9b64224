/** A word to administrators about secrets that have to be changed: of which application, until when, and where. All in one letter. */
export type Locale = 'is' | 'en'

interface Old {
  readonly client: string
  readonly madeAt: Date
  /** Null: it is only old. */
  readonly endsAt: Date | null
  readonly link: string
}

interface Letter {
  readonly name: string
  readonly organisation: string
  readonly secrets: readonly Old[]
}

export function reminderMail(locale: Locale, letter: Letter): { subject: string; text: string } {
  const { name, organisation, secrets } = letter
  const about = secrets.map((one) => `${sentence(locale, one)}\n${one.link}`).join('\n\n')
  return locale === 'en'
    ? {
        subject: `${subject.en(secrets)} · ${organisation}`,
        text: `Dear ${name},

${about}

Make a second one, put it in place of the first, and retire the first when nothing uses it any more. When each was last used is shown there as well.
`,
      }
    : {
        subject: `${subject.is(secrets)} · ${organisation}`,
        text: `Sæl(l) ${name}.

${about}

Búðu til annað leyniorð, settu það í stað þess fyrra og taktu það fyrra úr notkun þegar ekkert notar það lengur. Þar sést líka hvenær hvort um sig var síðast notað.
`,
      }
}

const subject = {
  is: (secrets: readonly Old[]) => {
    const [one] = secrets
    if (secrets.length > 1 || one === undefined) return `Skipta þarf um leyniorð forrita: ${secrets.length}`
    return `${one.endsAt === null ? 'Leyniorð er orðið gamalt' : 'Leyniorð rennur brátt út'}: ${one.client}`
  },
  en: (secrets: readonly Old[]) => {
    const [one] = secrets
    if (secrets.length > 1 || one === undefined)
      return `Secrets of applications to be changed: ${secrets.length}`
    return `${one.endsAt === null ? 'A secret is old' : 'A secret ends soon'}: ${one.client}`
  },
}

function sentence(locale: Locale, { client, madeAt, endsAt }: Old): string {
  const format = new Intl.DateTimeFormat(locale === 'is' ? 'is-IS' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Atlantic/Reykjavik',
  })
  const made = format.format(madeAt)
  if (locale === 'en')
    return endsAt === null
      ? `A secret of the application ${client} was made on ${made} and has been in use since.`
      : `A secret of the application ${client} ends on ${format.format(endsAt)}. Whatever still shows it then is refused.`
  return endsAt === null
    ? `Leyniorð forritsins ${client} var búið til ${made} og hefur verið í notkun síðan.`
    : `Leyniorð forritsins ${client} rennur út ${format.format(endsAt)}. Því sem enn notar það þá er hafnað.`
}
