/** The mails of a forgotten password, in the language of their reader. */
interface Letter {
  readonly name: string
  readonly organisation: string
}
interface LinkLetter extends Letter {
  readonly link: string
  readonly minutes: number
}
interface Mail {
  readonly subject: string
  readonly text: string
}
type Locale = 'is' | 'en'

export function recoveryMail(locale: Locale, { name, organisation, link, minutes }: LinkLetter): Mail {
  if (locale === 'en')
    return {
      subject: `Choose a new password at ${organisation}`,
      text: `Dear ${name},

Somebody asked for a new password for your account at ${organisation}.
If it was you, open this address and choose one:

${link}

It works once, within ${minutes} minutes.
If it was not you, there is nothing you need to do: the password stays as it is.
`,
    }
  return {
    subject: `Veldu nýtt lykilorð hjá ${organisation}`,
    text: `Sæl(l) ${name}.

Beðið var um nýtt lykilorð að aðgangi þínum hjá ${organisation}.
Ef það varst þú skaltu opna slóðina og velja það:

${link}

Slóðin gildir í ${minutes} mínútur og virkar einu sinni.
Ef það varst ekki þú þarftu ekkert að gera: lykilorðið stendur óbreytt.
`,
  }
}

export function changedMail(locale: Locale, { name, organisation, link }: Letter & { link: string }): Mail {
  if (locale === 'en')
    return {
      subject: `Your password at ${organisation} was changed`,
      text: `Dear ${name},

The password of your account at ${organisation} has just been changed, and everybody who was signed in with it is signed out.
If it was you, there is nothing you need to do.

If it was not you, somebody can read your mail. Secure your mailbox first, then choose another password:

${link}
`,
    }
  return {
    subject: `Lykilorði þínu hjá ${organisation} var breytt`,
    text: `Sæl(l) ${name}.

Lykilorðinu að aðgangi þínum hjá ${organisation} var rétt í þessu breytt og allir sem voru innskráðir með því eru skráðir út.
Ef það varst þú þarftu ekkert að gera.

Ef það varst ekki þú getur einhver annar lesið póstinn þinn. Tryggðu pósthólfið fyrst og veldu svo annað lykilorð:

${link}
`,
  }
}
