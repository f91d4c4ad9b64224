/** The network a request comes from, as limits and records count it. */
import { isIP } from 'node:net'

/** IPv4 as it is, IPv6 by its /64: one household or phone has a whole /64 to choose from. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const groups = expand(address)
  return mappedV4(groups) ?? `${groups.slice(0, 4).join(':')}::/64`
}

/** An IPv4 address in the clothes of IPv6 (RFC 4291, section 2.5.5.2); otherwise all of IPv4 would be one network. */
function mappedV4(groups: readonly string[]): string | null {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return null
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** Its eight groups, in one spelling however it came. */
function expand(address: string): string[] {
  const plain = new URL(`http://[${address.split('%')[0] ?? ''}]`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right].map((part) =>
    part.replace(/^0+(?=.)/, ''),
  )
}
