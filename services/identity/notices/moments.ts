/** Moments as letters name them: in Reykjavík, where the organisation is. */
export function momentIn(locale: 'is' | 'en', moment: string | Date): string {
  const at = new Date(moment)
  if (Number.isNaN(at.getTime())) return String(moment)
  return new Intl.DateTimeFormat(locale === 'is' ? 'is-IS' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Atlantic/Reykjavik',
  }).format(at)
}
