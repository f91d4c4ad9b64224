/** The mails of taking one's data along and of being forgotten, in the language of their reader. */
interface Letter {
  readonly name: string
  readonly organisation: string
  readonly link: string
}
interface Mail {
  readonly subject: string
  readonly text: string
}
type Locale = 'is' | 'en'

const day = (date: Date, locale: Locale) =>
  new Intl.DateTimeFormat(locale === 'is' ? 'is-IS' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Atlantic/Reykjavik',
  }).format(date)

export function readyMail(
  locale: Locale,
  { name, organisation, link, until }: Letter & { readonly until: Date },
): Mail {
  if (locale === 'en')
    return {
      subject: `Your data at ${organisation} are ready`,
      text: `Dear ${name},

The archive with your data is ready. Sign in and fetch it, until ${day(until, locale)}:

${link}

It opens with the passphrase that you saw when you asked for it.
If you did not ask for it, change your password and contact the office.
`,
    }
  return {
    subject: `Gögnin þín hjá ${organisation} eru tilbúin`,
    text: `Sæl(l) ${name}.

Safnskráin með gögnunum þínum er tilbúin. Skráðu þig inn og sæktu hana, til ${day(until, locale)}:

${link}

Hún opnast með aðgangsorðunum sem þú sást þegar þú baðst um hana.
Ef þú baðst ekki um hana skaltu breyta lykilorðinu og hafa samband við skrifstofuna.
`,
  }
}

export function erasureAskedMail(
  locale: Locale,
  { name, organisation, link, due }: Letter & { readonly due: Date },
): Mail {
  if (locale === 'en')
    return {
      subject: `Your account at ${organisation} will be erased on ${day(due, locale)}`,
      text: `Dear ${name},

Your account at ${organisation}, your membership and everything we hold about you will be erased on ${day(due, locale)}.
After that nobody can bring them back.

Until then you can change your mind: sign in and call it off.

${link}

If you did not ask for this, sign in, call it off and change your password.
`,
    }
  return {
    subject: `Aðganginum þínum hjá ${organisation} verður eytt ${day(due, locale)}`,
    text: `Sæl(l) ${name}.

Aðganginum þínum hjá ${organisation}, félagsaðildinni og öllu sem við geymum um þig verður eytt ${day(due, locale)}.
Eftir það getur enginn endurheimt það.

Þangað til geturðu hætt við: skráðu þig inn og afturkallaðu.

${link}

Ef þú baðst ekki um þetta skaltu skrá þig inn, afturkalla og breyta lykilorðinu.
`,
  }
}

export function erasureCancelledMail(locale: Locale, { name, organisation }: Omit<Letter, 'link'>): Mail {
  if (locale === 'en')
    return {
      subject: `Your account at ${organisation} stays`,
      text: `Dear ${name},

The erasure of your account at ${organisation} was called off. Everything stays as it was.
`,
    }
  return {
    subject: `Aðgangurinn þinn hjá ${organisation} verður áfram til`,
    text: `Sæl(l) ${name}.

Hætt var við að eyða aðganginum þínum hjá ${organisation}. Allt er eins og það var.
`,
  }
}

export function erasedMail(locale: Locale, { name, organisation }: Omit<Letter, 'link'>): Mail {
  if (locale === 'en')
    return {
      subject: `Your account at ${organisation} is erased`,
      text: `Dear ${name},

Your account at ${organisation} and everything we hold about you is being erased now. This is the last mail to you:
we do not know this address any more.
`,
    }
  return {
    subject: `Aðganginum þínum hjá ${organisation} er eytt`,
    text: `Sæl(l) ${name}.

Verið er að eyða aðganginum þínum hjá ${organisation} og öllu sem við geymum um þig. Þetta er síðasti pósturinn til þín:
við þekkjum netfangið ekki lengur.
`,
  }
}
