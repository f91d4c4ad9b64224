/** The mails of joining, in the language of their reader. */
interface Letter {
  readonly name: string
  readonly organisation: string
  readonly link: string
  readonly hours: number
  readonly reason: string | null
}
interface Mail {
  readonly subject: string
  readonly text: string
}
export type JoiningMail = 'confirm' | 'known' | 'guardian' | 'rejected'

export function joiningMail(locale: 'is' | 'en', kind: JoiningMail, letter: Letter): Mail {
  return (locale === 'is' ? icelandic : english)[kind](letter)
}

const english: Readonly<Record<JoiningMail, (letter: Letter) => Mail>> = {
  // A stranger may have written the name, and anybody may have this mailbox: until the address is proven only our words go there.
  confirm: ({ organisation, link, hours }) => ({
    subject: `Confirm your address at ${organisation}`,
    text: `Somebody asked for an account at ${organisation} with this address.
If it was you, open this address and confirm it:

${link}

It works once, within ${hours} hours.
If it was not you, there is nothing you need to do: without it there will be no account.
`,
  }),
  known: ({ organisation, link }) => ({
    subject: `You have an account at ${organisation} already`,
    text: `Somebody asked for an account at ${organisation} with this address. There is one already.

If it was you, sign in. If you have forgotten your password, choose another one here:

${link}

If it was not you, there is nothing you need to do: nothing has changed.
`,
  }),
  guardian: ({ name, organisation, link, hours }) => ({
    subject: `A guardian’s consent is asked for at ${organisation}`,
    text: `${name}, who is under 18, asks for an account at ${organisation} and has named you as guardian.

Open this address to read what it is about and to agree:

${link}

It works once, within ${hours} hours.
If you do not agree, there is nothing you need to do: without it there will be no account.
`,
  }),
  rejected: ({ name, organisation, reason }) => ({
    subject: `Your application to ${organisation}`,
    text: `Dear ${name},

${organisation} has not accepted your application for an account.
${reason === null ? '' : `\n${reason}\n`}
If you think that this is a mistake, reply to the office. What you told us is removed within 30 days.
`,
  }),
}

const icelandic: Readonly<Record<JoiningMail, (letter: Letter) => Mail>> = {
  confirm: ({ organisation, link, hours }) => ({
    subject: `Staðfestu netfangið þitt hjá ${organisation}`,
    text: `Beðið var um aðgang hjá ${organisation} með þessu netfangi.
Ef það varst þú skaltu opna slóðina og staðfesta það:

${link}

Slóðin gildir í ${hours} klst. og virkar einu sinni.
Ef það varst ekki þú þarftu ekkert að gera: án hennar verður enginn aðgangur til.
`,
  }),
  known: ({ organisation, link }) => ({
    subject: `Þú ert þegar með aðgang hjá ${organisation}`,
    text: `Beðið var um aðgang hjá ${organisation} með þessu netfangi. Hann er þegar til.

Ef það varst þú skaltu skrá þig inn. Ef lykilorðið er gleymt velur þú nýtt hér:

${link}

Ef það varst ekki þú þarftu ekkert að gera: ekkert hefur breyst.
`,
  }),
  guardian: ({ name, organisation, link, hours }) => ({
    subject: `Beðið er um samþykki forsjáraðila hjá ${organisation}`,
    text: `${name}, sem er yngri en 18 ára, biður um aðgang hjá ${organisation} og nefnir þig sem forsjáraðila.

Opnaðu slóðina til að lesa um hvað þetta snýst og samþykkja:

${link}

Slóðin gildir í ${hours} klst. og virkar einu sinni.
Ef þú samþykkir ekki þarftu ekkert að gera: án samþykkis verður enginn aðgangur til.
`,
  }),
  rejected: ({ name, organisation, reason }) => ({
    subject: `Umsókn þín hjá ${organisation}`,
    text: `Sæl(l) ${name}.

${organisation} hefur ekki samþykkt umsókn þína um aðgang.
${reason === null ? '' : `\n${reason}\n`}
Ef þú telur þetta mistök skaltu hafa samband við skrifstofuna. Það sem þú sagðir okkur er fjarlægt innan 30 daga.
`,
  }),
}
