/** Telephones as networks know them, and addresses as their owners recognise them. */

/**
 * E.164, or null when it cannot be one. Seven digits are a number of Iceland, as people write them here; a country is never guessed
 * for any other length.
 */
export function toE164(text: string | null): string | null {
  const bare = (text ?? '').replaceAll(/[\s-]/g, '').replace(/^00/, '+')
  const whole = /^[4-8]\d{6}$/.test(bare) ? `+354${bare}` : bare
  return /^\+[1-9]\d{6,14}$/.test(whole) ? whole : null
}

/** To its owner whole, parted as people read it where we know how. */
export const showPhone = (phone: string): string => phone.replace(/^(\+354)(\d{3})(\d{4})$/, '$1 $2 $3')

/** The last digits are enough to tell two telephones of one's own apart. */
export const maskPhone = (phone: string): string => `••• ${phone.slice(-3)}`

/** The host is shown whole: it says in which mailbox to look. */
export function maskMail(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, 1)}•••${address.slice(at)}`
}
