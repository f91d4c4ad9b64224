/** The mail of an activation, in the language of its reader. */
interface Letter {
  readonly name: string
  readonly organisation: string
  readonly link: string
  readonly hours: number
}

export function activationMail(locale: 'is' | 'en', letter: Letter): { subject: string; text: string } {
  return locale === 'is' ? icelandic(letter) : english(letter)
}

function icelandic({ name, organisation, link, hours }: Letter) {
  return {
    subject: `Virkjaðu aðganginn þinn hjá ${organisation}`,
    text: `Sæl(l) ${name}.

Aðgangur hefur verið stofnaður fyrir þig hjá ${organisation}.
Opnaðu slóðina og veldu þér lykilorð:

${link}

Slóðin gildir í ${hours} klst. og virkar einu sinni.
Ef þú áttir ekki von á þessum pósti þarftu ekkert að gera.
`,
  }
}

function english({ name, organisation, link, hours }: Letter) {
  return {
    subject: `Activate your account at ${organisation}`,
    text: `Dear ${name},

An account has been made for you at ${organisation}.
Open this address and choose a password:

${link}

It works once, within ${hours} hours.
If you did not expect this mail, there is nothing you need to do.
`,
  }
}
