/** A word to administrators about a secret that has to be changed: of which application, until when, and where. */
export type Locale = 'is' | 'en'

interface Letter {
  readonly name: string
  readonly organisation: string
  readonly client: string
  readonly madeAt: Date
  /** Null: it is only old. */
  readonly endsAt: Date | null
  readonly link: string
}

export function reminderMail(locale: Locale, letter: Letter): { subject: string; text: string } {
  const { name, organisation, client, madeAt, endsAt, link } = letter
  const format = new Intl.DateTimeFormat(locale === 'is' ? 'is-IS' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Atlantic/Reykjavik',
  })
  const made = format.format(madeAt)
  const ends = endsAt === null ? null : format.format(endsAt)
  return locale === 'en'
    ? {
        subject: `${ends === null ? 'A secret is old' : 'A secret ends soon'}: ${client} · ${organisation}`,
        text: `Dear ${name},

${ends === null ? `A secret of the application ${client} was made on ${made} and has been in use since.` : `A secret of the application ${client} ends on ${ends}. Whatever still shows it then is refused.`}

Make a second one, put it in place of the first, and retire the first when nothing uses it any more. When each was last used is shown here:

${link}
`,
      }
    : {
        subject: `${ends === null ? 'Leyniorð er orðið gamalt' : 'Leyniorð rennur brátt út'}: ${client} · ${organisation}`,
        text: `Sæl(l) ${name}.

${ends === null ? `Leyniorð forritsins ${client} var búið til ${made} og hefur verið í notkun síðan.` : `Leyniorð forritsins ${client} rennur út ${ends}. Því sem enn notar það þá er hafnað.`}

Búðu til annað, settu það í stað þess fyrra og taktu það fyrra úr notkun þegar ekkert notar það lengur. Hér sést hvenær hvort um sig var síðast notað:

${link}
`,
      }
}
