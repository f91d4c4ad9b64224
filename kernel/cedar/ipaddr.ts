import { IpAddress } from './extension-values.ts'
import { Failure } from './failure.ts'

/** `1.2.3.4`, `::1`, and either with `/prefix`. No IPv4 within IPv6, no zone, no leading zeros in IPv4. */
export function parseIp(text: string): IpAddress | Failure {
  // The longest there is has 39 characters and a prefix.
  if (text.length > 43) return new Failure('error parsing IP address: string length is too large')
  const slash = text.indexOf('/')
  const written = slash < 0 ? text : text.slice(0, slash)
  const isV6 = written.includes(':')
  const address = isV6 ? parseV6(written) : parseV4(written)
  if (address === undefined) return new Failure(`invalid IP address: ${text}`)
  const prefix = slash < 0 ? (isV6 ? 128 : 32) : parsePrefix(text.slice(slash + 1), isV6)
  if (prefix === undefined) return new Failure(`error parsing the prefix of \`${text}\``)
  return new IpAddress(isV6, address, prefix)
}

function parsePrefix(text: string, isV6: boolean): number | undefined {
  const pattern = isV6 ? /^(?:0|[1-9][0-9]{0,2})$/ : /^(?:0|[1-9][0-9]?)$/
  if (!pattern.test(text)) return undefined
  const prefix = Number(text)
  return prefix <= (isV6 ? 128 : 32) ? prefix : undefined
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part))) return undefined
  if (parts.some((part) => Number(part) > 255)) return undefined
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const given = [...(head ?? []), ...(tail ?? [])]
  if (!given.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  // `::` stands for one group of zeros at least.
  if (tail === undefined ? given.length !== 8 : given.length > 7) return undefined
  const zeros = Array<string>(8 - given.length).fill('0')
  return [...(head ?? []), ...zeros, ...(tail ?? [])].reduce(
    (sum, group) => (sum << 16n) | BigInt(`0x${group}`),
    0n,
  )
}

const ranges = {
  loopback: { v4: new IpAddress(false, 0x7f000000n, 8), v6: new IpAddress(true, 1n, 128) },
  multicast: { v4: new IpAddress(false, 0xe0000000n, 4), v6: new IpAddress(true, 0xffn << 120n, 8) },
}

export function isInRange(one: IpAddress, range: IpAddress): boolean {
  return one.isV6 === range.isV6 && range.first <= one.first && one.last <= range.last
}

export function isIn(kind: keyof typeof ranges, one: IpAddress): boolean {
  return isInRange(one, one.isV6 ? ranges[kind].v6 : ranges[kind].v4)
}
