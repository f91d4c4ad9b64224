/** Codes as they are sent, in the language of their reader. */
interface Letter {
  readonly name: string
  readonly organisation: string
  readonly code: string
  readonly minutes: number
}

/** The code stands in the text and not in the subject, which shows on locked screens. */
export function codeMail(
  locale: 'is' | 'en',
  { name, organisation, code, minutes }: Letter,
): { subject: string; text: string } {
  if (locale === 'en')
    return {
      subject: `Your code for ${organisation}`,
      text: `Dear ${name},

The code for your sign-in is:

${code}

It works once, within ${minutes} minutes, and only in the window in which you asked for it.
Tell it to nobody: we never ask for it. If you did not ask for it, somebody knows your password. Choose another one.
`,
    }
  return {
    subject: `Kóðinn þinn hjá ${organisation}`,
    text: `Sæl(l) ${name}.

Kóðinn fyrir innskráninguna þína er:

${code}

Hann gildir í ${minutes} mínútur, virkar einu sinni og aðeins í glugganum þar sem þú baðst um hann.
Segðu engum frá honum: við spyrjum aldrei um hann. Ef þú baðst ekki um hann veit einhver lykilorðið þitt. Veldu þá nýtt.
`,
  }
}

/**
 * The last line binds the code to our origin: a telephone offers it on our pages and on no other's (the format of "origin-bound one-time
 * codes", which browsers read).
 */
export function codeText(
  locale: 'is' | 'en',
  { organisation, code, host }: Pick<Letter, 'organisation' | 'code'> & { readonly host: string },
): string {
  const words =
    locale === 'en'
      ? `${code} is your code for ${organisation}. Tell it to nobody.`
      : `${code} er kóðinn þinn hjá ${organisation}. Segðu engum frá honum.`
  return `${words}\n\n@${host} #${code}`
}
