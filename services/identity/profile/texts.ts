/** The mails of another address, in the language of their reader. */
interface Letter {
  readonly organisation: string
  readonly link: string
  readonly hours: number
}
interface Mail {
  readonly subject: string
  readonly text: string
}

/** Nobody has proven this mailbox yet, and a name is what its person wrote: only our words go there. */
export function addressMail(locale: 'is' | 'en', { organisation, link, hours }: Letter): Mail {
  if (locale === 'en')
    return {
      subject: `Confirm your new address at ${organisation}`,
      text: `You want to use this address at ${organisation} from now on.
Open this address and confirm it:

${link}

It works once, within ${hours} hours. Until then nothing changes.
If it was not you, there is nothing you need to do.
`,
    }
  return {
    subject: `Staðfestu nýja netfangið þitt hjá ${organisation}`,
    text: `Þú vilt nota þetta netfang hjá ${organisation} héðan í frá.
Opnaðu slóðina og staðfestu það:

${link}

Slóðin gildir í ${hours} klst. og virkar einu sinni. Þangað til breytist ekkert.
Ef það varst ekki þú þarftu ekkert að gera.
`,
  }
}

export function addressChangedMail(
  locale: 'is' | 'en',
  { name, organisation, link }: Omit<Letter, 'hours'> & { readonly name: string },
): Mail {
  if (locale === 'en')
    return {
      subject: `Your address at ${organisation} was changed`,
      text: `Dear ${name},

Your account at ${organisation} has another e-mail address from now on, and nothing more comes to this one.

If it was you, there is nothing you need to do.
If it was not you, contact the office at once:

${link}
`,
    }
  return {
    subject: `Netfanginu þínu hjá ${organisation} var breytt`,
    text: `Sæl(l) ${name}.

Aðgangurinn þinn hjá ${organisation} er með annað netfang héðan í frá og ekkert meira berst á þetta.

Ef það varst þú þarftu ekkert að gera.
Ef það varst ekki þú skaltu hafa samband við skrifstofuna strax:

${link}
`,
  }
}

/** To the number before. No link: a text message with one is what people are told to distrust. */
export const phoneChangedText = (locale: 'is' | 'en', organisation: string): string =>
  locale === 'en'
    ? `${organisation}: your account has another phone number on record from now on. If it was not you, sign in and look, or contact the office.`
    : `${organisation}: aðgangurinn þinn er með annað símanúmer á skrá héðan í frá. Ef það varst ekki þú skaltu skrá þig inn og athuga það, eða hafa samband við skrifstofuna.`
