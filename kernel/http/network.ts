/** The network a request comes from, as limits and records count it. */
import { isIP } from 'node:net'

/** IPv4 as it is, IPv6 by its /64: one household or phone has a whole /64 to choose from. */
export function networkOf(address: string): string {
  const plain = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
  if (isIP(plain) !== 6) return plain
  return `${expand(plain).slice(0, 4).join(':')}::/64`
}

function expand(address: string): string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right].map((part) =>
    part.replace(/^0+(?=.)/, ''),
  )
}
