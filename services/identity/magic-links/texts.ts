/** The mail with a link that signs in, in the language of its reader. */
interface Letter {
  readonly name: string
  readonly organisation: string
  readonly link: string
  readonly minutes: number
}

export function magicLinkMail(
  locale: 'is' | 'en',
  { name, organisation, link, minutes }: Letter,
): { subject: string; text: string } {
  if (locale === 'en')
    return {
      subject: `Sign in at ${organisation}`,
      text: `Dear ${name},

Open this address on the device on which you want to be signed in:

${link}

It works once, within ${minutes} minutes.
If you did not ask for it, there is nothing you need to do. Do not send it on to anybody: it opens your account.
`,
    }
  return {
    subject: `Innskráning hjá ${organisation}`,
    text: `Sæl(l) ${name}.

Opnaðu slóðina í því tæki sem þú vilt skrá þig inn í:

${link}

Slóðin gildir í ${minutes} mínútur og virkar einu sinni.
Ef þú baðst ekki um hana þarftu ekkert að gera. Sendu hana engum: hún opnar aðganginn þinn.
`,
  }
}
