/**
 * The letter that somebody is asked. It says neither what the application wrote nor what it wants: who reads the mailbox may be another, and
 * words of strangers are no part of a letter of ours.
 */
interface Letter {
  readonly name: string
  readonly organisation: string
  readonly client: string
  readonly link: string
  readonly minutes: number
}

export function askedMail(
  locale: 'is' | 'en',
  { name, organisation, client, link, minutes }: Letter,
): { readonly subject: string; readonly text: string } {
  if (locale === 'en')
    return {
      subject: `A request waits for you · ${organisation}`,
      text: `Dear ${name},

The application ${client} asks you to confirm something.
Whether you do is decided on your own page, within ${minutes} minutes:

${link}

If you are not expecting this, refuse it there or do nothing: then nothing happens.
`,
    }
  return {
    subject: `Beiðni bíður þín · ${organisation}`,
    text: `Sæl(l) ${name}.

Forritið ${client} biður þig að staðfesta nokkuð.
Þú ákveður á þinni eigin síðu hvort þú gerir það, og hefur til þess ${minutes} mínútur:

${link}

Ef þú átt ekki von á þessu skaltu hafna því þar eða gera ekkert: þá gerist ekkert.
`,
  }
}
